"""The offers of a shop that are on at a moment, or begin soon."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from yingke.commerce.prices.offers import Coupon, Promotion, Scope, codes_of, read_terms
from yingke.kit.db import Transaction

_PROMOTIONS = """
select id, name, kind, terms, priority, only_codes, excluded_codes, starts_at, ends_at, given from promotions
where workspace_id = $1 and is_enabled and currency = $4 and (shop_id is null or shop_id = $2)
  and (ends_at is null or ends_at > $3) and (starts_at is null or starts_at < $3::timestamptz + interval '7 days')
order by priority, id limit 200
"""
_EVERY = """
select id, name, kind, terms, priority, only_codes, excluded_codes, starts_at, ends_at, given, shop_id, currency from promotions
where workspace_id = $1 and is_enabled and (ends_at is null or ends_at > $2) order by priority, id limit $3
"""
MOST, AHEAD = 200, timedelta(days=7)
# A coupon that is not for everybody counts for the contact who was given it and has not used it.
_COUPONS = """
select c.id, c.name, c.code, c.threshold_minor, c.off_minor, c.stacks, c.only_codes, c.excluded_codes, c.starts_at, c.ends_at
from coupons c
where c.workspace_id = $1 and c.is_enabled and c.currency = $4 and (c.shop_id is null or c.shop_id = $2)
  and (c.ends_at is null or c.ends_at > $3) and (c.starts_at is null or c.starts_at <= $3)
  and not exists (select 1 from given_coupons g where g.workspace_id = $1 and g.coupon_id = c.id
    and g.contact_id = $5::bigint and g.used_at is not null)
  and (c.is_public or exists (select 1 from given_coupons g where g.workspace_id = $1 and g.coupon_id = c.id
    and g.contact_id = $5::bigint))
order by c.id limit 200
"""


@dataclass(frozen=True)
class Offers:
    promotions: tuple[Promotion, ...]
    coupons: tuple[Coupon, ...]


async def load_offers(
    tx: Transaction,
    workspace_id: int,
    *,
    shop_id: int | None,
    at: datetime,
    currency: str = "CNY",
    contact_id: int | None = None,
) -> Offers:
    """`contact_id` is whose own coupons count beside the public ones."""
    promotions = await load_promotions(tx, workspace_id, shop_id=shop_id, at=at, currency=currency)
    coupons = await load_coupons(tx, workspace_id, shop_id=shop_id, at=at, currency=currency, contact_id=contact_id)
    return Offers(promotions, coupons)


async def load_promotions(
    tx: Transaction, workspace_id: int, *, shop_id: int | None, at: datetime, currency: str = "CNY"
) -> tuple[Promotion, ...]:
    """Without the coupons, which change no price that is shown."""
    rows = await tx.fetch(_PROMOTIONS, workspace_id, shop_id, at, currency)
    return tuple(map(_promotion, rows))


@dataclass(frozen=True, slots=True)
class OfferSomewhere:
    """A promotion with where it counts; `shop_id` None: in every shop."""

    promotion: Promotion
    shop_id: int | None
    currency: str

    def is_in(self, shop_id: int | None, currency: str, at: datetime) -> bool:
        """As the database chooses them: on at that moment, or beginning within a week."""
        scope = self.promotion.scope
        is_over = scope.ends_at is not None and scope.ends_at <= at
        is_far = scope.starts_at is not None and scope.starts_at >= at + AHEAD
        return self.shop_id in (None, shop_id) and self.currency == currency and not is_over and not is_far


async def load_every_promotion(
    tx: Transaction, workspace_id: int, since: datetime, most: int
) -> tuple[OfferSomewhere, ...]:
    """Of every shop and currency, those that end after `since`, whenever they begin."""
    rows = await tx.fetch(_EVERY, workspace_id, since, most)
    return tuple(OfferSomewhere(_promotion(row), row["shop_id"], row["currency"]) for row in rows)


async def load_coupons(
    tx: Transaction, workspace_id: int, *, shop_id: int | None, at: datetime, currency: str, contact_id: int | None
) -> tuple[Coupon, ...]:
    """The public ones, and those that this contact was given."""
    return tuple(map(_coupon, await tx.fetch(_COUPONS, workspace_id, shop_id, at, currency, contact_id)))


def _promotion(row: Any) -> Promotion:
    terms = read_terms(row["kind"], row["terms"])
    return Promotion(row["id"], row["name"], terms, _scope(row), row["priority"], row["given"])


def _coupon(row: Any) -> Coupon:
    return Coupon(
        row["id"], row["name"], row["off_minor"], row["threshold_minor"], row["code"], row["stacks"], _scope(row)
    )


def _scope(row: Any) -> Scope:
    only, excluded = codes_of(row["only_codes"]), codes_of(row["excluded_codes"])
    return Scope(only, excluded, row["starts_at"], row["ends_at"])
