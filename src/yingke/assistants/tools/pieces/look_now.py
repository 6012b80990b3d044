"""What is sold, as it is this moment: one statement for all that a tool looks for, and the promotions with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from yingke.assistants.tools.contract import Session
from yingke.commerce.finding.find_listed import Listed, find_listed
from yingke.commerce.finding.find_products import find_products
from yingke.commerce.finding.found import Found, FoundProduct
from yingke.commerce.finding.kept_products import KeptProducts
from yingke.commerce.finding.listing import Listing
from yingke.commerce.finding.load_products import Now, load_now
from yingke.commerce.finding.need import Need
from yingke.commerce.prices.load_offers import load_promotions
from yingke.commerce.prices.offers import Promotion
from yingke.kit.db import Transaction

USUAL_CURRENCY = "CNY"


@dataclass(frozen=True, slots=True)
class Looked:
    """`found` one for each need; `offers` the promotions in USUAL_CURRENCY."""

    found: list[Found]
    offers: tuple[Promotion, ...]


async def look_for(session: Session, needs: Sequence[Need], limit: int) -> Looked:
    """As `find_products` for each. Raises the 503 Problem."""
    listing = await session.listings.of(session.workspace_id) if session.listings is not None else None
    if listing is not None:
        looked, is_old = await _look(session, needs, limit, listing)
        if not is_old:
            return looked
        # Something was added since the words were read.
        listing = await session.listings.again(session.workspace_id) if session.listings is not None else None
        if listing is not None:
            return (await _look(session, needs, limit, listing))[0]
    async with session.db.reading(session.workspace_id) as tx:
        found = [
            await find_products(tx, session.workspace_id, need, shop_id=session.shop_id, limit=limit) for need in needs
        ]
        return Looked(found, await _offers(tx, session, None))


async def look_at(session: Session, ids: Sequence[int]) -> tuple[list[FoundProduct], tuple[Promotion, ...]]:
    """These products, in their order, and the promotions. Unknown ids are left out."""
    async with session.db.reading(session.workspace_id) as tx:
        now = await load_now(tx, session.workspace_id, ids, _kept(session))
        return [now.products[id] for id in ids if id in now.products], await _offers(tx, session, now)


async def _look(session: Session, needs: Sequence[Need], limit: int, listing: Listing) -> tuple[Looked, bool]:
    """With whether the database has products that are newer than the listing."""
    async with session.db.reading(session.workspace_id) as tx:
        listed: Listed = await find_listed(
            tx, session.workspace_id, needs, listing, shop_id=session.shop_id, limit=limit, kept=_kept(session)
        )
        if listed.now is not None and listed.now.newest > listing.newest:
            return Looked(listed.found, ()), True
        offers = await _offers(tx, session, listed.now)
    return Looked(listed.found, offers), False


def _kept(session: Session) -> KeptProducts | None:
    return session.listings.kept if session.listings is not None else None


async def _offers(tx: Transaction, session: Session, now: Now | None) -> tuple[Promotion, ...]:
    if now is None or not now.offers_stamp or session.offers is None:
        return await load_promotions(tx, session.workspace_id, shop_id=session.shop_id, at=session.now)
    return await session.offers.promotions(
        tx, session.workspace_id, now.offers_stamp, shop_id=session.shop_id, at=session.now
    )
