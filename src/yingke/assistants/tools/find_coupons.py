"""The coupons of this customer."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

from yingke.assistants.tools.contract import Session, Tool, ToolResult
from yingke.assistants.tools.pieces.show_product import show_day
from yingke.assistants.tools.pieces.who import who_is
from yingke.commerce.money import show_money
from yingke.commerce.prices.find_coupons import FoundCoupon, find_coupons


class FindCoupons(Tool):
    name = "find_coupons"
    needs = "products"
    says = (
        "列出这位客户现在能用的优惠券，以及店铺允许送给他的券。",
        "List the coupons that this customer can use now, and those that the shop lets you give to him.",
    )
    parameters: ClassVar[dict[str, Any]] = {"type": "object", "properties": {}}

    async def run(self, session: Session, arguments: Mapping[str, Any], step: int) -> ToolResult:
        """`usable` are his already, `givable` may be given to him by `give_coupon`: only to whom the shop signed in."""
        async with session.db.transaction(session.workspace_id) as tx:
            who = await who_is(tx, session.workspace_id, session.conversation_id)
            found = await find_coupons(
                tx,
                session.workspace_id,
                shop_id=session.shop_id or None,
                at=session.now,
                contact_id=who.contact_id,
                may_be_given=who.is_signed_in,
            )
        usable = [_show(one, session) for one in found if one.is_usable]
        givable = [_show(one, session) for one in found if not one.is_usable]
        return ToolResult(
            {"usable": usable, "givable": givable, "is_signed_in": who.is_signed_in},
            facts=tuple(f"{one['name']} {one['off']} {one['from']} {one['until']}" for one in (*usable, *givable)),
        )


def _show(coupon: FoundCoupon, session: Session) -> dict[str, Any]:
    """`from`: what the order has to come to; None: any order. `until`: its last day; None: no end."""
    return {
        "id": str(coupon.id),
        "name": coupon.name,
        "code": coupon.code,
        "off": show_money(coupon.off_minor, coupon.currency, session.language),
        "from": show_money(coupon.threshold_minor, coupon.currency, session.language)
        if coupon.threshold_minor
        else None,
        "stacks": coupon.stacks,
        "until": None if coupon.ends_at is None else show_day(coupon.ends_at - timedelta(seconds=1), session),
    }
