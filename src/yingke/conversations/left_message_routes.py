"""HTTP: messages that visitors left."""

from typing import Any

import asyncpg
from litestar import get, post

from yingke.conversations.leave_message import settle_left_message
from yingke.conversations.left_messages import list_left_messages
from yingke.conversations.list_routes import READ, Limit
from yingke.conversations.message_routes import WRITE
from yingke.conversations.shapes import FaceView, LeftMessageView, Page
from yingke.conversations.visible_shops import visible_shops
from yingke.kit.db import Database
from yingke.kit.ids import read_id, show_id
from yingke.workspaces.caller import Caller

TAGS = ["left messages"]


@get("/v1/left-messages", guards=READ, tags=TAGS)
async def get_left_messages(
    db: Database, caller: Caller, handled: bool | None = None, after: str | None = None, limit: Limit = 50
) -> Page[LeftMessageView]:
    """Newest first; `handled=false` is the list of what is still to do."""
    async with db.transaction(caller.workspace_id) as tx:
        shops = await visible_shops(tx, caller.workspace_id, caller.agent_id, caller.role)
        before = read_id(after) if after else 2**63 - 1
        rows = await list_left_messages(
            tx, caller.workspace_id, handled=handled, shops=shops, before_id=before, limit=limit + 1
        )
    more = show_id(rows[limit - 1]["id"]) if len(rows) > limit else None
    return Page([_shape(row) for row in rows[:limit]], more)


@post("/v1/left-messages/{left_message_id:str}/handling", guards=WRITE, tags=TAGS, status_code=200)
async def post_handling(left_message_id: str, db: Database, caller: Caller) -> LeftMessageView:
    """Somebody has seen to it; the first one stays on record."""
    number = read_id(left_message_id)
    async with db.transaction(caller.workspace_id) as tx:
        shops = await visible_shops(tx, caller.workspace_id, caller.agent_id, caller.role)
        await settle_left_message(tx, caller.workspace_id, number, caller.agent_id, shops)
        rows = await list_left_messages(
            tx, caller.workspace_id, handled=None, shops=shops, before_id=number + 1, limit=1
        )
    return _shape(rows[0])


def _shape(row: asyncpg.Record) -> LeftMessageView:
    values: dict[str, Any] = dict(row)
    work_name = values.pop("work_name")
    handled_by = FaceView(show_id(row["handled_by"]), work_name, None) if row["handled_by"] is not None else None
    values |= {
        "id": show_id(row["id"]),
        "conversation_id": show_id(row["conversation_id"]),
        "handled_by": handled_by,
    }
    return LeftMessageView(**values)


ROUTES = [get_left_messages, post_handling]
