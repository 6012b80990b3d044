"""Promotions and coupons as an admin writes them down."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from yingke.commerce.prices.offers import read_terms
from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input, conflict, not_found
from yingke.kit.text import clean_line

PROMOTION = (
    "id, shop_id, name, kind, terms, currency, priority, only_codes, excluded_codes, starts_at, ends_at, is_enabled, given,"
    " is_demo, created_at"
)
COUPON = (
    "id, shop_id, name, code, threshold_minor, off_minor, currency, stacks, is_public, by_assistant, only_codes, excluded_codes, starts_at,"
    " ends_at, is_enabled, is_demo, created_at"
)
MOST_CODES = 500
_TABLES = {"promotions": PROMOTION, "coupons": COUPON}


@dataclass(frozen=True)
class Common:
    """What promotions and coupons share."""

    name: str
    shop_id: int | None = None
    currency: str = "CNY"
    only_codes: list[str] = field(default_factory=list)
    excluded_codes: list[str] = field(default_factory=list)
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    is_enabled: bool = True


async def list_offers(tx: Transaction, workspace_id: int, table: str, after: int | None, limit: int) -> Sequence[Any]:
    """`table` promotions or coupons; the newest first, `limit` + 1 rows at most."""
    rows: Sequence[Any] = await tx.fetch(
        f"select {_TABLES[table]} from {table} where workspace_id = $1 and ($2::bigint is null or id < $2)"
        " order by id desc limit $3",
        workspace_id,
        after,
        limit + 1,
    )
    return rows


async def save_promotion(
    tx: Transaction,
    workspace_id: int,
    promotion_id: int | None,
    common: Common,
    *,
    kind: str,
    terms: dict[str, Any],
    priority: int,
    given: int,
) -> Any:
    """The row as it is then; None makes a new one. Raises 400 for terms that make no sense, 404."""
    read_terms(kind, terms)
    own = {"kind": kind, "terms": terms, "priority": priority, "given": given}
    return await _save(tx, workspace_id, "promotions", promotion_id, {**_common(common), **own})


async def save_coupon(
    tx: Transaction,
    workspace_id: int,
    coupon_id: int | None,
    common: Common,
    *,
    code: str,
    threshold_minor: int,
    off_minor: int,
    stacks: bool,
    is_public: bool,
    by_assistant: bool,
) -> Any:
    """Like `save_promotion`. Raises 409 when another coupon that is on has the code."""
    code = clean_line(code, 40, field="code")
    if code and await tx.fetchval(
        "select 1 from coupons where workspace_id = $1 and lower(code) = lower($2) and is_enabled and id <> $3",
        workspace_id,
        code,
        coupon_id or 0,
    ):
        raise conflict("code_taken", "已有优惠券用了这个券码，请换一个。", "Another coupon has this code.")
    own = {
        "code": code,
        "threshold_minor": threshold_minor,
        "off_minor": off_minor,
        "stacks": stacks,
        "is_public": is_public,
        "by_assistant": by_assistant and not is_public,
    }
    return await _save(tx, workspace_id, "coupons", coupon_id, {**_common(common), **own})


async def delete_offer(tx: Transaction, workspace_id: int, table: str, offer_id: int) -> None:
    """Raises 404."""
    found = await tx.fetchval(
        f"delete from {table} where workspace_id = $1 and id = $2 returning id", workspace_id, offer_id
    )
    if found is None:
        raise not_found()


def _common(common: Common) -> dict[str, Any]:
    if common.starts_at is not None and common.ends_at is not None and common.starts_at >= common.ends_at:
        raise bad_input({"ends_at": "结束时间应晚于开始时间 / ends after it begins"})
    return {
        "name": clean_line(common.name, 80, field="name", min_chars=1),
        "shop_id": common.shop_id,
        "currency": common.currency,
        "only_codes": _codes(common.only_codes, "only_codes"),
        "excluded_codes": _codes(common.excluded_codes, "excluded_codes"),
        "starts_at": common.starts_at,
        "ends_at": common.ends_at,
        "is_enabled": common.is_enabled,
    }


def _codes(codes: list[str], field: str) -> list[str]:
    if len(codes) > MOST_CODES:
        raise bad_input({field: f"最多 {MOST_CODES} 个 / at most {MOST_CODES}"})
    return [clean_line(one, 100, field=field, min_chars=1) for one in dict.fromkeys(codes)]


async def _save(tx: Transaction, workspace_id: int, table: str, id: int | None, values: dict[str, Any]) -> Any:
    names = list(values)
    places = [f"${at}" for at in range(2, len(names) + 2)]
    if id is None:
        return await tx.fetchrow(
            f"insert into {table} (workspace_id, {', '.join(names)}) values ($1, {', '.join(places)}) returning {_TABLES[table]}",
            workspace_id,
            *values.values(),
        )
    changes = ", ".join(f"{name} = {place}" for name, place in zip(names, places, strict=True))
    row = await tx.fetchrow(
        f"update {table} set {changes} where workspace_id = $1 and id = ${len(names) + 2} returning {_TABLES[table]}",
        workspace_id,
        *values.values(),
        id,
    )
    if row is None:
        raise not_found()
    return row
