"""HTTP: the rules of the queue, who would get what now, and who speaks first in a shop."""

from typing import Annotated, Any

import msgspec
from litestar import get, patch, post, put
from msgspec import UNSET, Meta, Struct, UnsetType

from yingke.kit.db import Database, Transaction
from yingke.kit.ids import read_id, show_id
from yingke.kit.text import clean_line
from yingke.routing.group_routes import Intent
from yingke.routing.judge import Facts
from yingke.routing.modes import Mode, load_mode, mode_at, set_mode
from yingke.routing.preview import preview
from yingke.routing.queue_rules import Delivery, Mark, OverflowTo, QueueRules, change_rules, load_rules
from yingke.workspaces.caller import Caller
from yingke.workspaces.check_shop import read_hours
from yingke.workspaces.require import require
from yingke.workspaces.shop_shapes import DayException, DayHours, Hours

READ = [require(role="agent", scope="conversations:read")]
ADMIN = [require(role="admin")]
TAGS = ["routing"]
Few = Annotated[int, Meta(ge=1, le=200)]


class RoutingView(Struct):
    """`delivery` null: not chosen; `pushes` says what holds. Minutes and seconds; amounts in minor units."""

    delivery: Delivery | None
    pushes: bool
    most_open: int
    accept_seconds: int
    marks: list[Mark]
    step_minutes: int
    vip_levels: list[str]
    large_order_minor: int | None
    overflow_minutes: int
    overflow_length: int | None
    overflow_to: OverflowTo
    overflow_group_id: str | None
    unanswered_turns: int


class RoutingChange(Struct):
    delivery: Delivery | UnsetType = UNSET
    most_open: Few | UnsetType = UNSET
    accept_seconds: Annotated[int, Meta(ge=15, le=600)] | UnsetType = UNSET
    marks: Annotated[list[Mark], Meta(max_length=10)] | UnsetType = UNSET
    step_minutes: Annotated[int, Meta(ge=1, le=60)] | UnsetType = UNSET
    vip_levels: Annotated[list[str], Meta(max_length=50)] | UnsetType = UNSET
    large_order_minor: Annotated[int, Meta(ge=1, le=10**12)] | UnsetType | None = UNSET
    overflow_minutes: Annotated[int, Meta(ge=1, le=240)] | UnsetType = UNSET
    overflow_length: Annotated[int, Meta(ge=1, le=1000)] | UnsetType | None = UNSET
    overflow_to: OverflowTo | UnsetType = UNSET
    overflow_group_id: str | UnsetType | None = UNSET
    unanswered_turns: Annotated[int, Meta(ge=0, le=10)] | UnsetType = UNSET


class Case(Struct):
    """A conversation as it might come. `order_minor` in minor units."""

    shop_id: str
    reason: Annotated[str, Meta(max_length=40)] = "asked"
    intent: Intent | None = None
    mood: Annotated[str, Meta(max_length=20)] | None = None
    level: Annotated[str, Meta(max_length=40)] | None = None
    order_minor: Annotated[int, Meta(ge=0, le=10**12)] | None = None


class PreviewView(Struct):
    """`agent_id` null: nobody has room, or nobody is there (`candidates` counts those with room)."""

    group_id: str | None
    group: str | None
    source: str
    marks: list[Mark]
    intent: str | None
    priority: int
    agent_id: str | None
    work_name: str | None
    has: int | None
    most: int | None
    candidates: int
    ahead: int
    pushes: bool


class ModeDay(DayHours):
    mode: Mode = "assistant_first"


class ModeException(DayException):
    mode: Mode | None = None


class ModeHours(Struct, omit_defaults=True):
    """A `to` that is not after its `from` lies on the next day; an exception replaces the hours of its date."""

    days: Annotated[list[ModeDay], Meta(max_length=140)] = []
    exceptions: Annotated[list[ModeException], Meta(max_length=400)] = []


class ShopModeBody(Struct):
    usual: Mode
    hours: ModeHours = msgspec.field(default_factory=ModeHours)


class ShopModeView(ShopModeBody, kw_only=True):
    """`now`: the mode at this moment, by the shop's clock."""

    shop_id: str
    time_zone: str
    now: Mode


