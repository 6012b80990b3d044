"""HTTP: the day in numbers."""

from datetime import date

from litestar import get
from msgspec import Struct

from yingke.conversations.list_routes import READ, Limit
from yingke.conversations.shapes import ConversationView
from yingke.conversations.visible_shops import visible_shops
from yingke.insights import resolution_routes, teamwork_routes
from yingke.insights.page_behind import page_behind
from yingke.insights.today import TILES, Day, count_day, find_day, list_behind
from yingke.kit.db import Database, Transaction
from yingke.kit.files import Files
from yingke.kit.ids import read_id, show_id
from yingke.kit.secrets import Secrets
from yingke.workspaces.caller import Caller

TAGS = ["today"]


class TileView(Struct):
    """`unit`: count, seconds or share (0 to 1); `value` is null where there is nothing to measure."""

    key: str
    value: float | None
    unit: str
    definition_zh: str
    definition_en: str


class TodayView(Struct):
    day: date
    is_demo: bool
    tiles: list[TileView]


class BehindView(Struct):
    """A page. `reply_seconds`: conversation id → seconds to its first reply, of those that had one."""

    items: list[ConversationView]
    next: str | None
    reply_seconds: dict[str, float]


async def _day(tx: Transaction, caller: Caller, day: date | None, shop_id: str | None) -> Day:
    shops = await visible_shops(tx, caller.workspace_id, caller.agent_id, caller.role)
    return await find_day(tx, caller.workspace_id, day, read_id(shop_id) if shop_id else None, shops)


@get("/v1/today", guards=READ, tags=TAGS)
async def get_today(db: Database, caller: Caller, day: date | None = None, shop_id: str | None = None) -> TodayView:
    """A day of the workspace's time zone; without `day` today."""
    async with db.transaction(caller.workspace_id) as tx:
        wanted = await _day(tx, caller, day, shop_id)
        values = await count_day(tx, caller.workspace_id, wanted)
    tiles = [TileView(tile.key, values[tile.key], tile.unit, tile.definition_zh, tile.definition_en) for tile in TILES]
    return TodayView(wanted.day, wanted.is_demo, tiles)


@get("/v1/today/conversations", guards=READ, tags=TAGS)
async def get_behind(
    key: str,
    db: Database,
    files: Files,
    secrets: Secrets,
    caller: Caller,
    day: date | None = None,
    shop_id: str | None = None,
    after: str | None = None,
    limit: Limit = 50,
) -> BehindView:
    """The conversations behind a number: of a time the slowest first, of everything else the newest."""
    async with db.transaction(caller.workspace_id) as tx:
        wanted = await _day(tx, caller, day, shop_id)
        found = await list_behind(tx, caller.workspace_id, wanted, key, read_id(after) if after else None, limit + 1)
        page = await page_behind(tx, files, secrets, caller, [one.id for one in found], limit)
    seconds = {show_id(one.id): one.reply_seconds for one in found[:limit] if one.reply_seconds is not None}
    return BehindView(page.items, page.next, seconds)


ROUTES = [get_today, get_behind, *resolution_routes.ROUTES, *teamwork_routes.ROUTES]
