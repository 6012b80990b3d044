"""HTTP: what people promised customers."""

from datetime import UTC, datetime
from typing import Any

import asyncpg
import msgspec
from litestar import Response, get, patch, post
from msgspec import UNSET, UnsetType

from yingke.conversations.acting_agent import acting_agent
from yingke.conversations.announce import announce
from yingke.conversations.follow_ups.follow_up import (
    ENDED,
    LONGEST_NOTE,
    Item,
    change_follow_up,
    get_follow_up,
    open_follow_up,
    write_note,
)
from yingke.conversations.follow_ups.list_follow_ups import (
    Due,
    View,
    Wanted,
    count_follow_ups,
    list_follow_ups,
    list_log,
)
from yingke.conversations.follow_ups.pictures import pictures_of
from yingke.conversations.follow_ups.recognise import Kind, recognise
from yingke.conversations.follow_ups.shapes import (
    FollowUpChange,
    FollowUpCounts,
    FollowUpDetail,
    FollowUpView,
    LeadView,
    LogLine,
    NewFollowUp,
    NewLine,
    ProposalView,
    Sentence,
    Telling,
)
from yingke.conversations.follow_ups.words_for import words_for
from yingke.conversations.guarding.load_words import WordGuards
from yingke.conversations.link_files import link_files
from yingke.conversations.list_routes import READ, Limit
from yingke.conversations.message_routes import WRITE, Key, see
from yingke.conversations.say import LONGEST, Saying, say
from yingke.conversations.shape_message import LinkFile
from yingke.conversations.shapes import Page
from yingke.conversations.visible_shops import visible_shops
from yingke.kit.db import Database, Transaction, after_commit
from yingke.kit.errors import bad_input
from yingke.kit.files import Files
from yingke.kit.idempotency import Sending, run_once
from yingke.kit.ids import read_id, show_id
from yingke.kit.live import Hub
from yingke.kit.secrets import Secrets
from yingke.kit.text import clean_text
from yingke.workspaces.caller import Caller

TAGS = ["follow-ups"]


@get("/v1/follow-ups", guards=READ, tags=TAGS)
async def get_follow_ups(
    db: Database,
    caller: Caller,
    view: View = "all",
    due: Due | None = None,
    ended: bool = False,
    kind: Kind | None = None,
    conversation_id: str | None = None,
    q: str | None = None,
    after: str | None = None,
    limit: Limit = 50,
) -> Page[FollowUpView]:
    """What is to do, the earliest due first; with `ended` what is over, the newest first."""
    now = datetime.now(UTC)
    async with db.transaction(caller.workspace_id) as tx:
        wanted = Wanted(
            view,
            due,
            ended,
            kind,
            read_id(conversation_id) if conversation_id else None,
            clean_text(q or "", 100, field="q").strip(),
            await _shops(tx, caller),
            after,
            limit,
        )
        found = await list_follow_ups(tx, caller.workspace_id, caller.agent_id, wanted, now)
    return Page([_shape(row, now) for row in found.rows], found.next)


@get("/v1/follow-ups/counts", guards=READ, tags=TAGS)
async def get_follow_up_counts(db: Database, caller: Caller) -> FollowUpCounts:
    async with db.transaction(caller.workspace_id) as tx:
        row = await count_follow_ups(
            tx, caller.workspace_id, caller.agent_id, await _shops(tx, caller), datetime.now(UTC)
        )
    return FollowUpCounts(**dict(row))


@post("/v1/follow-ups", guards=WRITE, tags=TAGS)
async def post_follow_up(
    data: NewFollowUp, db: Database, hub: Hub, caller: Caller, idempotency_key: Key = None
) -> Response[FollowUpView]:
    """409 `followed_already` when the message has one."""
    item = Item(
        read_id(data.conversation_id),
        data.kind,
        data.title,
        _id(data.message_id),
        data.order_number,
        _id(data.order_id),
        tuple(read_id(one) for one in data.file_ids),
        _id(data.agent_id) or (None if data.group_id else caller.agent_id),
        _id(data.group_id),
        _aware(data.due_at),
    )

    async def work(tx: Transaction) -> FollowUpView:
        await see(tx, caller, item.conversation_id)
        row = await open_follow_up(tx, caller.workspace_id, item, caller.agent_id)
        after_commit(lambda: hub.ring("events"))
        return await _one(tx, caller, row["id"])

    sending = Sending(caller.workspace_id, caller.owner, idempotency_key, "follow-ups", msgspec.to_builtins(data))
    result = await run_once(db, sending, FollowUpView, work)
    return Response(result.answer, status_code=result.status)


