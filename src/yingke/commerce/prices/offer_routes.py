"""HTTP: promotions and coupons."""

from datetime import datetime
from typing import Annotated, Any, TypeVar

import msgspec
from litestar import Response, delete, get, post, put
from litestar.params import Parameter
from msgspec import Meta, Struct

from yingke.commerce.prices.offers import PromotionKind
from yingke.commerce.prices.save_offer import Common, delete_offer, list_offers, save_coupon, save_promotion
from yingke.kit.db import Database, Transaction
from yingke.kit.errors import not_found
from yingke.kit.idempotency import Sending, run_once
from yingke.kit.ids import read_id, show_id
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller
from yingke.workspaces.require import require_scope
from yingke.workspaces.shapes import Page

READ = [require_scope("commerce:read")]
WRITE = [require_scope("commerce:write")]
TAGS = ["commerce"]
Key = Annotated[str | None, Parameter(header="Idempotency-Key")]
Limit = Annotated[int, Parameter(ge=1, le=200)]
Minor = Annotated[int, Meta(ge=0, le=10**12)]
Currency = Annotated[str, Meta(pattern="^[A-Z]{3}$")]
View = TypeVar("View", "PromotionView", "CouponView")


class PromotionBody(Struct, forbid_unknown_fields=True):
    """`terms` by kind, amounts in minor units, rates in ten-thousandths (9500 = 95 折): member_price {rates: {level: rate},
    names: {level: name}} · every_reduce {every_minor, off_minor, most_times?} · threshold_reduce {tiers: [{from_minor,
    off_minor}]} · percent {rate, from_minor?, from_quantity?} · gift {title, from_minor?, limit?} · presale {deposit_minor,
    counts_as_minor, balance_at, ships_at} · shipping {fee_minor, free_from_minor?, surcharges?: {region: amount},
    free_from?: {region: amount}, not_to?: [region], only_to?: [region]}.
    Calculated by `priority`, lowest first; valid from `starts_at` until before `ends_at`."""

    name: str
    kind: PromotionKind
    terms: dict[str, Any]
    shop_id: str | None = None
    currency: Currency = "CNY"
    priority: Annotated[int, Meta(ge=-1000, le=1000)] = 0
    only_codes: list[str] = []
    excluded_codes: list[str] = []
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    is_enabled: bool = True
    given: Minor = 0


class PromotionView(Struct):
    id: str
    shop_id: str | None
    name: str
    kind: PromotionKind
    terms: dict[str, Any]
    currency: str
    priority: int
    only_codes: list[str]
    excluded_codes: list[str]
    starts_at: datetime | None
    ends_at: datetime | None
    is_enabled: bool
    given: int
    is_demo: bool
    created_at: datetime


class CouponBody(Struct, forbid_unknown_fields=True):
    """One coupon an order. `stacks`: together with what reduces the order. Not public: it counts for whom it was given;
    `by_assistant` lets the assistants give it, once, to a signed-in customer who asks."""

    name: str
    off_minor: Annotated[int, Meta(gt=0, le=10**12)]
    threshold_minor: Minor = 0
    code: str = ""
    shop_id: str | None = None
    currency: Currency = "CNY"
    stacks: bool = True
    is_public: bool = True
    by_assistant: bool = False
    only_codes: list[str] = []
    excluded_codes: list[str] = []
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    is_enabled: bool = True


class CouponView(Struct):
    id: str
    shop_id: str | None
    name: str
    code: str
    threshold_minor: int
    off_minor: int
    currency: str
    stacks: bool
    is_public: bool
    by_assistant: bool
    only_codes: list[str]
    excluded_codes: list[str]
    starts_at: datetime | None
    ends_at: datetime | None
    is_enabled: bool
    is_demo: bool
    created_at: datetime


@get("/v1/promotions", guards=READ, tags=TAGS)
async def get_promotions(
    db: Database, caller: Caller, after: str | None = None, limit: Limit = 100
) -> Page[PromotionView]:
    """The newest first, also those that are over."""
    async with db.transaction(caller.workspace_id) as tx:
        rows = await list_offers(tx, caller.workspace_id, "promotions", read_id(after) if after else None, limit)
    items = [_shape(row, PromotionView) for row in rows[:limit]]
    return Page(items, items[-1].id if len(rows) > limit else None)


@post("/v1/promotions", guards=WRITE, tags=TAGS)
async def post_promotion(
    data: PromotionBody, db: Database, caller: Caller, idempotency_key: Key = None
) -> Response[PromotionView]:
    async def work(tx: Transaction) -> PromotionView:
        return await _promotion(tx, caller, None, data)

    sending = Sending(
        caller.workspace_id, caller.owner, idempotency_key, "POST /v1/promotions", msgspec.to_builtins(data)
    )
    result = await run_once(db, sending, PromotionView, work)
    return Response(result.answer, status_code=result.status)


