"""Looks through what is about to be said for every word of a workspace at once, in one walk over the text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from yingke.conversations.guarding.fold_words import fold_words, places
from yingke.conversations.guarding.word import LONGEST, WEIGHT, Found, Judged, Word

GAP = 8
"""How many characters a wildcard may stand for."""
CONTEXT = 6
"""How many characters behind a word may still make it harmless."""
MOST_FOUND = 40
_END = ""
_ENDS = re.compile(r"[。！？；!?;\n]")
_CLAUSE = re.compile(r"[，。！？；,!?;\n：:、]")
_NEGATED = re.compile(
    r"(?:不(?:能|可|敢|会|是|算|属于|保证|承诺|一定|存在|建议|提供|支持|得|宜|要说|应|允许|做|用|该)|没有?|没法|无法|无需|并非|并不|未必|别|勿|谈不上|禁止|避免|谨防|拒绝"
    r"|not|never|no|cannot|cant|dont|wont|isnt|without).{0,7}$"
)
_Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`text`: with every word that is to be changed replaced by what is proposed. `found` in the order of the text."""

    level: Judged = "ok"
    found: tuple[Found, ...] = ()
    text: str = ""

    @property
    def is_mended(self) -> bool:
        """True when `text` says nothing any more that is blocked."""
        return all(one.word.proposal or one.word.level != "block" for one in self.found)


@dataclass(slots=True)
class WordGuard:
    """Compiled once a workspace and version. `check` costs microseconds and never more than one walk per start."""

    words: tuple[Word, ...]
    version: int = 0
    _root: _Node = field(default_factory=dict)
    _starts: "re.Pattern[str]" = field(default_factory=lambda: re.compile(r"(?!)"))

    @classmethod
    def of(cls, words: Iterable[Word], version: int = 0) -> "WordGuard":
        guard = cls(tuple(word for word in words if word.parts), version)
        for word in guard.words:
            node = guard._root
            for mark in word.parts[0]:
                node = node.setdefault(mark, {})
            node.setdefault(_END, []).append(word)
        if guard._root:
            guard._starts = re.compile("[" + "".join(re.escape(mark) for mark in guard._root) + "]")
        return guard

    def check(self, text: str, *, channel: str = "website", shop_id: int | None = None) -> Verdict:
        """What of `text` may not be said on `channel` in the shop. Nothing found: level ok and the text itself."""
        folded = fold_words(text)
        hits = [hit for hit in self._hits(folded) if _counts(hit[0], channel, shop_id)]
        if not hits:
            return Verdict(text=text)
        where = places(text)
        found = [
            Found(word, text[where[start] : where[end - 1] + 1], where[start], where[end - 1] + 1)
            for word, start, end in hits
            if not _is_inside_word(text, word, where[start], where[end - 1] + 1)
        ]
        kept = _without_overlaps(found)
        if not kept:
            return Verdict(text=text)
        level = max((one.word.level for one in kept), key=lambda one: WEIGHT[one])
        return Verdict(level, tuple(kept), _replaced(text, kept))

    def unsure_from(self, text: str) -> int:
        """From which place on `text`, should it go on, may still become something else than it looks now."""
        folded = fold_words(text)
        length = len(folded)
        for start in range(max(0, length - LONGEST - GAP), length):
            node: _Node | None = self._root
            for place in range(start, length):
                node = node.get(folded[place]) if node is not None else None
                if node is None:
                    break
                if node.get(_END) and length - place <= CONTEXT + _reach(node[_END]):
                    return places(text)[start]
            else:
                return places(text)[start]
        return len(text)

    def _hits(self, folded: str) -> list[tuple[Word, int, int]]:
        hits: list[tuple[Word, int, int]] = []
        for match in self._starts.finditer(folded):
            start = match.start()
            node: _Node | None = self._root
            for place in range(start, len(folded)):
                node = node.get(folded[place]) if node is not None else None
                if node is None:
                    break
                for word in node.get(_END, ()):
                    end = _end_of(folded, word, place + 1)
                    if end and not _passes(folded, word, start, end):
                        hits.append((word, start, end))
            if len(hits) >= MOST_FOUND:
                break
        return hits


def _reach(words: list[Word]) -> int:
    """How far behind its first part a word may still go on."""
    return max(sum(GAP + len(part) for part in word.parts[1:]) for word in words)


def _end_of(folded: str, word: Word, place: int) -> int:
    """Where the word ends whose first part ends at `place`; 0 when the rest of it does not follow."""
    for part in word.parts[1:]:
        found = folded.find(part, place, place + GAP + len(part))
        if found < 0 or _ENDS.search(folded, place, found):
            return 0
        place = found + len(part)
    return place


def _passes(folded: str, word: Word, start: int, end: int) -> bool:
    for before, behind in word.unless:
        if folded.startswith(behind, end) and (not before or folded.endswith(before, 0, start)):
            return True
    if not word.passes_negated:
        return False
    clause = _CLAUSE.split(folded[max(0, start - 14) : start])[-1]
    return bool(_NEGATED.search(clause))


def _counts(word: Word, channel: str, shop_id: int | None) -> bool:
    return (not word.channels or channel in word.channels) and (
        not word.shops or shop_id is None or shop_id in word.shops
    )


def _is_inside_word(text: str, word: Word, start: int, end: int) -> bool:
    """An English word counts only as a whole: 「best」 is not in 「bestow」."""
    first, last = text[start], text[end - 1]
    before = text[start - 1] if start else " "
    behind = text[end] if end < len(text) else " "
    return (_is_latin(first) and _is_latin(before)) or (_is_latin(last) and _is_latin(behind))


def _is_latin(mark: str) -> bool:
    return mark.isascii() and mark.isalpha()


def _without_overlaps(found: list[Found]) -> list[Found]:
    """Of words that lie over each other the weightier stays, of equal ones the longer."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda one: (-WEIGHT[one.word.level], one.start - one.end, one.start)):
        if all(one.end <= other.start or one.start >= other.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


def _replaced(text: str, found: list[Found]) -> str:
    out, place = [], 0
    for one in found:
        if one.word.level == "warn" or (one.word.level == "block" and not one.word.proposal):
            continue
        out += [text[place : one.start], one.word.proposal]
        place = one.end
    return "".join(out) + text[place:]
