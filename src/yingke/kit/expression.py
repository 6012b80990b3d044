"""Regular expressions that are only tried on a text which holds what every match of theirs must hold.

A turn asks hundreds of expressions about the same few words, and most of them match nothing. So a text is taken apart
once: its letters and pairs of neighbours tell, for all expressions together, which of them cannot match.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, reduce
from itertools import count
from operator import add, or_
from typing import Generic, TypeVar

from yingke.kit.needed_pieces import DIGIT, needed_pieces

Name = TypeVar("Name")
LONGEST = 300
"""Characters; on a longer text everything is tried."""
TEXTS = 4096
_END = 1 << 62
_HAS_DIGIT = re.compile(r"\d").search
_met: dict[str, int] = {DIGIT: 0}
"""A letter, or two that stand side by side → the needs that are met by them, a bit for each."""
_numbers = count()
_all = 0


class Expression:
    """As `re.Pattern`, with the same answers."""

    __slots__ = ("_bits", "pattern", "plain")

    def __init__(self, plain: re.Pattern[str], bits: int) -> None:
        self.plain = plain
        self._bits = bits
        self.pattern: str = plain.pattern

    def search(self, text: str, begin: int = 0, end: int = _END) -> re.Match[str] | None:
        return None if unmet(text) & self._bits else self.plain.search(text, begin, end)

    def match(self, text: str, begin: int = 0, end: int = _END) -> re.Match[str] | None:
        return None if unmet(text) & self._bits else self.plain.match(text, begin, end)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        return None if unmet(text) & self._bits else self.plain.fullmatch(text)

    def finditer(self, text: str, begin: int = 0, end: int = _END) -> Iterator[re.Match[str]]:
        return iter(()) if unmet(text) & self._bits else self.plain.finditer(text, begin, end)

    def findall(self, text: str) -> list[str]:
        return [] if unmet(text) & self._bits else self.plain.findall(text)

    def sub(self, by: str | Callable[[re.Match[str]], str], text: str, count: int = 0) -> str:
        return text if unmet(text) & self._bits else self.plain.sub(by, text, count)

    def split(self, text: str) -> list[str]:
        return [text] if unmet(text) & self._bits else self.plain.split(text)


class OneOf(Generic[Name]):
    """Several, each with what it stands for, of which few match: those that cannot are passed over together."""

    __slots__ = ("_known",)

    def __init__(self, known: Iterable[tuple[Name, Expression]]) -> None:
        self._known = [(name, one._bits, one.plain.search) for name, one in known]

    def search(self, text: str) -> Iterator[tuple[Name, re.Match[str]]]:
        """Those that match, in order."""
        missing = unmet(text)
        return (
            (name, match)
            for name, bits, search in self._known
            if not missing & bits and (match := search(text)) is not None
        )

    def first(self, text: str) -> Name | None:
        """The first that matches."""
        missing = unmet(text)
        for name, bits, search in self._known:
            if not missing & bits and search(text) is not None:
                return name
        return None


def expression(words: str, flags: int | re.RegexFlag = 0) -> Expression:
    """Compiles as `re.compile` does. Where a match need not hold anything in particular every text is tried."""
    return Expression(re.compile(words, flags), sum(map(_bit_of, needed_pieces(words, int(flags)))))


def _bit_of(pieces: frozenset[str]) -> int:
    """A new need, met by any of these."""
    global _all
    bit = 1 << next(_numbers)
    for piece in pieces:
        _met[piece] = _met.get(piece, 0) | bit
    _all |= bit
    unmet.cache_clear()
    return bit


@lru_cache(maxsize=TEXTS)
def unmet(text: str) -> int:
    """The needs that `text` does not meet, a bit for each. Some µs, once for all expressions."""
    small = text.lower()
    if len(text) > LONGEST or (not text.isascii() and (small != text.casefold() or "ı" in small or "İ" in text)):
        return 0
    pieces = {*small, *map(add, small, small[1:])} & _met.keys()
    if _HAS_DIGIT(text):
        pieces.add(DIGIT)
    return _all & ~reduce(or_, map(_met.__getitem__, pieces), 0)
