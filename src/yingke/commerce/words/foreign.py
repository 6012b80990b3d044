"""The shop words of thirteen languages beside their Chinese: the one table that the skills and the knowledge read.

A row of `foreign.tsv` is Chinese first, then one cell of stems for each of LANGUAGES. Before the Chinese may stand what
the row is: `+` a thing that shops sell, `#` a unit that follows a number, `~` a number, `!` a yes or no with which a message
begins, `.` what is meant so only where it is all that is said, `=` other words that are read but
never searched by. Without a mark the row serves the search as well, by all of its Chinese words.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

LANGUAGES = ("en", "ja", "ko", "es", "fr", "de", "pt", "ru", "it", "vi", "th", "ar", "id")
"""The columns of the table behind the Chinese."""
Kind = Literal["thing", "unit", "number", "answer", "whole", "word"]
_KINDS: dict[str, Kind] = {"+": "thing", "#": "unit", "~": "number", "!": "answer", ".": "whole", "=": "word"}


@dataclass(frozen=True, slots=True)
class Row:
    """`chinese`: the first is said for it, the others are searched by as well."""

    kind: Kind
    chinese: tuple[str, ...]
    stems: dict[str, tuple[str, ...]]
    is_searched: bool


@cache
def rows() -> tuple[Row, ...]:
    """All rows in their order: of two that fit as well, the first is meant."""
    lines = files("yingke.commerce.words").joinpath("foreign.tsv").read_text("utf-8").splitlines()
    return tuple(map(_row, lines))


def _row(line: str) -> Row:
    chinese, *cells = line.split("\t")
    kind = _KINDS.get(chinese[0])
    stems = {
        language: tuple(filter(str.strip, cell.split(","))) for language, cell in zip(LANGUAGES, cells, strict=True)
    }
    words = (chinese[1:],) if kind else tuple(chinese.split())
    return Row(kind or "word", words, stems, is_searched=kind is None)
