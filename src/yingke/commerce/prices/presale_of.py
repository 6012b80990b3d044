"""Whether an article is sold before it is there, and when it comes."""

from datetime import datetime

from yingke.commerce.prices.load_offers import load_promotions
from yingke.commerce.prices.offers import Presale
from yingke.kit.db import Transaction


async def presale_of(
    tx: Transaction, workspace_id: int, codes: frozenset[str], *, shop_id: int | None, at: datetime
) -> Presale | None:
    """`codes` in lower case, as `codes_of` gives them. The first one that is on, by priority."""
    promotions = await load_promotions(tx, workspace_id, shop_id=shop_id, at=at)
    for promotion in promotions:
        scope = promotion.scope
        begun = scope.starts_at is None or scope.starts_at <= at
        if isinstance(promotion.terms, Presale) and begun and scope.holds(codes):
            return promotion.terms
    return None
