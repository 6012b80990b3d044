"""HTTP: what something costs."""

from datetime import UTC, datetime
from typing import Annotated, Any

from litestar import Request, post
from msgspec import Meta, Struct

from yingke.commerce.prices.quote import NotApplied, Quote, Step
from yingke.commerce.prices.quote_price import quote_price
from yingke.kit.asked_language import asked_language
from yingke.kit.db import Database, Transaction
from yingke.kit.errors import bad_input, not_found
from yingke.kit.ids import read_id
from yingke.workspaces.caller import Caller
from yingke.workspaces.require import require_scope

Asking = Request[Any, Any, Any]


class QuoteLineBody(Struct, forbid_unknown_fields=True):
    """Named by the variant's id or its SKU."""

    quantity: Annotated[int, Meta(ge=1, le=10_000)]
    variant_id: str | None = None
    sku: str | None = None


class QuoteBody(Struct, forbid_unknown_fields=True):
    """`level` as if a contact of that level were signed in; `contact_id` whose own coupons and level count instead."""

    lines: Annotated[list[QuoteLineBody], Meta(min_length=1, max_length=100)]
    level: str | None = None
    contact_id: str | None = None
    shop_id: str | None = None
    region: str | None = None
    coupon_code: str | None = None


class QuoteLineView(Struct):
    """`to_pay_minor` = amount − its exact share of all that is taken off."""

    variant_id: str
    title: str
    quantity: int
    price_minor: int
    amount_minor: int
    off_minor: int
    to_pay_minor: int


class QuoteStepView(Struct):
    """One step of the sum: `amount_minor` below 0 takes off, `sum_minor` is what is left after it."""

    kind: str
    name: str
    text: str
    amount_minor: int
    sum_minor: int


class QuoteNoteView(Struct):
    """What does not count, and why; `short_minor` is missing for it."""

    kind: str
    name: str
    reason: str
    text: str
    short_minor: int | None


class DepositView(Struct):
    now_minor: int
    later_minor: int
    balance_at: datetime
    ships_at: datetime


class QuoteView(Struct):
    """Texts in the language of Accept-Language. `until`: an offer in it ends then."""

    currency: str
    at: datetime
    until: datetime | None
    lines: list[QuoteLineView]
    goods_minor: int
    steps: list[QuoteStepView]
    notes: list[QuoteNoteView]
    gifts: list[str]
    shipping_minor: int
    total_minor: int
    deposit: DepositView | None
    rounding: str


@post("/v1/price-quotes", guards=[require_scope("commerce:read")], tags=["commerce"], status_code=200)
async def post_quote(data: QuoteBody, request: Asking, db: Database, caller: Caller) -> QuoteView:
    """Works out a price now, every step a line. Stores nothing. 404 for what is not sold."""
    async with db.transaction(caller.workspace_id) as tx:
        contact_id, level = await _who(tx, caller.workspace_id, data)
        quote = await quote_price(
            tx,
            caller.workspace_id,
            await _items(tx, caller.workspace_id, data.lines),
            shop_id=read_id(data.shop_id) if data.shop_id else None,
            at=datetime.now(UTC),
            level=level,
            region=data.region[:100] if data.region else None,
            coupon_code=data.coupon_code[:40] if data.coupon_code else None,
            contact_id=contact_id,
        )
    return shape_quote(quote, asked_language(request.headers))


def shape_quote(quote: Quote, language: str) -> QuoteView:
    is_english = language == "en"
    return QuoteView(
        currency=quote.currency,
        at=quote.at,
        until=quote.until,
        lines=[
            QuoteLineView(
                one.key, one.title, one.quantity, one.price_minor, one.amount_minor, one.off_minor, one.to_pay_minor
            )
            for one in quote.lines
        ],
        goods_minor=quote.goods_minor,
        steps=[
            QuoteStepView(one.kind, one.name, _say(one, is_english), one.amount_minor, one.left_minor)
            for one in quote.steps
        ],
        notes=[
            QuoteNoteView(one.kind, one.name, one.reason, _say(one, is_english), one.short_minor)
            for one in quote.not_applied
        ],
        gifts=list(quote.gifts),
        shipping_minor=quote.shipping_minor,
        total_minor=quote.total_minor,
        deposit=DepositView(
            quote.deposit.now_minor, quote.deposit.later_minor, quote.deposit.balance_at, quote.deposit.ships_at
        )
        if quote.deposit
        else None,
        rounding=quote.rounding_en if is_english else quote.rounding_zh,
    )


def _say(one: Step | NotApplied, is_english: bool) -> str:
    return one.en if is_english else one.zh


async def _who(tx: Transaction, workspace_id: int, data: QuoteBody) -> tuple[int | None, str | None]:
    """A contact's level counts where the shop has vouched for it."""
    if data.contact_id is None:
        return None, data.level
    contact_id = read_id(data.contact_id)
    row = await tx.fetchrow(
        "select level, claims_verified from contacts where workspace_id = $1 and id = $2", workspace_id, contact_id
    )
    if row is None:
        raise not_found()
    return contact_id, row["level"] if row["claims_verified"] else None


async def _items(tx: Transaction, workspace_id: int, lines: list[QuoteLineBody]) -> list[tuple[int, int]]:
    skus = [one.sku.strip().lower() for one in lines if one.sku and one.variant_id is None]
    rows = await tx.fetch(
        "select v.id, lower(v.sku) as sku from product_variants v join products p on p.workspace_id = v.workspace_id"
        " and p.id = v.product_id where v.workspace_id = $1 and v.sku <> '' and lower(v.sku) = any($2)"
        " and v.is_listed and p.is_listed order by v.id desc",
        workspace_id,
        skus,
    )
    by_sku = {row["sku"]: row["id"] for row in rows}
    items = []
    for one in lines:
        if one.variant_id is not None:
            items.append((read_id(one.variant_id), one.quantity))
        elif one.sku is not None and one.sku.strip().lower() in by_sku:
            items.append((by_sku[one.sku.strip().lower()], one.quantity))
        else:
            raise (
                bad_input({"lines": "没有这个货号 / no such SKU"})
                if one.sku
                else bad_input({"lines": "请给出规格或货号 / name a variant or a SKU"})
            )
    return items


ROUTES = [post_quote]
