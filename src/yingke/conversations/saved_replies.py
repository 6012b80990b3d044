"""Texts that agents use again: their own, and those of the team, which owners and admins keep."""

from dataclasses import dataclass

import asyncpg

from yingke.conversations.initials import initials
from yingke.kit.db import Transaction
from yingke.kit.errors import forbidden, not_found
from yingke.kit.text import clean_line, clean_text
from yingke.workspaces.caller import Caller

_COLUMNS = "id, agent_id, folder, title, text, initials, updated_at, verdict"


@dataclass(frozen=True)
class Words:
    """What a saved reply consists of. None = leave as it is."""

    folder: str | None = None
    title: str | None = None
    text: str | None = None
    is_shared: bool | None = None


async def list_saved_replies(tx: Transaction, caller: Caller) -> list[asyncpg.Record]:
    """Own and shared ones, by folder and title; a program sees the shared ones."""
    return list(
        await tx.fetch(
            f"select {_COLUMNS} from saved_replies where workspace_id = $1 and (agent_id is null or agent_id = $2)"
            " order by folder, title, id limit 2000",
            caller.workspace_id,
            caller.agent_id,
        )
    )


async def save_reply(tx: Transaction, caller: Caller, words: Words) -> asyncpg.Record:
    """Raises 400 for empty or overlong parts, 403 when an agent would write for the team."""
    shared = bool(words.is_shared) or caller.agent_id is None
    _check_right(caller, shared)
    title = clean_line(words.title or "", 80, field="title", min_chars=1)
    row = await tx.fetchrow(
        "insert into saved_replies (workspace_id, agent_id, folder, title, text, initials)"
        f" values ($1, $2, $3, $4, $5, $6) returning {_COLUMNS}",
        caller.workspace_id,
        None if shared else caller.agent_id,
        clean_line(words.folder or "", 40, field="folder"),
        title,
        clean_text(words.text or "", 4000, min_chars=1),
        initials(title),
    )
    assert row is not None
    return row


async def change_reply(tx: Transaction, caller: Caller, reply_id: int, words: Words) -> asyncpg.Record:
    """Raises 404 for another agent's, 403 for a shared one that the caller may not change."""
    old = await _get_own(tx, caller, reply_id)
    shared = old["agent_id"] is None if words.is_shared is None else words.is_shared
    _check_right(caller, shared)
    title = old["title"] if words.title is None else clean_line(words.title, 80, field="title", min_chars=1)
    row = await tx.fetchrow(
        "update saved_replies set agent_id = $3, folder = $4, title = $5, text = $6, initials = $7, updated_at = now()"
        f" where workspace_id = $1 and id = $2 returning {_COLUMNS}",
        caller.workspace_id,
        reply_id,
        None if shared else caller.agent_id,
        old["folder"] if words.folder is None else clean_line(words.folder, 40, field="folder"),
        title,
        old["text"] if words.text is None else clean_text(words.text, 4000, min_chars=1),
        initials(title),
    )
    assert row is not None
    return row


async def drop_reply(tx: Transaction, caller: Caller, reply_id: int) -> None:
    """Raises 404 and 403 like `change_reply`."""
    await _get_own(tx, caller, reply_id)
    await tx.execute("delete from saved_replies where workspace_id = $1 and id = $2", caller.workspace_id, reply_id)


async def _get_own(tx: Transaction, caller: Caller, reply_id: int) -> asyncpg.Record:
    row = await tx.fetchrow(
        f"select {_COLUMNS} from saved_replies where workspace_id = $1 and id = $2"
        " and (agent_id is null or agent_id = $3) for update",
        caller.workspace_id,
        reply_id,
        caller.agent_id,
    )
    if row is None:
        raise not_found()
    _check_right(caller, row["agent_id"] is None)
    return row


def _check_right(caller: Caller, is_shared: bool) -> None:
    if is_shared and caller.role == "agent":
        raise forbidden()
