"""Products that fit what somebody says he needs."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from yingke.assistants.tools.contract import Session, Tool, ToolResult
from yingke.assistants.tools.pieces.arguments import read_id, read_list, read_text
from yingke.assistants.tools.pieces.look_now import look_at, look_for
from yingke.assistants.tools.pieces.show_order import show_moment
from yingke.assistants.tools.pieces.show_product import product_card, show_product
from yingke.commerce.finding.find_products import fit_variants
from yingke.commerce.finding.found import Filter, FoundProduct
from yingke.commerce.finding.need import Need, read_need
from yingke.commerce.prices.offers import Promotion

MOST = 6
SURE_OF_ALL = 0.6


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
            "product_ids": {"type": "array", "maxItems": 6, "items": {"type": "string"}, "description": "only these"},
            "limit": {"type": "integer", "minimum": 1, "maximum": MOST},
            "show": {"type": "boolean", "description": "show the products as cards"},
            "live": {"type": "boolean", "description": "price or stock is asked for: look at the shop this moment"},
            "below_minor": {"type": "integer", "description": "only cheaper than this, in minor units"},
            "without": {
                "type": "array",
                "maxItems": 20,
                "items": {"type": "string"},
                "description": "ids to leave out",
            },
        },
        "required": ["need"],
    }

    async def run(self, session: Session, arguments: Mapping[str, Any], step: int) -> ToolResult:
        """`score` 0..1: how much of the need a product meets; a thing that was named and is not it scores below 0.5.
        `as_of` is set when a connected shop did not answer, so that the figures are as old as that."""
        need = _need(arguments)
        limit = min(int(arguments.get("limit") or 3), MOST)
        one, more = read_id(arguments, "product_id"), read_list(arguments, "product_ids", MOST)
        wanted = [one] if one is not None else [id for each in more if (id := read_id({"id": each}, "id")) is not None]
        without = {read_id({"id": one}, "id") for one in read_list(arguments, "without", 20)}
        products, filters, offers = await _look(session, need, wanted, limit + len(without))
        as_of = None
        if arguments.get("live") is True and session.live is not None and any(one.connection_id for one in products):
            looked = await session.live.products(session.workspace_id, [one.id for one in products[:limit]])
            as_of = looked.as_of
            products, filters, offers = await _look(session, need, wanted, limit + len(without))
        products = [one for one in products if one.id not in without][:limit]
        shown = [show_product(one, session, offers) | {"score": _score(one, need, filters, wanted)} for one in products]
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
                "as_of": show_moment(as_of, session) if as_of is not None else None,
            },
            facts=tuple(fact for seen in shown for fact in facts_of(seen)),
            cards=tuple(cards) if arguments.get("show") else (),
        )


def _need(arguments: Mapping[str, Any]) -> Need:
    need = read_need(read_text(arguments, "need", 500))
    below = arguments.get("below_minor")
    if not isinstance(below, int) or below <= 0:
        return need
    most = below - 1 if need.most_minor is None else min(need.most_minor, below - 1)
    return replace(need, most_minor=most, cheapest_first=False)


async def _look(
    session: Session, need: Need, wanted: list[int], limit: int
) -> tuple[list[FoundProduct], list[Filter], tuple[Promotion, ...]]:
    if wanted:
        known, offers = await look_at(session, wanted)
        products, filters = fit_variants([one for one in known if one.is_listed], need)
        return products, filters, offers
    looked = await look_for(session, [need], limit)
    return list(looked.found[0].products), list(looked.found[0].filters), looked.offers


def facts_of(shown: dict[str, Any]) -> list[str]:
    """Every figure of a product that words may carry."""
    facts = [f"{shown['title']} {shown['low']} {shown['high']}"]
    facts += [f"{one['title']} {one['price']} {one['stock']} {one['restock'] or ''}" for one in shown["variants"]]
    facts += [f"{one['title']} {one['stock']}" for one in shown["others"]]
    facts += [f"{name} {value}" for name, value in shown["attributes"].items()]
    if "presale" in shown:
        facts.append(" ".join(shown["presale"].values()))
    return facts


def _score(product: FoundProduct, need: Need, filters: list[Filter], wanted: list[int]) -> float:
    if wanted:
        return 1.0
    if not need.concepts:
        # Nothing but a price, or nothing at all: whatever holds it is what was asked for.
        return 0.0 if any(one.is_relaxed for one in filters) else SURE_OF_ALL
    whole = sum(one.weight for one in need.concepts)
    share = min(product.score / whole, 1.0) if whole else 0.0
    if any(one.kind == "thing" and one.is_relaxed for one in filters):
        return min(share, 0.4)
    has_thing = any(one.kind == "thing" for one in filters)
    return max(share, 0.6) if has_thing else share
