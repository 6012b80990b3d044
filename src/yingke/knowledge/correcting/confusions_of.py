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
_learning: set[asyncio.Task[None]] = set()
_HAN = re.compile(r"[\u4e00-\u9fff]{2,4}")


_known: WeakKeyDictionary[object, Confusions] = WeakKeyDictionary()


def confusions_of(index: object, entries: Sequence[Entry]) -> Confusions:
    """Those of a small index are worked out at once, of a larger one in a thread while the common words serve; they
    leave memory with their index. `entries`: the index's own, none where it keeps none in memory."""
    known = _known.get(index)
    if known is not None:
        return known
    if len(entries) <= _SMALL:
        known = _known[index] = _gather(entries)
        return known
    known = _known[index] = common_confusions()
    learning = asyncio.get_running_loop().create_task(_learn(index, entries[:_MOST_ENTRIES]))
    _learning.add(learning)
    learning.add_done_callback(_learning.discard)
    return known


async def _learn(index: object, entries: Sequence[Entry]) -> None:
    _known[index] = await asyncio.to_thread(_gather, entries)


def _gather(entries: Sequence[Entry]) -> Confusions:
    """Names of things and the last heading over each passage: what customers name."""
    terms: dict[str, None] = {}
    for entry in entries:
        for text in (name_of(entry.row), entry.heading.rpartition(" › ")[2]):
            if text:
                folded = fold(text[:80])
                terms |= dict.fromkeys(word for word in (folded, *all_words(folded)) if _HAN.fullmatch(word))
    return Confusions.of(terms)
