"""HTTP: saved replies."""

from typing import Any

import asyncpg
import msgspec
from litestar import Response, delete, get, patch, post
from msgspec import Struct

from yingke.conversations.guarding.check_saved import check_one_saved
from yingke.conversations.guarding.load_words import WordGuards
from yingke.conversations.guarding.shapes import CheckedView
from yingke.conversations.list_routes import READ
from yingke.conversations.message_routes import WRITE, Key
from yingke.conversations.saved_replies import Words, change_reply, drop_reply, list_saved_replies, save_reply
from yingke.conversations.shapes import Page, SavedReplyView
from yingke.kit.db import Database, Transaction
from yingke.kit.idempotency import Sending, run_once
from yingke.kit.ids import read_id, show_id
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller

TAGS = ["saved replies"]


class NewReply(Struct):
    title: str
    text: str
    folder: str = ""
    is_shared: bool = False


class ReplyChange(Struct):
    title: str | None = None
    text: str | None = None
    folder: str | None = None
    is_shared: bool | None = None


@get("/v1/saved-replies", guards=READ, tags=TAGS)
async def get_saved_replies(db: Database, caller: Caller) -> Page[SavedReplyView]:
    """Own and shared ones, by folder and title."""
    async with db.transaction(caller.workspace_id) as tx:
        rows = await list_saved_replies(tx, caller)
    return Page([_shape(row, row["verdict"]) for row in rows], None)


@post("/v1/saved-replies", guards=WRITE, tags=TAGS)
async def post_saved_reply(
    data: NewReply, db: Database, word_guards: WordGuards, caller: Caller, idempotency_key: Key = None
) -> Response[SavedReplyView]:
    """Shared ones are written by owners and admins. `verdict` says which words may not be said."""

    heard = await word_guards.hear(data.text)

    async def work(tx: Transaction) -> SavedReplyView:
        row = await save_reply(tx, caller, Words(data.folder, data.title, data.text, data.is_shared))
        await _audit_shared(tx, caller, row, "saved_reply.created")
        return _shape(row, await check_one_saved(tx, word_guards, caller.workspace_id, row["id"], row["text"], heard))

    sending = Sending(caller.workspace_id, caller.owner, idempotency_key, "saved replies", msgspec.to_builtins(data))
    result = await run_once(db, sending, SavedReplyView, work)
    return Response(result.answer, status_code=result.status)


@patch("/v1/saved-replies/{reply_id:str}", guards=WRITE, tags=TAGS)
async def patch_saved_reply(
    reply_id: str, data: ReplyChange, db: Database, word_guards: WordGuards, caller: Caller
) -> SavedReplyView:
    words = Words(data.folder, data.title, data.text, data.is_shared)
    heard = await word_guards.hear(data.text or "")
    async with db.transaction(caller.workspace_id) as tx:
        row = await change_reply(tx, caller, read_id(reply_id), words)
        await _audit_shared(tx, caller, row, "saved_reply.changed")
        verdict = row["verdict"]
        if data.text is not None:
            verdict = await check_one_saved(tx, word_guards, caller.workspace_id, row["id"], row["text"], heard)
    return _shape(row, verdict)


@delete("/v1/saved-replies/{reply_id:str}", guards=WRITE, tags=TAGS)
async def delete_saved_reply(reply_id: str, db: Database, caller: Caller) -> None:
    async with db.transaction(caller.workspace_id) as tx:
        await drop_reply(tx, caller, read_id(reply_id))


async def _audit_shared(tx: Transaction, caller: Caller, row: asyncpg.Record, action: str) -> None:
    if row["agent_id"] is None:
        await record_audit(tx, caller, action, f"saved_reply:{row['id']}")


def _shape(row: asyncpg.Record, verdict: dict[str, Any] | None) -> SavedReplyView:
    values: dict[str, Any] = {**dict(row), "id": show_id(row["id"]), "is_shared": row["agent_id"] is None}
    values["verdict"] = msgspec.convert(verdict, CheckedView) if verdict is not None else None
    del values["agent_id"]
    return SavedReplyView(**values)


ROUTES = [get_saved_replies, post_saved_reply, patch_saved_reply, delete_saved_reply]
