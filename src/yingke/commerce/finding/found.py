"""What a search of the shop gives back. Money in minor units beside the product's currency."""

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Literal, Self


@dataclass(frozen=True, slots=True)
class FoundVariant:
    """`stock` None: the shop does not say."""

    id: int
    external_id: str
    sku: str
    title: str
    attributes: dict[str, str]
    price_minor: int
    compare_at_minor: int | None
    stock: int | None
    restock_at: datetime | None
    seen_at: datetime

    @property
    def is_available(self) -> bool:
        return self.stock is None or self.stock > 0


@dataclass(frozen=True, slots=True)
class FoundProduct:
    """`fitting` are the variants that fit what was asked; all of them when nothing about a variant was asked."""

    id: int
    connection_id: int | None
    external_id: str
    code: str
    title: str
    description: str
    category: str
    attributes: dict[str, str]
    url: str | None
    picture_url: str | None
    currency: str
    no_seven_days: bool
    is_listed: bool
    is_demo: bool
    seen_at: datetime
    variants: tuple[FoundVariant, ...]
    fitting: tuple[FoundVariant, ...]
    score: float = 0.0

    @property
    def is_available(self) -> bool:
        return any(one.is_available for one in self.fitting)

    def with_score(self, score: float) -> Self:
        values = [*_rest_of(self), self.fitting, score]
        return type(self)(*values)

    def with_fitting(self, fitting: tuple[FoundVariant, ...]) -> Self:
        values = [*_rest_of(self), fitting, self.score]
        return type(self)(*values)


# A fifth of the time that `dataclasses.replace` takes, which is asked for dozens of products in a turn.
_rest_of = attrgetter(*list(FoundProduct.__dataclass_fields__)[:-2])


@dataclass(frozen=True, slots=True)
class Filter:
    """What was searched by, in words. `is_relaxed`: nothing would have been left, so it was let go."""

    kind: Literal["thing", "trait", "colour", "size", "people", "price", "stock", "category"]
    zh: str
    en: str
    is_relaxed: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """The best first; of equally fitting ones what is in stock first."""

    products: tuple[FoundProduct, ...]
    filters: tuple[Filter, ...]
