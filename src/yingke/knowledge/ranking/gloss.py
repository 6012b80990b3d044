"""Chinese words for what a question in another language speaks of, so that it meets Chinese knowledge in words too."""

import re
from dataclasses import dataclass
from functools import cache

from yingke.commerce.words.foreign import rows
from yingke.knowledge.fold import fold

_HAN = re.compile(r"[\u4e00-\u9fff]")
_KANA_OR_HANGUL = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")
_FIGURES = re.compile(r"\d+")


@cache
def _terms() -> dict[str, tuple[tuple[str, str], ...]]:
    """First character → (foreign term, Chinese words), the longest first."""
    chinese: dict[str, list[str]] = {}
    for row in filter(lambda one: one.is_searched, rows()):
        for term in (stem for stems in row.stems.values() for stem in stems):
            chinese.setdefault(fold(term), []).append(" ".join(row.chinese))
    grouped: dict[str, list[tuple[str, str]]] = {}
    for term in sorted(chinese, key=len, reverse=True):
        grouped.setdefault(term[0], []).append((term, " ".join(chinese[term])))
    return {first: tuple(terms) for first, terms in grouped.items()}


@dataclass(frozen=True, slots=True)
class Glossed:
    """Chinese words with the figures of the question; `share` of its letters they stand for, 0..1."""

    words: str
    share: float


def gloss(folded: str) -> Glossed | None:
    """None for Chinese text, and where no word is known."""
    if _HAN.search(folded) and not _KANA_OR_HANGUL.search(folded):
        return None
    terms = _terms()
    found: dict[str, None] = {}
    at = met = 0
    while at < len(folded):
        end = at + 1
        if not _inside_a_word(folded, at):
            for term, words in terms.get(folded[at], ()):
                if folded.startswith(term, at):
                    found[words] = None
                    end = _end_of_word(folded, at + len(term))
                    met += end - at
                    break
        at = end
    if not found:
        return None
    letters = sum(character.isalnum() for character in folded)
    return Glossed(" ".join([*found, *_FIGURES.findall(folded)]), min(1.0, met / max(1, letters)))


def _end_of_word(folded: str, at: int) -> int:
    while at < len(folded) and _inside_a_word(folded, at):
        at += 1
    return at


def _inside_a_word(folded: str, at: int) -> bool:
    return (
        at > 0
        and folded[at].isalpha()
        and _is_latin(folded[at])
        and folded[at - 1].isalpha()
        and _is_latin(folded[at - 1])
    )


def _is_latin(character: str) -> bool:
    return character < "\u0250"
