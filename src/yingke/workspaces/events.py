"""The log of everything that happened, for programs that reconcile; read by cursor, nothing skipped."""

from typing import Any

from yingke.kit.db import Transaction
from yingke.kit.errors import Problem
from yingke.kit.events import Cursor, read_cursor
from yingke.kit.ids import show_id
from yingke.workspaces.shapes import EventView, Page

BELOW_RUNNING = "tx < pg_snapshot_xmin(pg_current_snapshot())"
"""Rows of transactions that can no longer be joined by an earlier one."""


async def list_events(tx: Transaction, workspace_id: int, after: str | None, limit: int) -> Page[EventView]:
    """Oldest first, behind the cursor `after` (from the beginning without one).

    `next` always continues behind what was given, so a program may keep asking. Raises 400 for what is no cursor,
    410 `cursor_expired` for one of another database, as after a restore.
    """
    start = Cursor(0, 0) if after is None else read_cursor(after)
    if start.tx >= int(await tx.fetchval("select pg_snapshot_xmax(pg_current_snapshot())::text")):
        raise Problem(
            410,
            "cursor_expired",
            "这个游标来自恢复之前的数据库：请不带 after 重新开始。",
            "This cursor is from before a restore. Begin again without after.",
        )
    rows = await fetch_events(tx, workspace_id, start, limit)
    items = [_view(row) for row in rows]
    return Page(items, items[-1].cursor if items else start.show())


async def fetch_events(tx: Transaction, workspace_id: int, start: Cursor, limit: int) -> list[Any]:
    """Rows of `events` behind `start`: tx (text), id, type, conversation_id, seq, data, created_at."""
    rows = await tx.fetch(
        "select tx::text as tx, id, type, conversation_id, seq, data, created_at from events"
        f" where workspace_id = $1 and (tx, id) > ($2::text::xid8, $3) and {BELOW_RUNNING}"
        " order by events.tx, events.id limit $4",
        workspace_id,
        str(start.tx),
        start.id,
        limit,
    )
    return list(rows)


def _view(row: Any) -> EventView:
    return EventView(
        cursor=Cursor(int(row["tx"]), row["id"]).show(),
        event=row["type"],
        created_at=row["created_at"],
        conversation_id=None if row["conversation_id"] is None else show_id(row["conversation_id"]),
        seq=row["seq"],
        data=row["data"],
    )
