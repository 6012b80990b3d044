"""The coupons that a customer can use now, and those that may be given to him."""

from dataclasses import dataclass
from datetime import datetime

from yingke.commerce.requests.order_policy import load_policy
from yingke.kit.db import Transaction

MOST = 20
# What somebody used is over for him. One that is only given counts for whom it was given, or may be given to him.
_COUPONS = """
select c.id, c.name, c.code, c.threshold_minor, c.off_minor, c.currency, c.stacks, c.ends_at,
  c.is_public or g.id is not null as is_usable
from coupons c left join given_coupons g on g.workspace_id = c.workspace_id and g.coupon_id = c.id and g.contact_id = $4
where c.workspace_id = $1 and c.is_enabled and (c.shop_id is null or c.shop_id = $2)
  and (c.ends_at is null or c.ends_at > $3) and (c.starts_at is null or c.starts_at <= $3) and g.used_at is null
  and (c.is_public or g.id is not null or (c.by_assistant and $5 and c.off_minor <= $6))
order by is_usable desc, c.off_minor desc, c.id limit $7
"""


@dataclass(frozen=True, slots=True)
class FoundCoupon:
    """Amounts in minor units. `is_usable` False: an assistant may give it to this customer."""

    id: int
    name: str
    code: str
    threshold_minor: int
    off_minor: int
    currency: str
    stacks: bool
    ends_at: datetime | None
    is_usable: bool


async def find_coupons(
    tx: Transaction, workspace_id: int, *, shop_id: int | None, at: datetime, contact_id: int | None, may_be_given: bool
) -> list[FoundCoupon]:
    """At most 20, what he has first, the largest first. `may_be_given`: the shop has signed this customer in."""
    policy = await load_policy(tx, workspace_id)
    rows = await tx.fetch(
        _COUPONS, workspace_id, shop_id, at, contact_id, may_be_given, policy.assistant_limit_minor, MOST
    )
    return [FoundCoupon(**dict(row)) for row in rows]