@get("/v1/follow-ups/{follow_up_id:str}", guards=READ, tags=TAGS)
async def get_one_follow_up(
    follow_up_id: str, db: Database, files: Files, secrets: Secrets, caller: Caller
) -> FollowUpDetail:
    async with db.transaction(caller.workspace_id) as tx:
        return await _detail(tx, caller, read_id(follow_up_id), link_files(files, secrets, caller.workspace_id))


@patch("/v1/follow-ups/{follow_up_id:str}", guards=WRITE, tags=TAGS)
async def patch_follow_up(
    follow_up_id: str,
    data: FollowUpChange,
    db: Database,
    hub: Hub,
    files: Files,
    secrets: Secrets,
    caller: Caller,
) -> FollowUpDetail:
    """Only what is named changes. `words` of the answer are what the customer could be told of it."""
    changes: dict[str, Any] = {
        name: getattr(data, name)
        for name in ("state", "title", "kind", "order_number")
        if getattr(data, name) is not UNSET
    }
    if not isinstance(data.due_at, UnsetType):
        changes["due_at"] = _aware(data.due_at)
    for name in ("agent_id", "group_id"):
        value = getattr(data, name)
        if not isinstance(value, UnsetType):
            changes[name] = _id(value)
    if not isinstance(data.file_ids, UnsetType):
        changes["file_ids"] = [read_id(one) for one in data.file_ids]
    async with db.transaction(caller.workspace_id) as tx:
        number = read_id(follow_up_id)
        row = await get_follow_up(tx, caller.workspace_id, number, await _shops(tx, caller), lock=True)
        await change_follow_up(tx, row, changes, caller.agent_id)
        after_commit(lambda: hub.ring("events"))
        return await _detail(tx, caller, number, link_files(files, secrets, caller.workspace_id))


@post("/v1/follow-ups/{follow_up_id:str}/notes", guards=WRITE, tags=TAGS)
async def post_line(
    follow_up_id: str,
    data: NewLine,
    db: Database,
    files: Files,
    secrets: Secrets,
    caller: Caller,
    idempotency_key: Key = None,
) -> Response[FollowUpDetail]:
    number, text = read_id(follow_up_id), clean_text(data.text, LONGEST_NOTE, min_chars=1)

    async def work(tx: Transaction) -> FollowUpDetail:
        row = await get_follow_up(tx, caller.workspace_id, number, await _shops(tx, caller))
        await write_note(tx, row, caller.agent_id, "note", text)
        return await _detail(tx, caller, number, link_files(files, secrets, caller.workspace_id))

    target = f"follow-up notes {number}"
    sending = Sending(caller.workspace_id, caller.owner, idempotency_key, target, msgspec.to_builtins(data))
    result = await run_once(db, sending, FollowUpDetail, work)
    return Response(result.answer, status_code=result.status)


@post("/v1/follow-ups/{follow_up_id:str}/message", guards=WRITE, tags=TAGS, status_code=200)
async def post_telling(
    follow_up_id: str,
    data: Telling,
    db: Database,
    hub: Hub,
    files: Files,
    secrets: Secrets,
    word_guards: WordGuards,
    caller: Caller,
    idempotency_key: Key = None,
) -> FollowUpDetail:
    """Tells the customer, in the conversation, in the words given; everything else as when an agent speaks there."""
    number, agent_id = read_id(follow_up_id), acting_agent(caller, data.agent_id)
    if not idempotency_key or len(idempotency_key) > 180:
        raise bad_input({"Idempotency-Key": "required / 请带上"})
    text = clean_text(data.text, LONGEST, min_chars=1)
    saying = Saying(f"follow-up {idempotency_key}", "text", text, is_confirmed=data.confirmed)
    heard = await word_guards.hear(text)
    async with db.transaction(caller.workspace_id) as tx:
        row = await get_follow_up(tx, caller.workspace_id, number, await _shops(tx, caller))
        guarding = await word_guards.now(tx, caller.workspace_id)
        conversation_id = row["conversation_id"]
        said = await say(tx, caller.workspace_id, conversation_id, agent_id, saying, guarding=guarding, heard=heard)
        link = link_files(files, secrets, caller.workspace_id)
        announce(hub, said.change, link)
        if said.is_new:
            await write_note(tx, row, agent_id, "told", text)
            after_commit(lambda: hub.hint(conversation_id))
        return await _detail(tx, caller, number, link)


