"""The words of what a workspace sells, in memory: which products a need may mean, without a query. Price, stock and whether
a product is still sold are never here: they are read of the candidates, live."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from yingke.commerce.finding.find_products import ELSEWHERE, IN_TITLE, told_by
from yingke.commerce.finding.need import Need
from yingke.commerce.words.own_words import as_kept


@dataclass(frozen=True, slots=True)
class Words:
    """Of one product as it was at `stamp` (the database's mark of that state): in its title, of its kind and variants,
    elsewhere. `shop_ids` None: of every shop."""

    stamp: int
    named: tuple[str, ...]
    kind: tuple[str, ...]
    rest: tuple[str, ...]
    shop_ids: tuple[int, ...] | None = None

    @property
    def count(self) -> int:
        return len(self.named) + len(self.kind) + len(self.rest)


@dataclass(frozen=True)
class Listing:
    """`newest` is the highest id of any product, listed or not: where the database knows a higher one, this is old."""

    newest: int
    products: Mapping[int, Words]

    def prepare(self) -> None:
        """Works out what the first question would otherwise wait for."""
        _ = self._named, self._kind, self._rest

    @cached_property
    def size(self) -> int:
        return sum(words.count for words in self.products.values())

    @cached_property
    def _named(self) -> dict[str, list[int]]:
        return _index((id, words.named) for id, words in self.products.items())

    @cached_property
    def _kind(self) -> dict[str, list[int]]:
        return _index((id, words.kind) for id, words in self.products.items())

    @cached_property
    def _rest(self) -> dict[str, list[int]]:
        return _index((id, words.rest) for id, words in self.products.items())

    def candidates(self, need: Need, shop_id: int | None, *, keeps_things: bool) -> dict[int, float]:
        """Id → score, as the search of the database scores them: of the things that are named, or by the telling words."""
        if keeps_things and (things := need.tokens("t:")):
            ids = {
                id for token in things for place in (self._named, self._kind) for id in place.get(as_kept(token), ())
            }
        else:
            places = (self._named, self._kind, self._rest)
            ids = {id for token in told_by(need) for place in places for id in place.get(as_kept(token), ())}
        scores = {id: 0.0 for id in ids if self._is_of(id, shop_id)}
        for one in need.concepts:
            for place, share in ((self._named, IN_TITLE), (self._kind, ELSEWHERE), (self._rest, ELSEWHERE)):
                for id in place.get(as_kept(one.token), ()):
                    if id in scores:
                        scores[id] += one.weight * share
        return scores

    def _is_of(self, id: int, shop_id: int | None) -> bool:
        shop_ids = self.products[id].shop_ids
        return shop_ids is None or shop_id is None or shop_id in shop_ids


def _index(words: Iterable[tuple[int, tuple[str, ...]]]) -> dict[str, list[int]]:
    index: dict[str, list[int]] = {}
    for id, some in words:
        for word in some:
            index.setdefault(word, []).append(id)
    return index
