"""What is on offer today, as the shop's own rules have it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

from yingke.assistants.tools.contract import Session, Tool, ToolResult
from yingke.assistants.tools.pieces.arguments import read_id
from yingke.assistants.tools.pieces.show_product import show_day
from yingke.commerce.finding.load_products import load_products
from yingke.commerce.prices.load_offers import load_offers
from yingke.commerce.prices.offers import Coupon, Gift, Promotion, Shipping, codes_of
from yingke.commerce.prices.say_offer import is_on, say_offer

MOST = 12


class CurrentOffers(Tool):
    name = "current_offers"
    needs = "products"
    says = (
        "列出现在有效的活动：会员价、满减、折扣、赠品、预售、优惠券、包邮；也可以只看一件商品参加哪些。",
        "List what is on offer now: member prices, reductions, gifts, pre-sales, coupons, shipping; or those of one product.",
    )
    parameters: ClassVar[dict[str, Any]] = {
        "type": "object",
        "properties": {"product_id": {"type": "string", "description": "only what counts for this product"}},
    }

    async def run(self, session: Session, arguments: Mapping[str, Any], step: int) -> ToolResult:
        """`offers`: {text, kind, until}; `kind` is gift, coupon, shipping or other."""
        wanted = read_id(arguments, "product_id")
        async with session.db.transaction(session.workspace_id) as tx:
            offers = await load_offers(tx, session.workspace_id, shop_id=session.shop_id, at=session.now)
            products = await load_products(tx, session.workspace_id, [wanted]) if wanted is not None else []
        codes = [codes_of([one.code, one.external_id, *(variant.sku for variant in one.variants)]) for one in products]
        shown = []
        every: list[Promotion | Coupon] = [*offers.promotions, *offers.coupons]
        for offer in every:
            if not is_on(offer, session.now) or (codes and not any(offer.scope.holds(one) for one in codes)):
                continue
            if isinstance(offer, Promotion) and isinstance(offer.terms, Gift) and _is_gone(offer, offer.terms):
                continue
            zh, en = say_offer(offer)
            until = offer.scope.ends_at
            shown.append(
                {
                    "text": zh if session.language.startswith("zh") else en,
                    "kind": _kind(offer),
                    # Midnight ends the day before it.
                    "until": show_day(until - timedelta(seconds=1), session) if until is not None else None,
                }
            )
        return ToolResult({"offers": shown[:MOST]}, facts=tuple(f"{one['text']} {one['until'] or ''}" for one in shown))


def _kind(offer: Promotion | Coupon) -> str:
    if isinstance(offer, Coupon):
        return "coupon"
    return {Gift: "gift", Shipping: "shipping"}.get(type(offer.terms), "other")


def _is_gone(offer: Promotion, terms: Gift) -> bool:
    return terms.limit is not None and offer.given >= terms.limit
