"""As `find_products`, for several needs at once: candidates by their words in memory, and one look at all of them as they
are this moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yingke.commerce.finding.find_products import CANDIDATES, choose, filters_of, find_products, tries_of
from yingke.commerce.finding.found import Found, FoundProduct
from yingke.commerce.finding.kept_products import KeptProducts
from yingke.commerce.finding.listing import Listing
from yingke.commerce.finding.load_products import Now, load_now
from yingke.commerce.finding.need import Need
from yingke.kit.db import Transaction

MOST_LOOKED_AT = 60
"""So many candidates are read whole; where more fit the words, the database chooses among them."""


@dataclass(frozen=True, slots=True)
class Listed:
    """`found` one for each need; `now` what the last look told of the shop besides, None where none was needed."""

    found: list[Found]
    now: Now | None


async def find_listed(
    tx: Transaction,
    workspace_id: int,
    needs: Sequence[Need],
    listing: Listing,
    *,
    shop_id: int | None = None,
    limit: int = 6,
    kept: KeptProducts | None = None,
) -> Listed:
    """One statement where the things that are named are there, whatever they cost; more where they are not. The database is
    searched where nothing in memory will do: what is new is found at once."""
    found: list[Found | None] = [None] * len(needs)
    now: Now | None = None
    for keeps_things in (True, False):
        scores = {
            at: listing.candidates(need, shop_id, keeps_things=keeps_things)
            for at, need in enumerate(needs)
            if found[at] is None and need.concepts and any(things == keeps_things for things, _ in tries_of(need))
        }
        scores = {at: some for at, some in scores.items() if len(some) <= MOST_LOOKED_AT}
        ids = list(dict.fromkeys(id for some in scores.values() for id in some))
        if ids:
            now = await load_now(tx, workspace_id, ids, kept)
            for at, some in scores.items():
                found[at] = _found(needs[at], some, now.products, keeps_things, limit)
    return Listed(
        [one or await _searched(tx, workspace_id, needs[at], shop_id, limit) for at, one in enumerate(found)], now
    )


async def _searched(tx: Transaction, workspace_id: int, need: Need, shop_id: int | None, limit: int) -> Found:
    return await find_products(tx, workspace_id, need, shop_id=shop_id, limit=limit)


def _found(
    need: Need, scores: Mapping[int, float], products: Mapping[int, FoundProduct], keeps_things: bool, limit: int
) -> Found | None:
    """None where nothing is left of these candidates."""
    there = [products[id] for id in scores if id in products]
    there = [one for one in there if one.is_listed and one.variants]
    for things, keeps_price in tries_of(need):
        if things != keeps_things:
            continue
        fitting = [one for one in there if not keeps_price or _is_priced_for(one, need)]
        if fitting:
            fitting.sort(key=lambda one: (-scores[one.id], not _has_stock(one), -one.id))
            best = [one.with_score(scores[one.id]) for one in fitting[:CANDIDATES]]
            return choose(best, filters_of(need, keeps_things, keeps_price), need, limit)
    return None


def _is_priced_for(product: FoundProduct, need: Need) -> bool:
    prices = [one.price_minor for one in product.variants]
    is_cheap = need.most_minor is None or min(prices) <= need.most_minor
    return is_cheap and (need.least_minor is None or max(prices) >= need.least_minor)


def _has_stock(product: FoundProduct) -> bool:
    """Also where the shop does not tell."""
    told = [one.stock for one in product.variants if one.stock is not None]
    return not told or sum(told) > 0
