"""What was said in one conversation, page by page, and what agents noted beside it."""

from dataclasses import dataclass

import asyncpg

from yingke.conversations.shape_message import COLUMNS
from yingke.kit.db import Transaction

_SELECT = (
    f"select {COLUMNS}, f.verdict as feedback from messages m"
    " left join message_feedback f on f.workspace_id = m.workspace_id and f.message_id = m.id"
    " where m.workspace_id = $1 and m.conversation_id = $2"
)


@dataclass(frozen=True)
class History:
    """Ascending by seq. `has_more`: further messages on the side that was asked for (older, or newer with `after`)."""

    rows: list[asyncpg.Record]
    has_more: bool


async def list_messages(
    tx: Transaction,
    workspace_id: int,
    conversation_id: int,
    *,
    before_seq: int | None = None,
    after_seq: int | None = None,
    limit: int = 50,
) -> History:
    """The newest `limit` messages, or those before or after a seq. The caller has checked who may read this."""
    if after_seq is not None:
        rows = await tx.fetch(
            f"{_SELECT} and m.seq > $3 order by m.seq limit $4", workspace_id, conversation_id, after_seq, limit + 1
        )
        return History(rows[:limit], len(rows) > limit)
    rows = await tx.fetch(
        f"{_SELECT} and m.seq < $3 order by m.seq desc limit $4",
        workspace_id,
        conversation_id,
        before_seq if before_seq is not None else 2**31 - 1,
        limit + 1,
    )
    return History(rows[:limit][::-1], len(rows) > limit)


async def get_message(tx: Transaction, workspace_id: int, conversation_id: int, seq: int) -> asyncpg.Record:
    row = await tx.fetchrow(f"{_SELECT} and m.seq = $3", workspace_id, conversation_id, seq)
    assert row is not None
    return row


async def list_notes(tx: Transaction, workspace_id: int, conversation_id: int) -> list[asyncpg.Record]:
    """All notes, oldest first. For agents only: no route of a visitor calls this."""
    return list(
        await tx.fetch(
            "select n.id, n.agent_id, a.work_name, n.after_seq, n.text, n.created_at from notes n"
            " join agents a on a.workspace_id = n.workspace_id and a.id = n.agent_id"
            " where n.workspace_id = $1 and n.conversation_id = $2 order by n.id",
            workspace_id,
            conversation_id,
        )
    )
