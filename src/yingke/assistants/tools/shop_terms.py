"""The shop's terms that are figures: days for returns and exchanges, what shipping costs."""

from collections.abc import Mapping
from typing import Any, ClassVar

from yingke.assistants.tools.contract import Session, Tool, ToolResult
from yingke.commerce.prices.load_offers import load_offers
from yingke.commerce.prices.offers import Shipping
from yingke.commerce.prices.say_offer import is_on, say_offer
from yingke.commerce.requests.order_policy import load_policy


class ShopTerms(Tool):
    name = "shop_terms"
    needs = "orders"
    says = (
        "查店铺的售后期限（退货、换货、维修天数）和运费规则。",
        "Look up the shop's days for returns, exchanges and repairs, and its shipping fee.",
    )
    parameters: ClassVar[dict[str, Any]] = {"type": "object", "properties": {}}

    async def run(self, session: Session, arguments: Mapping[str, Any], step: int) -> ToolResult:
        """`shipping` is a sentence in the customer's language; None where the shop has no such rule."""
        async with session.db.transaction(session.workspace_id) as tx:
            policy = await load_policy(tx, session.workspace_id)
            offers = await load_offers(tx, session.workspace_id, shop_id=session.shop_id or None, at=session.now)
        rules = [one for one in offers.promotions if isinstance(one.terms, Shipping) and is_on(one, session.now)]
        said = [say_offer(one)[0 if session.language.startswith("zh") else 1] for one in rules]
        data = {
            "return_days": policy.return_days,
            "exchange_days": policy.exchange_days,
            "repair_days": policy.repair_days,
            "shipping": said[0] if said else None,
        }
        days = (policy.return_days, policy.exchange_days, policy.repair_days)
        facts = (*(f"{one} days {one} 天" for one in days), *said)
        return ToolResult(data, facts=facts)
