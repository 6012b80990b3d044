"""Products that fit what somebody says he needs."""

from collections.abc import Mapping
from typing import Any, ClassVar

from yingke.assistants.tools.contract import Session, Tool, ToolResult
from yingke.assistants.tools.pieces.arguments import read_id, read_text
from yingke.assistants.tools.pieces.show_product import product_card, show_product
from yingke.commerce.finding.find_products import find_products, fit_variants
from yingke.commerce.finding.found import Filter, FoundProduct
from yingke.commerce.finding.load_products import load_products
from yingke.commerce.finding.need import Need, read_need
from yingke.commerce.prices.load_offers import load_offers

MOST = 6


class FindProducts(Tool):
    name = "find_products"
    needs = "products"
    says = (
        "按客户的需要找商品：品类、用途、颜色、尺码、几个人用、预算；返回现价、库存和预售时间。",
        "Find products by need: kind, use, colour, size, for how many, budget. Gives live price, stock and pre-sale dates.",
    )
    parameters: ClassVar[dict[str, Any]] = {
        "type": "object",
        "properties": {
            "need": {"type": "string", "description": "what is looked for, in the customer's words"},
            "product_id": {"type": "string", "description": "only this product: its stock and variants"},
            "limit": {"type": "integer", "minimum": 1, "maximum": MOST},
            "show": {"type": "boolean", "description": "show the products as cards"},
        },
        "required": ["need"],
    }

    async def run(self, session: Session, arguments: Mapping[str, Any], step: int) -> ToolResult:
        """`score` 0..1: how much of the need a product meets; a thing that was named and is not it scores below 0.5."""
        need = read_need(read_text(arguments, "need", 500))
        limit = min(int(arguments.get("limit") or 3), MOST)
        wanted = read_id(arguments, "product_id")
        async with session.db.transaction(session.workspace_id) as tx:
            if wanted is not None:
                known = [one for one in await load_products(tx, session.workspace_id, [wanted]) if one.is_listed]
                products, filters = fit_variants(known, need)
            else:
                found = await find_products(tx, session.workspace_id, need, shop_id=session.shop_id, limit=limit)
                products, filters = list(found.products), list(found.filters)
            offers = await load_offers(tx, session.workspace_id, shop_id=session.shop_id, at=session.now)
        shown = [
            show_product(one, session, offers.promotions) | {"score": _score(one, need, filters, wanted)}
            for one in products
        ]
        cards = [product_card(one, seen) for one, seen in zip(products, shown, strict=True)]
        return ToolResult(
            {
                "products": shown,
                "filters": [
                    one.zh if session.language.startswith("zh") else one.en for one in filters if not one.is_relaxed
                ],
                "relaxed": [
                    one.zh if session.language.startswith("zh") else one.en for one in filters if one.is_relaxed
                ],
            },
            facts=tuple(fact for seen in shown for fact in facts_of(seen)),
            cards=tuple(cards) if arguments.get("show") else (),
        )


def facts_of(shown: dict[str, Any]) -> list[str]:
    """Every figure of a product that words may carry."""
    facts = [f"{shown['title']} {shown['low']} {shown['high']}"]
    facts += [f"{one['title']} {one['price']} {one['stock']} {one['restock'] or ''}" for one in shown["variants"]]
    facts += shown["points"]
    if "presale" in shown:
        facts.append(" ".join(shown["presale"].values()))
    return facts


def _score(product: FoundProduct, need: Need, filters: list[Filter], wanted: int | None) -> float:
    if wanted is not None:
        return 1.0
    whole = sum(one.weight for one in need.concepts)
    share = min(product.score / whole, 1.0) if whole else 0.0
    if any(one.kind == "thing" and one.is_relaxed for one in filters):
        return min(share, 0.4)
    has_thing = any(one.kind == "thing" for one in filters)
    return max(share, 0.6) if has_thing else share
