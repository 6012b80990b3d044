"""Two or more products side by side."""

from collections.abc import Mapping
from typing import Any, ClassVar

from yingke.assistants.tools.contract import Session, Tool, ToolResult, WrongArguments
from yingke.assistants.tools.pieces.arguments import read_id, read_list
from yingke.assistants.tools.pieces.show_product import product_card, show_product
from yingke.commerce.finding.compare_products import compare_products
from yingke.commerce.finding.find_products import find_products
from yingke.commerce.finding.need import read_need
from yingke.commerce.prices.load_offers import load_offers
from yingke.commerce.product_names import NAMING, is_foreign_to

MOST = 4


class CompareProducts(Tool):
    name = "compare_products"
    needs = "products"
    says = ("把几款商品的参数、价格和库存并排对比。", "Put the attributes, prices and stock of products side by side.")
    parameters: ClassVar[dict[str, Any]] = {
        "type": "object",
        "properties": {
            "names": {"type": "array", "minItems": 2, "maxItems": MOST, "items": {"type": "string"}},
            "product_ids": {"type": "array", "minItems": 2, "maxItems": MOST, "items": {"type": "string"}},
        },
    }

    async def run(self, session: Session, arguments: Mapping[str, Any], step: int) -> ToolResult:
        """Rows that are the same in all products come last; a name that is no product is in `not_found`."""
        names = read_list(arguments, "names", MOST)
        given = [read_id({"id": one}, "id") for one in read_list(arguments, "product_ids", MOST)]
        if len(names) + len(given) < 2 or not all(isinstance(one, str) for one in names):
            raise WrongArguments("names or product_ids must be two to four texts")
        ids: dict[int, None] = {one: None for one in given if one is not None}
        missing = []
        async with session.db.reading(session.workspace_id) as tx:
            for name in names:
                found = await find_products(tx, session.workspace_id, read_need(name), shop_id=session.shop_id, limit=3)
                is_other = any(one.kind == "thing" and one.is_relaxed for one in found.filters)
                fresh = next((one for one in found.products if one.id not in ids), None)
                if fresh is None or is_other:
                    missing.append(name)
                else:
                    ids[fresh.id] = None
            if len(ids) < 2:
                return ToolResult({"products": [], "not_found": missing}, problem="not_found")
            compared = await compare_products(tx, session.workspace_id, list(ids), language=session.language)
            offers = await load_offers(tx, session.workspace_id, shop_id=session.shop_id, at=session.now)
        shown = [show_product(one, session, offers.promotions) for one in compared.products]
        told = [row for row in compared.rows if row.name.lower() not in NAMING]
        rows = sorted(
            (
                row
                for row in told
                if not any(is_foreign_to(session.language, one or "") for one in (row.name, *row.values))
            ),
            key=lambda row: not row.differs,
        )
        data = {
            "products": shown,
            "rows": [{"name": row.name, "values": [value or "–" for value in row.values]} for row in rows],
            "not_found": missing,
        }
        facts = tuple(" ".join([row.name, *(value or "" for value in row.values)]) for row in compared.rows)
        cards = tuple(product_card(one, seen) for one, seen in zip(compared.products, shown, strict=True))
        return ToolResult(data, facts=facts, cards=cards)
