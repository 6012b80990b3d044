"""Who speaks first in a shop: the assistant, a person, only the assistant, or the assistant behind a person; by the hour."""

import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from yingke.kit.db import Database, Transaction
from yingke.kit.errors import Problem, not_found
from yingke.kit.look_once import LookOnce
from yingke.routing.staffing import Staffing, staffing
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller
from yingke.workspaces.hours import opening

Mode = Literal["assistant_first", "person_first", "assistant_only", "assistant_suggests"]
MODES: tuple[Mode, ...] = ("assistant_first", "person_first", "assistant_only", "assistant_suggests")
KEEP_SECONDS = 5.0
MOST_SHOPS = 10_000


@dataclass(frozen=True)
class ShopMode:
    """`hours` = {days: [{day, from, to, mode}], exceptions: [{date, from?, to?, mode?, note?}]}; `usual` outside them."""

    usual: Mode
    hours: Mapping[str, Any]
    time_zone: str


@dataclass(frozen=True)
class Reception:
    """How a shop receives right now."""

    mode: Mode
    staffing: Staffing
    time_zone: str = "UTC"


def mode_at(shop: ShopMode, now: datetime) -> Mode:
    """The mode of the span that `now` (aware) lies in. Nights, holidays and clock changes as in a shop's hours."""
    for mode in MODES:
        spans = _only(shop.hours, mode)
        if spans is not None and opening(spans, shop.time_zone, now).is_open:
            return mode
    return shop.usual


def _only(hours: Mapping[str, Any], mode: Mode) -> dict[str, Any] | None:
    """The hours of one mode. A date with an exception has no usual hours, whatever the mode of the exception."""
    days = [day for day in hours.get("days") or () if day["mode"] == mode]
    dates = hours.get("exceptions") or ()
    special = [one for one in dates if one.get("mode") == mode and one.get("from") and one.get("to")]
    if not days and not special:
        return None
    closed = [{"date": one["date"]} for one in dates if one not in special]
    never = [{"day": 1, "from": "", "to": ""}]
    return {"days": days or never, "exceptions": [*special, *closed]}


async def load_mode(tx: Transaction, workspace_id: int, shop_id: int) -> ShopMode:
    """Raises 404."""
    row = await tx.fetchrow(
        "select coalesce(m.usual, 'assistant_first') as usual, coalesce(m.hours, '{}') as hours,"
        " coalesce(s.hours->>'time_zone', w.time_zone) as time_zone from shops s join workspaces w on w.id = s.workspace_id"
        " left join shop_modes m on m.workspace_id = s.workspace_id and m.shop_id = s.id"
        " where s.workspace_id = $1 and s.id = $2",
        workspace_id,
        shop_id,
    )
    if row is None:
        raise not_found()
    return ShopMode(row["usual"], row["hours"], row["time_zone"])


async def set_mode(tx: Transaction, caller: Caller, shop_id: int, usual: Mode, hours: dict[str, Any]) -> None:
    """Holds within five seconds in every process. Raises 404."""
    await load_mode(tx, caller.workspace_id, shop_id)
    await tx.execute(
        "insert into shop_modes (workspace_id, shop_id, usual, hours) values ($1, $2, $3, $4)"
        " on conflict (workspace_id, shop_id) do update set usual = excluded.usual, hours = excluded.hours,"
        " updated_at = now()",
        caller.workspace_id,
        shop_id,
        usual,
        hours,
    )
    await record_audit(tx, caller, "shop_mode.changed", f"shop:{shop_id}", {"usual": usual})


class Receptions:
    """How each shop receives, looked up at most every 5 s; never once a turn."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: OrderedDict[int, tuple[float, Reception]] = OrderedDict()
        self._once: LookOnce[int, Reception] = LookOnce()

    async def of(self, workspace_id: int, shop_id: int) -> Reception:
        """What was known goes on while the database is away; the assistant speaks first where nothing is known."""
        known = self._known.get(shop_id)
        if known is not None and time.monotonic() < known[0]:
            return known[1]
        return await self._once.of(shop_id, lambda: self._look(workspace_id, shop_id))

    async def _look(self, workspace_id: int, shop_id: int) -> Reception:
        known, now = self._known.get(shop_id), time.monotonic()
        try:
            async with self._db.transaction(workspace_id) as tx:
                mode = await load_mode(tx, workspace_id, shop_id)
                at = await tx.fetchval("select now()")
                found = Reception(mode_at(mode, at), await staffing(tx, workspace_id, shop_id), mode.time_zone)
        except Problem:
            return known[1] if known is not None else Reception("assistant_first", Staffing(True, None, False))
        self._known[shop_id] = now + KEEP_SECONDS, found
        self._known.move_to_end(shop_id)
        if len(self._known) > MOST_SHOPS:
            self._known.popitem(last=False)
        return found

    def forget(self, shop_id: int) -> None:
        self._known.pop(shop_id, None)
        self._once.forget(shop_id)
