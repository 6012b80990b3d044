"""What a message speaks of, in which order: 「叫」 before 「店长」 calls, 「店长」 before 「推荐」 does not, whoever the 店长 is.

Runs of signs know only what was learnt letter by letter; these know words by what they mean (`words.toml`), so that a wish
with a new word for the person, or an accident with another part of the body, sounds like those that were learnt.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

from yingke.knowledge.fold import fold

LONGEST: Final = 160
"""So many signs are read, from the beginning."""
NEAR: Final = 3
"""So many words on, two still stand together."""
KINDS: Final = 52
"""Room for so many kinds of words; the kinds themselves stand first, then each pair of them."""
SLOTS: Final = KINDS * (KINDS + 1)
_LATIN = re.compile(r"[a-z]")


def traits_of(text: str) -> NDArray[np.intp]:
    """Which weights count, perhaps none; about 10 µs."""
    kinds = _kinds_in(fold(text)[:LONGEST])
    found = set(kinds)
    for at, kind in enumerate(kinds):
        row = KINDS * (kind + 1)
        found.update(row + other for other in kinds[at + 1 : at + 1 + NEAR])
    return np.fromiter(found, dtype=np.intp, count=len(found))


def _kinds_in(folded: str) -> list[int]:
    """The kinds of its words, one after the other."""
    found: list[int] = []
    by_first, read = _words(), 0
    for at, sign in enumerate(folded):
        if at < read or sign not in by_first:
            continue
        for word, kind in by_first[sign]:
            if folded.startswith(word, at) and not (_LATIN.match(sign) and _inside_word(folded, at, len(word))):
                if not found or found[-1] != kind:
                    found.append(kind)
                read = at + len(word)
                break
    return found


def _inside_word(folded: str, at: int, length: int) -> bool:
    before, after = folded[at - 1 : at] if at else "", folded[at + length : at + length + 1]
    return bool(_LATIN.match(before) or _LATIN.match(after))


@cache
def _words() -> dict[str, tuple[tuple[str, int], ...]]:
    """First sign → (word, its kind), the longest first. A word under two kinds has the one named first."""
    stored = tomllib.loads(files("yingke.assistants.calls").joinpath("words.toml").read_text("utf-8"))
    kinds: dict[str, int] = {}
    for kind, words in enumerate(stored.values()):
        for word in words.split():
            kinds.setdefault(fold(word.replace("_", " ")), kind)
    by_first: dict[str, list[tuple[str, int]]] = {}
    for word, kind in kinds.items():
        if word:
            by_first.setdefault(word[0], []).append((word, kind))
    return {sign: tuple(sorted(words, key=lambda one: -len(one[0]))) for sign, words in by_first.items()}