@get("/v1/routing-settings", guards=READ, tags=TAGS)
async def get_routing_settings(db: Database, caller: Caller) -> RoutingView:
    async with db.transaction(caller.workspace_id) as tx:
        return _view(await load_rules(tx, caller.workspace_id))


@patch("/v1/routing-settings", guards=ADMIN, tags=TAGS)
async def patch_routing_settings(data: RoutingChange, db: Database, caller: Caller) -> RoutingView:
    """What is given changes; who waits is judged anew."""
    values: dict[str, Any] = {
        name: getattr(data, name) for name in data.__struct_fields__ if getattr(data, name) is not UNSET
    }
    if values.get("overflow_group_id") is not None:
        values["overflow_group_id"] = read_id(values["overflow_group_id"])
    if "vip_levels" in values:
        values["vip_levels"] = [clean_line(one, 40, field="vip_levels", min_chars=1) for one in values["vip_levels"]]
    async with db.transaction(caller.workspace_id) as tx:
        await change_rules(tx, caller, values)
        return _view(await load_rules(tx, caller.workspace_id))


@post("/v1/routing-settings/preview", guards=READ, tags=TAGS, status_code=200)
async def post_preview(data: Case, db: Database, caller: Caller) -> PreviewView:
    """Who would get this conversation now, by the rules and the people of this moment. Changes nothing."""
    facts = Facts(read_id(data.shop_id), data.reason, data.intent, data.mood, data.level, data.order_minor)
    async with db.transaction(caller.workspace_id) as tx:
        found = await preview(tx, caller.workspace_id, facts)
    group, hand = found.judged.group, found.choice.hand
    return PreviewView(
        show_id(group.id) if group is not None else None,
        group.name if group is not None else None,
        found.choice.source,
        list(found.judged.marks),
        found.judged.intent,
        found.judged.priority,
        show_id(hand.agent_id) if hand is not None else None,
        hand.work_name if hand is not None else None,
        hand.has if hand is not None else None,
        hand.most if hand is not None else None,
        found.choice.candidates,
        found.ahead,
        found.rules.pushes,
    )


@get("/v1/shops/{id:str}/mode", guards=READ, tags=TAGS)
async def get_shop_mode(id: str, db: Database, caller: Caller) -> ShopModeView:
    async with db.transaction(caller.workspace_id) as tx:
        return await _mode(tx, caller, read_id(id))


@put("/v1/shops/{id:str}/mode", guards=ADMIN, tags=TAGS)
async def put_shop_mode(id: str, data: ShopModeBody, db: Database, caller: Caller) -> ShopModeView:
    """Who speaks first, usually and by the hours of the week. Holds within five seconds."""
    read_hours(Hours(days=list(data.hours.days), exceptions=list(data.hours.exceptions)))
    async with db.transaction(caller.workspace_id) as tx:
        await set_mode(tx, caller, read_id(id), data.usual, msgspec.to_builtins(data.hours))
        return await _mode(tx, caller, read_id(id))


async def _mode(tx: Transaction, caller: Caller, shop_id: int) -> ShopModeView:
    found = await load_mode(tx, caller.workspace_id, shop_id)
    now = mode_at(found, await tx.fetchval("select now()"))
    hours = msgspec.convert(found.hours, ModeHours)
    return ShopModeView(found.usual, hours, shop_id=show_id(shop_id), time_zone=found.time_zone, now=now)


def _view(rules: QueueRules) -> RoutingView:
    return RoutingView(
        rules.delivery,
        rules.pushes,
        rules.most_open,
        rules.accept_seconds,
        list(rules.marks),
        rules.step_minutes,
        list(rules.vip_levels),
        rules.large_order_minor,
        rules.overflow_minutes,
        rules.overflow_length,
        rules.overflow_to,
        show_id(rules.overflow_group_id) if rules.overflow_group_id is not None else None,
        rules.unanswered_turns,
    )


ROUTES = [get_routing_settings, patch_routing_settings, post_preview, get_shop_mode, put_shop_mode]
