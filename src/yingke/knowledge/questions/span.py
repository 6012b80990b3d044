"""From which day to which day, in the workspace's own days."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from yingke.conversations.visible_shops import visible_shops
from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input
from yingke.kit.ids import read_id
from yingke.knowledge.questions.clusters import Span
from yingke.workspaces.caller import Caller

DAYS = 30
MOST_DAYS = 400


async def read_span(
    tx: Transaction, caller: Caller, start: date | None, end: date | None, shop_id: str | None, days: int = DAYS
) -> Span:
    """Both days belong to the span; without them the last `days` days. Only shops that the caller may see. Raises 400."""
    row = await tx.fetchrow("select time_zone, now() as now from workspaces where id = $1", caller.workspace_id)
    zone = ZoneInfo(row["time_zone"])
    last = end or row["now"].astimezone(zone).date()
    first = start or last - timedelta(days=days - 1)
    if first > last or (last - first).days > MOST_DAYS:
        raise bad_input({"from": f"1–{MOST_DAYS} days up to `to` / 应早于结束日期，最长 {MOST_DAYS} 天"})
    shops = await visible_shops(tx, caller.workspace_id, caller.agent_id, caller.role)
    return Span(
        _begin(first, zone), _begin(last + timedelta(days=1), zone), read_id(shop_id) if shop_id else None, shops
    )


def _begin(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
