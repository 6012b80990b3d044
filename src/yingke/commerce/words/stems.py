"""The stems of the table as a reader of one language looks for them: by their first letter, the longest first."""

import unicodedata
from functools import cache

from yingke.commerce.words.foreign import Kind, rows


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


@cache
def stems(language: str) -> dict[str, list[tuple[str, Kind, str]]]:
    """First character → (stem, kind, Chinese), the longest first."""
    grouped: dict[str, dict[str, tuple[str, Kind, str]]] = {}
    for row in rows():
        chinese = "one" if row.kind == "number" and row.chinese[0] == "1" else row.chinese[0]
        for raw in row.stems[language]:
            stem = bare(unicodedata.normalize("NFKC", raw), language)
            grouped.setdefault(stem[0], {}).setdefault(stem, (stem, row.kind, chinese))
    return {first: sorted(several.values(), key=lambda one: -len(one[0])) for first, several in grouped.items()}
