"""What these variants cost now, in this shop, for this contact."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yingke.commerce.finding.found import FoundProduct, FoundVariant
from yingke.commerce.prices.load_offers import Offers, load_offers
from yingke.commerce.prices.offers import codes_of
from yingke.commerce.prices.price_lines import price_lines
from yingke.commerce.prices.quote import Quote, Wanted
from yingke.kit.db import Transaction
from yingke.kit.errors import Problem, not_found

_VARIANTS = """
select v.id, v.sku, v.external_id, v.title as variant, v.price_minor, p.title, p.code, p.external_id as product, p.currency
from product_variants v join products p on p.workspace_id = v.workspace_id and p.id = v.product_id
where v.workspace_id = $1 and v.id = any($2) and v.is_listed and p.is_listed
"""


@dataclass(frozen=True, slots=True)
class Priceable:
    """What is wanted, and the offers that count: any number of quotes come out of it without another look."""

    wanted: tuple[Wanted, ...]
    offers: Offers
    currency: str
    at: datetime

    def quote(self, *, level: str | None = None, region: str | None = None, coupon_code: str | None = None) -> Quote:
        """`level` only of a contact who is signed in: a claimed one is priced apart."""
        return price_lines(
            list(self.wanted),
            self.offers.promotions,
            self.offers.coupons,
            at=self.at,
            level=level,
            region=region,
            coupon_code=coupon_code,
            currency=self.currency,
        )


async def load_priceable(
    tx: Transaction,
    workspace_id: int,
    items: Sequence[tuple[int, int]],
    *,
    shop_id: int | None,
    at: datetime,
    contact_id: int | None = None,
) -> Priceable:
    """`items` are (variant id, quantity). Raises 404 for a variant that is not sold, 409 `mixed_currencies`."""
    rows = {row["id"]: row for row in await tx.fetch(_VARIANTS, workspace_id, [id for id, _ in items])}
    if any(id not in rows for id, _ in items):
        raise not_found()
    currency = one_currency([row["currency"] for row in rows.values()])
    offers = await load_offers(tx, workspace_id, shop_id=shop_id, at=at, currency=currency, contact_id=contact_id)
    return Priceable(tuple(_wanted(rows[id], quantity) for id, quantity in items), offers, currency, at)


async def quote_price(
    tx: Transaction,
    workspace_id: int,
    items: Sequence[tuple[int, int]],
    *,
    shop_id: int | None,
    at: datetime,
    level: str | None = None,
    region: str | None = None,
    coupon_code: str | None = None,
    contact_id: int | None = None,
) -> Quote:
    """As `load_priceable`, then its `quote`. Raises 400 for too many as well."""
    priceable = await load_priceable(tx, workspace_id, items, shop_id=shop_id, at=at, contact_id=contact_id)
    return priceable.quote(level=level, region=region, coupon_code=coupon_code)


def one_currency(currencies: Sequence[str]) -> str:
    """Raises 409 `mixed_currencies`."""
    several = sorted(set(currencies))
    if len(several) > 1:
        raise Problem(409, "mixed_currencies", "不同币种的商品请分开算。", "Price each currency by itself.")
    return several[0] if several else "CNY"


def wanted_of(product: FoundProduct, variant: FoundVariant, quantity: int) -> Wanted:
    """Of what was found and read a moment ago."""
    codes = codes_of([product.code, variant.sku, variant.external_id, product.external_id])
    return Wanted(str(variant.id), f"{product.title} {variant.title}".strip(), variant.price_minor, quantity, codes)


def _wanted(row: Any, quantity: int) -> Wanted:
    title = f"{row['title']} {row['variant']}".strip()
    codes = codes_of([row["code"], row["sku"], row["external_id"], row["product"]])
    return Wanted(str(row["id"]), title, row["price_minor"], quantity, codes)