@put("/v1/promotions/{promotion_id:str}", guards=WRITE, tags=TAGS)
async def put_promotion(promotion_id: str, data: PromotionBody, db: Database, caller: Caller) -> PromotionView:
    async with db.transaction(caller.workspace_id) as tx:
        return await _promotion(tx, caller, read_id(promotion_id), data)


@delete("/v1/promotions/{promotion_id:str}", guards=WRITE, tags=TAGS)
async def delete_promotion(promotion_id: str, db: Database, caller: Caller) -> None:
    await _delete(db, caller, "promotions", "promotion", read_id(promotion_id))


@get("/v1/coupons", guards=READ, tags=TAGS)
async def get_coupons(db: Database, caller: Caller, after: str | None = None, limit: Limit = 100) -> Page[CouponView]:
    """The newest first, also those that are over."""
    async with db.transaction(caller.workspace_id) as tx:
        rows = await list_offers(tx, caller.workspace_id, "coupons", read_id(after) if after else None, limit)
    items = [_shape(row, CouponView) for row in rows[:limit]]
    return Page(items, items[-1].id if len(rows) > limit else None)


@post("/v1/coupons", guards=WRITE, tags=TAGS)
async def post_coupon(
    data: CouponBody, db: Database, caller: Caller, idempotency_key: Key = None
) -> Response[CouponView]:
    async def work(tx: Transaction) -> CouponView:
        return await _coupon(tx, caller, None, data)

    sending = Sending(caller.workspace_id, caller.owner, idempotency_key, "POST /v1/coupons", msgspec.to_builtins(data))
    result = await run_once(db, sending, CouponView, work)
    return Response(result.answer, status_code=result.status)


@put("/v1/coupons/{coupon_id:str}", guards=WRITE, tags=TAGS)
async def put_coupon(coupon_id: str, data: CouponBody, db: Database, caller: Caller) -> CouponView:
    async with db.transaction(caller.workspace_id) as tx:
        return await _coupon(tx, caller, read_id(coupon_id), data)


@delete("/v1/coupons/{coupon_id:str}", guards=WRITE, tags=TAGS)
async def delete_coupon(coupon_id: str, db: Database, caller: Caller) -> None:
    """Also takes it from whom it was given."""
    await _delete(db, caller, "coupons", "coupon", read_id(coupon_id))


async def _promotion(tx: Transaction, caller: Caller, promotion_id: int | None, data: PromotionBody) -> PromotionView:
    row = await save_promotion(
        tx,
        caller.workspace_id,
        promotion_id,
        await _common(tx, caller, data),
        kind=data.kind,
        terms=data.terms,
        priority=data.priority,
        given=data.given,
    )
    await _note(tx, caller, "promotion", promotion_id is None, row)
    return _shape(row, PromotionView)


async def _coupon(tx: Transaction, caller: Caller, coupon_id: int | None, data: CouponBody) -> CouponView:
    row = await save_coupon(
        tx,
        caller.workspace_id,
        coupon_id,
        await _common(tx, caller, data),
        code=data.code,
        threshold_minor=data.threshold_minor,
        off_minor=data.off_minor,
        stacks=data.stacks,
        is_public=data.is_public,
        by_assistant=data.by_assistant,
    )
    await _note(tx, caller, "coupon", coupon_id is None, row)
    return _shape(row, CouponView)


async def _common(tx: Transaction, caller: Caller, data: PromotionBody | CouponBody) -> Common:
    shop_id = read_id(data.shop_id) if data.shop_id else None
    if shop_id is not None and not await tx.fetchval(
        "select 1 from shops where workspace_id = $1 and id = $2", caller.workspace_id, shop_id
    ):
        raise not_found()
    return Common(
        data.name,
        shop_id,
        data.currency,
        data.only_codes,
        data.excluded_codes,
        data.starts_at,
        data.ends_at,
        data.is_enabled,
    )


async def _note(tx: Transaction, caller: Caller, noun: str, is_new: bool, row: Any) -> None:
    action = f"{noun}.{'created' if is_new else 'changed'}"
    await record_audit(tx, caller, action, f"{noun}:{row['id']}", {"name": row["name"]})


async def _delete(db: Database, caller: Caller, table: str, noun: str, id: int) -> None:
    async with db.transaction(caller.workspace_id) as tx:
        await delete_offer(tx, caller.workspace_id, table, id)
        await record_audit(tx, caller, f"{noun}.deleted", f"{noun}:{id}")


def _shape(row: Any, shape: type[View]) -> View:
    shop_id = row["shop_id"]
    return shape(**{**dict(row), "id": show_id(row["id"]), "shop_id": None if shop_id is None else show_id(shop_id)})


ROUTES = [
    get_promotions,
    post_promotion,
    put_promotion,
    delete_promotion,
    get_coupons,
    post_coupon,
    put_coupon,
    delete_coupon,
]
