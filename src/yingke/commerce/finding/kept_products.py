"""Products as they were last read, each with the database's marks of that state: reading them again is comparing marks."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import TypeAlias

from yingke.commerce.finding.found import FoundProduct

MOST = 2_000
Stamp: TypeAlias = tuple[int, tuple[int, ...]]
"""Of the product's row and of each of its variants that is sold: every change of a row gives it another one, and a variant
that comes or goes changes how many there are."""


class KeptProducts:
    """Of all workspaces that this process serves; what was asked for longest ago goes first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, tuple[Stamp, FoundProduct]] = OrderedDict()

    def has(self, ids: Sequence[int]) -> bool:
        """Whether all of these were read before, whatever became of them since."""
        return all(id in self._kept for id in ids)

    def find(self, id: int, stamp: Stamp) -> FoundProduct | None:
        """The product, if it still is as it was."""
        kept = self._kept.get(id)
        if kept is None or kept[0] != stamp:
            return None
        self._kept.move_to_end(id)
        return kept[1]

    def keep(self, stamp: Stamp, product: FoundProduct) -> None:
        self._kept[product.id] = stamp, product
        self._kept.move_to_end(product.id)
        if len(self._kept) > MOST:
            self._kept.popitem(last=False)