@post("/v1/follow-ups/proposal", guards=READ, tags=TAGS, status_code=200)
async def post_proposal(data: Sentence, db: Database, caller: Caller) -> ProposalView:
    """Whether an agent's words promise something, what, and by when. Nothing is kept."""
    text = clean_text(data.text, LONGEST)
    async with db.transaction(caller.workspace_id) as tx:
        zone = await tx.fetchval("select time_zone from workspaces where id = $1", caller.workspace_id)
    found = recognise(text, datetime.now(UTC), zone)
    if found is None:
        return ProposalView(False, "other", "", None)
    return ProposalView(True, found.kind, found.title, found.due_at)


async def _shops(tx: Transaction, caller: Caller) -> list[int] | None:
    return await visible_shops(tx, caller.workspace_id, caller.agent_id, caller.role)


async def _one(tx: Transaction, caller: Caller, number: int) -> FollowUpView:
    row = await get_follow_up(tx, caller.workspace_id, number, await _shops(tx, caller))
    names = await tx.fetchrow(
        "select k.name as contact_name, k.number as contact_number, (select work_name from agents where workspace_id = $1 and id = $3) as work_name"
        " from conversations c join identities i on i.workspace_id = $1 and i.id = c.identity_id"
        " join contacts k on k.workspace_id = $1 and k.id = i.contact_id where c.workspace_id = $1 and c.id = $2",
        caller.workspace_id,
        row["conversation_id"],
        row["agent_id"],
    )
    return _shape(
        {**dict(row), **dict(names or {"contact_name": None, "contact_number": 0, "work_name": None})},
        datetime.now(UTC),
    )


async def _detail(tx: Transaction, caller: Caller, number: int, link: LinkFile) -> FollowUpDetail:
    item = await _one(tx, caller, number)
    lines = [
        LogLine(row["kind"], row["text"], row["data"], row["work_name"], row["created_at"])
        for row in await list_log(tx, caller.workspace_id, number)
    ]
    language = await tx.fetchval("select language from conversations where id = $1", read_id(item.conversation_id))
    pictures = await pictures_of(tx, caller.workspace_id, [read_id(one) for one in item.file_ids], link)
    return FollowUpDetail(item, lines, words_for(item.state, item.kind, item.title, language or "zh-CN"), pictures)


def _shape(row: asyncpg.Record | dict[str, Any], now: datetime) -> FollowUpView:
    is_open = row["state"] not in ENDED
    return FollowUpView(
        show_id(row["id"]),
        show_id(row["conversation_id"]),
        row["contact_name"],
        row["contact_number"],
        _show(row["message_id"]),
        row["kind"],
        row["title"],
        row["order_number"],
        _show(row["order_id"]),
        [show_id(one) for one in row["file_ids"]],
        _show(row["agent_id"]),
        row["work_name"],
        _show(row["group_id"]),
        row["state"],
        row["due_at"],
        bool(is_open and row["due_at"] is not None and row["due_at"] <= now),
        row["created_at"],
        row["updated_at"],
        row["done_at"],
        LeadView(**row["lead"]) if row["lead"] else None,
    )


def _show(number: int | None) -> str | None:
    return show_id(number) if number is not None else None


def _id(text: str | None) -> int | None:
    return read_id(text) if text else None


def _aware(moment: datetime | None) -> datetime | None:
    if moment is not None and moment.tzinfo is None:
        raise bad_input({"due_at": "needs a time zone / 需要带时区"})
    return moment


ROUTES = [
    get_follow_ups,
    get_follow_up_counts,
    post_follow_up,
    get_one_follow_up,
    patch_follow_up,
    post_line,
    post_telling,
    post_proposal,
]
