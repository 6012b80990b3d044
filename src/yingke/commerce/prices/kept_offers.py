"""The promotions of the workspaces that this process serves, kept only as long as the database says that none has changed."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

from yingke.commerce.prices.load_offers import MOST, OfferSomewhere, load_every_promotion, load_promotions
from yingke.commerce.prices.offers import Promotion
from yingke.kit.db import Transaction

MOST_WORKSPACES = 1_000
MOST_KEPT = 1_000
"""Of one workspace; more are read anew."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """All that end after `since`."""

    stamp: str
    since: datetime
    offers: tuple[OfferSomewhere, ...]


class KeptOffers:
    """One per process."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, _Kept] = OrderedDict()

    async def promotions(
        self,
        tx: Transaction,
        workspace_id: int,
        stamp: str,
        *,
        shop_id: int | None,
        at: datetime,
        currency: str = "CNY",
    ) -> tuple[Promotion, ...]:
        """As `load_promotions`, without a statement while `stamp`, read of the database just now, is the one they had."""
        kept = self._kept.get(workspace_id)
        if kept is None or kept.stamp != stamp or at < kept.since:
            offers = await load_every_promotion(tx, workspace_id, at, MOST_KEPT + 1)
            if len(offers) > MOST_KEPT:
                return await load_promotions(tx, workspace_id, shop_id=shop_id, at=at, currency=currency)
            # Read after the stamp: what changed in between is read once more.
            kept = self._kept[workspace_id] = _Kept(stamp, at, offers)
            if len(self._kept) > MOST_WORKSPACES:
                self._kept.popitem(last=False)
        return tuple(one.promotion for one in kept.offers if one.is_in(shop_id, currency, at))[:MOST]
