"""HTTP: how the AI and people share the work, with the conversations behind each number."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from litestar import get
from msgspec import Struct

from yingke.conversations.list_routes import READ, Limit
from yingke.conversations.shapes import ConversationView, Page
from yingke.insights.agent_hours import DEFINITION, ENOUGH_HOURS, ENOUGH_TALKS, Compared, Pace, compare_agent_hours
from yingke.insights.page_behind import before_of, page_behind
from yingke.insights.resolution_routes import From, days_of
from yingke.insights.teamwork import FIGURES, Counted, Sales, Teamwork, count_teamwork, list_of_teamwork
from yingke.kit.db import Database
from yingke.kit.files import Files
from yingke.kit.ids import show_id
from yingke.kit.secrets import Secrets
from yingke.workspaces.caller import Caller

TAGS = ["teamwork"]


class FigureView(Struct):
    """`share` 0..1 = `count` of `of`; null where no share is meant or there is nothing to take it of."""

    key: str
    count: int
    of: int | None
    share: float | None
    definition_zh: str
    definition_en: str


class ReasonView(Struct):
    """Why people were needed: `reason` as conversations carry it, `taken_over` where an agent came unasked. `key` lists."""

    key: str
    reason: str
    count: int
    share: float | None


class PaceView(Struct):
    """`per_hour` null: too little to tell."""

    conversations: int
    by_people: int
    agent_hours: int
    per_hour: float | None


class ComparedView(Struct):
    """Imported chats against the days asked for. `times` null: too little on one side to tell."""

    before: PaceView
    now: PaceView
    times: float | None
    enough_hours: int
    enough_conversations: int
    definition_zh: str
    definition_en: str


class SalesView(Struct):
    """Orders paid after a conversation. `agent` null: no person took part. `minor` in minor units of `currency`."""

    agent_id: str | None
    agent: str | None
    shop_id: str
    currency: str
    orders: int
    minor: int


class CountView(Struct):
    key: str
    count: int
    share: float | None


class ShopWork(Struct):
    shop_id: str
    name: str
    figures: list[CountView]


class DayWork(Struct):
    day: date
    figures: list[CountView]


class TeamworkView(Struct):
    """`total`: conversations that are over. `is_demo`: of invented conversations."""

    start: date
    end: date
    is_demo: bool
    total: int
    figures: list[FigureView]
    reasons: list[ReasonView]
    agent_hours: ComparedView
    sales: list[SalesView]
    by_shop: list[ShopWork]
    by_day: list[DayWork]


@get("/v1/teamwork", guards=READ, tags=TAGS)
async def get_teamwork(
    db: Database, caller: Caller, start: From = None, to: date | None = None, shop_id: str | None = None
) -> TeamworkView:
    """Days of the workspace's time zone, both included; without them the last 30."""
    async with db.transaction(caller.workspace_id) as tx:
        days = await days_of(tx, caller, start, to, shop_id)
        found = await count_teamwork(tx, caller.workspace_id, days)
        compared = await compare_agent_hours(tx, caller.workspace_id, days)
        is_demo = await tx.fetchval("select is_demo from workspaces where id = $1", caller.workspace_id)
    zone = ZoneInfo(days.zone)
    first, last = days.start.astimezone(zone).date(), (days.end - timedelta(seconds=1)).astimezone(zone).date()
    return _view(found, compared, first, last, is_demo)


def _view(found: Teamwork, compared: Compared, first: date, last: date, is_demo: bool) -> TeamworkView:
    return TeamworkView(
        first,
        last,
        is_demo,
        found.total,
        [
            FigureView(one.key, one.count, one.of, one.share, figure.definition_zh, figure.definition_en)
            for one, figure in zip(found.figures, FIGURES, strict=True)
        ],
        [ReasonView(one.key, one.key.partition(":")[2], one.count, one.share) for one in found.reasons],
        ComparedView(
            _pace(compared.before), _pace(compared.now), compared.times, ENOUGH_HOURS, ENOUGH_TALKS, *DEFINITION
        ),
        [_sales(one) for one in found.sales],
        [ShopWork(show_id(id), name, _counts(counted)) for id, name, counted in found.by_shop],
        [DayWork(day, _counts(counted)) for day, counted in found.by_day],
    )


def _counts(counted: tuple[Counted, ...]) -> list[CountView]:
    return [CountView(one.key, one.count, one.share) for one in counted]


def _pace(pace: Pace) -> PaceView:
    return PaceView(pace.conversations, pace.by_people, pace.hours, pace.per_hour)


def _sales(one: Sales) -> SalesView:
    agent_id = show_id(one.agent_id) if one.agent_id is not None else None
    return SalesView(agent_id, one.agent, show_id(one.shop_id), one.currency, one.orders, one.minor)


@get("/v1/teamwork/conversations", guards=READ, tags=TAGS)
async def get_behind_teamwork(
    key: str,
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
    """The conversations behind a number (`key` of a figure or of a reason), newest first."""
    async with db.transaction(caller.workspace_id) as tx:
        days = await days_of(tx, caller, start, to, shop_id)
        found = await list_of_teamwork(tx, caller.workspace_id, days, key, before_of(after), limit + 1)
        return await page_behind(tx, files, secrets, caller, found, limit)


ROUTES = [get_teamwork, get_behind_teamwork]
