"""HTTP: what the AI resolved by itself, with its definition and the conversations behind each number."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from litestar import get
from litestar.params import Parameter
from msgspec import Struct

from yingke.conversations.list_routes import READ, Limit
from yingke.conversations.shapes import ConversationView, Page
from yingke.conversations.visible_shops import visible_shops
from yingke.insights.page_behind import before_of, page_behind
from yingke.insights.resolution import DEFINITIONS, KEYS, Counted, Days, Key, count_resolution, list_resolved
from yingke.kit.db import Database, Transaction
from yingke.kit.errors import bad_input
from yingke.kit.files import Files
from yingke.kit.ids import read_id, show_id
from yingke.kit.secrets import Secrets
from yingke.workspaces.caller import Caller

TAGS = ["resolution"]
DAYS = 30
MOST_DAYS = 366
From = Annotated[date | None, Parameter(query="from")]


class FateView(Struct):
    """`share` 0..1 of all conversations that are over; null for `open` and where nothing is over."""

    key: Key
    count: int
    share: float | None
    definition_zh: str
    definition_en: str


class SharesView(Struct):
    """`confirmed` and `assumed`: shares 0..1 of `total`, null without any."""

    total: int
    confirmed: float | None
    assumed: float | None


class ShopShares(Struct):
    shop_id: str
    name: str
    shares: SharesView


class DayShares(Struct):
    day: date
    shares: SharesView


class ResolutionView(Struct):
    """`total`: conversations that are over; shares are taken of it."""

    start: date
    end: date
    total: int
    fates: list[FateView]
    by_shop: list[ShopShares]
    by_day: list[DayShares]


async def days_of(tx: Transaction, caller: Caller, start: date | None, end: date | None, shop_id: str | None) -> Days:
    """Days of the workspace's time zone, both included; the last 30 where none are named. Raises 400."""
    row = await tx.fetchrow("select time_zone, now() as now from workspaces where id = $1", caller.workspace_id)
    zone = ZoneInfo(row["time_zone"])
    last = end or row["now"].astimezone(zone).date()
    first = start or last - timedelta(days=DAYS - 1)
    if first > last or (last - first).days >= MOST_DAYS:
        raise bad_input({"from": f"1–{MOST_DAYS} days up to `to` / 应早于结束日期，最长 {MOST_DAYS} 天"})
    shops = await visible_shops(tx, caller.workspace_id, caller.agent_id, caller.role)
    begin, beyond = (datetime.combine(day, time(), zone).astimezone(UTC) for day in (first, last + timedelta(days=1)))
    return Days(begin, beyond, row["time_zone"], read_id(shop_id) if shop_id else None, shops)


@get("/v1/resolution", guards=READ, tags=TAGS)
async def get_resolution(
    db: Database, caller: Caller, start: From = None, to: date | None = None, shop_id: str | None = None
) -> ResolutionView:
    """Days of the workspace's time zone, both included; without them the last 30."""
    async with db.transaction(caller.workspace_id) as tx:
        days = await days_of(tx, caller, start, to, shop_id)
        found = await count_resolution(tx, caller.workspace_id, days)
    zone = ZoneInfo(days.zone)
    return ResolutionView(
        days.start.astimezone(zone).date(),
        (days.end - timedelta(seconds=1)).astimezone(zone).date(),
        found.whole.total,
        [
            FateView(
                key,
                found.whole.counts[key],
                None if key == "open" else found.whole.share(key),
                *DEFINITIONS[key],
            )
            for key in KEYS
        ],
        [ShopShares(show_id(id), name, _shares(counted)) for id, name, counted in found.by_shop],
        [DayShares(day, _shares(counted)) for day, counted in found.by_day],
    )


def _shares(counted: Counted) -> SharesView:
    return SharesView(counted.total, counted.share("confirmed"), counted.share("assumed"))


@get("/v1/resolution/conversations", guards=READ, tags=TAGS)
async def get_resolved(
    key: Key,
    db: Database,
    files: Files,
    secrets: Secrets,
    caller: Caller,
    start: From = None,
    to: date | None = None,
    shop_id: str | None = None,
    after: str | None = None,
    limit: Limit = 50,
) -> Page[ConversationView]:
    """The conversations behind a number, newest first."""
    async with db.transaction(caller.workspace_id) as tx:
        days = await days_of(tx, caller, start, to, shop_id)
        found = await list_resolved(tx, caller.workspace_id, days, key, before_of(after), limit + 1)
        return await page_behind(tx, files, secrets, caller, found, limit)


ROUTES = [get_resolution, get_resolved]
