"""The words of one workspace's knowledge that a wrongly typed word may stand for."""

import asyncio
import re
from collections.abc import Sequence
from weakref import WeakKeyDictionary

from yingke.knowledge.correcting.correct import Confusions, common_confusions
from yingke.knowledge.entry import Entry
from yingke.knowledge.fold import fold
from yingke.knowledge.names import name_of
from yingke.knowledge.terms import all_words

_SMALL = 400
_MOST_ENTRIES = 10_000
_HAN = re.compile(r"[\u4e00-\u9fff]{2,4}")


class KnownConfusions:
    """One per process. Those of a small index are worked out at once, of a larger one in a thread while the common
    words serve; they leave memory with their index."""

    def __init__(self) -> None:
        self._known: WeakKeyDictionary[object, Confusions] = WeakKeyDictionary()

    def of(self, index: object, entries: Sequence[Entry]) -> Confusions:
        """`entries`: the index's own, none where it keeps none in memory."""
        known = self._known.get(index)
        if known is not None:
            return known
        if len(entries) <= _SMALL:
            known = self._known[index] = _gather(entries)
            return known
        known = self._known[index] = common_confusions()
        asyncio.get_running_loop().create_task(self._learn(index, entries[:_MOST_ENTRIES]))
        return known

    async def _learn(self, index: object, entries: Sequence[Entry]) -> None:
        self._known[index] = await asyncio.to_thread(_gather, entries)


def _gather(entries: Sequence[Entry]) -> Confusions:
    """Names of things and the last heading over each passage: what customers name."""
    terms: dict[str, None] = {}
    for entry in entries:
        for text in (name_of(entry.row), entry.heading.rpartition(" › ")[2]):
            if text:
                folded = fold(text[:80])
                terms |= dict.fromkeys(word for word in (folded, *all_words(folded)) if _HAN.fullmatch(word))
    return Confusions.of(terms)
