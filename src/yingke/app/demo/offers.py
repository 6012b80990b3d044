"""What the shop has on offer while its sale lasts."""

from datetime import datetime
from typing import Any

from yingke.app.demo.calendar import Calendar
from yingke.app.demo.catalog import BIG_TENT, STOVE, TENT
from yingke.app.demo.insert_rows import insert_rows
from yingke.kit.db import Transaction

GIFTS_GIVEN = 36


async def store_offers(tx: Transaction, workspace_id: int, first_shop: int, calendar: Calendar) -> None:
    """Five promotions in the order in which they are calculated, and the shop's coupon."""
    begins, ends = calendar.sale_begins, calendar.sale_ends
    levels = {"rates": {"silver": 9800, "gold": 9500}, "names": {"silver": "银卡", "gold": "金卡"}}
    presale = {
        "deposit_minor": 10_000,
        "counts_as_minor": 15_000,
        "balance_at": calendar.moment(10).isoformat(),
        "ships_at": calendar.moment(13).isoformat(),
    }
    shipping = {"fee_minor": 800, "free_from_minor": 9_900, "surcharges": {"新疆": 2_000, "西藏": 2_000}}
    promotions = [
        _promotion("会员价", "member_price", 10, levels, starts_at=begins, ends_at=ends),
        _promotion(
            "满减",
            "every_reduce",
            20,
            {"every_minor": 30_000, "off_minor": 4_000},
            excluded=[STOVE],
            starts_at=begins,
            ends_at=ends,
        ),
        _promotion("四人帐预售", "presale", 30, presale, only=[BIG_TENT], ends_at=calendar.moment(10)),
        _promotion(
            "买帐篷赠地钉",
            "gift",
            40,
            {"title": "地钉一包", "limit": 200},
            only=[TENT, BIG_TENT],
            given=GIFTS_GIVEN,
            starts_at=begins,
            ends_at=ends,
        ),
        _promotion("运费", "shipping", 90, shipping, shop_id=first_shop),
    ]
    await insert_rows(tx, "promotions", [{"workspace_id": workspace_id, **one} for one in promotions])
    await insert_rows(tx, "coupons", [_coupon(workspace_id, calendar)])


def _coupon(workspace_id: int, calendar: Calendar) -> dict[str, Any]:
    return {
        "workspace_id": workspace_id,
        "name": "店铺券满 199 减 15",
        "code": "QX15",
        "threshold_minor": 19_900,
        "off_minor": 1_500,
        "currency": "CNY",
        "stacks": True,
        "is_public": True,
        "only_codes": [],
        "excluded_codes": [],
        "starts_at": calendar.sale_begins,
        "ends_at": calendar.sale_ends,
        "is_enabled": True,
        "is_demo": True,
        "created_at": calendar.now,
    }


def _promotion(
    name: str,
    kind: str,
    priority: int,
    terms: dict[str, Any],
    *,
    only: list[str] | None = None,
    excluded: list[str] | None = None,
    shop_id: int | None = None,
    given: int = 0,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> dict[str, Any]:
    return {
        "name": name,
        "kind": kind,
        "priority": priority,
        "terms": terms,
        "only_codes": only or [],
        "excluded_codes": excluded or [],
        "shop_id": shop_id,
        "given": given,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "currency": "CNY",
        "is_enabled": True,
        "is_demo": True,
    }
