"""Regular expressions that are only tried on a text which holds what every match of theirs must hold.

A turn asks hundreds of expressions about the same few words, and most of them match nothing. So a text is taken apart
once: its letters and pairs of neighbours tell, for all expressions together, which of them can match at all.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import chain, count
from operator import add

from yingke.kit.needed_pieces import DIGIT, needed_pieces

LONGEST = 300
"""Characters; on a longer text everything is tried."""
TEXTS = 2048
_ALL = -1
_END = 1 << 62
_HAS_DIGIT = re.compile(r"\d").search
_reach: dict[str, int] = {}
"""Piece → the needs that it meets, a bit for each."""
_numbers = count()


class Expression:
    """As `re.Pattern`, with the same answers."""

    __slots__ = ("_bits", "pattern", "plain")

    def __init__(self, plain: re.Pattern[str], bits: int) -> None:
        self.plain = plain
        self._bits = bits
        self.pattern: str = plain.pattern

    def search(self, text: str, begin: int = 0, end: int = _END) -> re.Match[str] | None:
        return self.plain.search(text, begin, end) if called_for(text) & self._bits == self._bits else None

    def match(self, text: str, begin: int = 0, end: int = _END) -> re.Match[str] | None:
        return self.plain.match(text, begin, end) if called_for(text) & self._bits == self._bits else None

    def fullmatch(self, text: str) -> re.Match[str] | None:
        return self.plain.fullmatch(text) if called_for(text) & self._bits == self._bits else None

    def finditer(self, text: str, begin: int = 0, end: int = _END) -> Iterator[re.Match[str]]:
        return self.plain.finditer(text, begin, end) if called_for(text) & self._bits == self._bits else iter(())

    def findall(self, text: str) -> list[str]:
        return self.plain.findall(text) if called_for(text) & self._bits == self._bits else []

    def sub(self, by: str | Callable[[re.Match[str]], str], text: str, count: int = 0) -> str:
        return self.plain.sub(by, text, count) if called_for(text) & self._bits == self._bits else text

    def split(self, text: str) -> list[str]:
        return self.plain.split(text) if called_for(text) & self._bits == self._bits else [text]


def expression(words: str, flags: int | re.RegexFlag = 0) -> Expression:
    """Compiles as `re.compile` does. Where a match need not hold anything in particular every text is tried."""
    return Expression(re.compile(words, flags), sum(map(_bit_of, needed_pieces(words, int(flags)))))


def _bit_of(pieces: frozenset[str]) -> int:
    """A new bit, which any of these sets."""
    bit = 1 << next(_numbers)
    for piece in pieces:
        _reach[piece] = _reach.get(piece, 0) | bit
    called_for.cache_clear()
    return bit


@lru_cache(maxsize=TEXTS)
def called_for(text: str) -> int:
    """The bits of the needs that `text` meets. Some 5 µs, once for all expressions."""
    small = text.lower()
    if len(text) > LONGEST or (not text.isascii() and (small != text.casefold() or "ı" in small or "İ" in text)):
        return _ALL
    found = _reach.get(DIGIT, 0) if _HAS_DIGIT(text) else 0
    for piece in _reach.keys() & set(chain(small, map(add, small, small[1:]))):
        found |= _reach[piece]
    return found
