"""What a message in one of twelve languages says of goods, in English shop words: enough to find what is meant.

It is no translation: what no row of `foreign.tsv` knows is left out, and nothing of it is ever shown.
"""

import unicodedata
from functools import cache
from importlib.resources import files

LANGUAGES = ("ja", "ko", "es", "fr", "de", "pt", "ru", "it", "vi", "th", "ar", "id")
"""The columns of `foreign.tsv` behind the English words."""


def in_english(text: str, tag: str) -> str:
    """The English words for what is said in the language of `tag`, longest first; empty where none is known."""
    language = tag.split("-")[0]
    if language not in LANGUAGES:
        return ""
    said = unicodedata.normalize("NFKC", text).casefold()
    found: list[tuple[int, str]] = []
    for stem, english in _stems()[language]:
        at = said.find(stem)
        if at >= 0:
            found.append((at, english))
            # What one phrase has said, a shorter one within it does not say again.
            said = said.replace(stem, " " * len(stem))
    return " ".join(dict.fromkeys(english for _, english in sorted(found)))


@cache
def _stems() -> dict[str, list[tuple[str, str]]]:
    rows = files("yingke.commerce.words").joinpath("foreign.tsv").read_text("utf-8").splitlines()
    stems: dict[str, list[tuple[str, str]]] = {language: [] for language in LANGUAGES}
    for row in rows:
        english, *columns = row.split("\t")
        for language, column in zip(LANGUAGES, columns, strict=True):
            stems[language] += [(unicodedata.normalize("NFKC", stem).casefold(), english) for stem in column.split(",")]
    return {language: sorted(several, key=lambda one: -len(one[0])) for language, several in stems.items()}
