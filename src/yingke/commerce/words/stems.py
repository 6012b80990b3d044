"""The stems of the table as a reader of one language looks for them: by their first letter, the longest first."""

import unicodedata
from functools import cache

from yingke.commerce.words.foreign import Kind, rows

_SIGNS = " ,.!?…;:¡¿。，！？\"'«»„“”‘’"
_THANKS = "谢谢"


def bare(text: str, language: str) -> str:
    """In small letters, and without accents where people leave them out; as long as `text`."""
    small = "".join(one if len(one) == 1 else raw for raw, one in ((raw, raw.lower()) for raw in text))
    if language not in ("es", "fr", "de", "pt", "it"):
        return small
    return "".join(unicodedata.normalize("NFD", one)[0] for one in small)


@cache
def things_in_english(first: str) -> list[tuple[str, Kind, str]]:
    """Where another script is written, an English word stands for the thing as well: table 재고 있나요."""
    return [one for one in stems("en").get(first, ()) if one[1] == "thing"]


def said_wholly(small: str, language: str) -> str:
    """The Chinese for a message that is nothing but a short answer, thanks behind it or not: a mere no is a no, and
    the beginning of «no funciona» is none. Empty for all others. `small` is `bare`."""
    said, known = small.strip(_SIGNS), _wholes(language)
    before, _, last = said.rpartition(" ")
    is_thanks = bool(before) and any(
        one[2] == _THANKS and last.startswith(one[0]) for one in stems(language).get(last[:1], ())
    )
    return known.get(said) or (known.get(before.strip(_SIGNS), "") if is_thanks else "")


@cache
def _wholes(language: str) -> dict[str, str]:
    return {
        bare(unicodedata.normalize("NFKC", raw), language): row.chinese[0]
        for row in rows()
        if row.kind == "whole"
        for raw in row.stems[language]
    }


@cache
def stems(language: str) -> dict[str, list[tuple[str, Kind, str]]]:
    """First character → (stem, kind, Chinese), the longest first."""
    grouped: dict[str, dict[str, tuple[str, Kind, str]]] = {}
    for row in rows():
        if row.kind == "whole":
            continue
        chinese = "one" if row.kind == "number" and row.chinese[0] == "1" else row.chinese[0]
        for raw in row.stems[language]:
            stem = bare(unicodedata.normalize("NFKC", raw), language)
            grouped.setdefault(stem[0], {}).setdefault(stem, (stem, row.kind, chinese))
    return {first: sorted(several.values(), key=lambda one: -len(one[0])) for first, several in grouped.items()}
