"""What changed between two versions of a document: passage by passage, word by word."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

import rjieba

Mark = Literal["same", "added", "removed"]
_WORD = re.compile(r"[A-Za-z0-9]+(?:[.:/-][A-Za-z0-9]+)*|[\u3400-\u9fff]+|\s+|.", re.DOTALL)
_ALIKE = 0.5
_ALIKE_UNDER_ONE_HEADING = 0.25
_MOST_LOOKED_AT = 400


@dataclass(frozen=True, slots=True)
class Said:
    """One passage of a version. `row` holds the cells of a table row by column."""

    id: int
    ordinal: int
    kind: str
    heading: str
    text: str
    row: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """`before` None = added, `after` None = removed, both = changed."""

    before: Said | None
    after: Said | None


@dataclass(frozen=True, slots=True)
class Comparison:
    changes: list[Change]
    kept: int


def compare(before: Sequence[Said], after: Sequence[Said]) -> Comparison:
    """Changes in reading order. What only moved is kept. Blocking for large documents: call it in a thread."""
    olds, news, kept = _without_same(before, after)
    pairs, olds, news = _by_key(olds, news)
    more, olds, news = _by_likeness(olds, news)
    changes = [Change(old, new) for old, new in (*pairs, *more)]
    changes += [Change(old, None) for old in olds] + [Change(None, new) for new in news]
    changes.sort(key=_place)
    return Comparison(changes, kept)


def mark_words(before: str, after: str) -> list[tuple[Mark, str]]:
    """The pieces of both texts in order; joined without "removed" they are `after`, without "added" `before`."""
    old, new = _words(before), _words(after)
    pieces: list[tuple[Mark, str]] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(("same", "".join(new[c:d])))
            continue
        if b > a:
            pieces.append(("removed", "".join(old[a:b])))
        if d > c:
            pieces.append(("added", "".join(new[c:d])))
    return pieces


def _words(text: str) -> list[str]:
    found: list[str] = []
    for piece in _WORD.findall(text):
        found += rjieba.cut(piece) if "\u3400" <= piece[0] <= "\u9fff" else [piece]
    return found


def _without_same(before: Sequence[Said], after: Sequence[Said]) -> tuple[list[Said], list[Said], int]:
    same = Counter(map(_content, before)) & Counter(map(_content, after))
    return _left_over(before, same), _left_over(after, same), same.total()


def _left_over(passages: Iterable[Said], same: Counter[tuple[str, str, str]]) -> list[Said]:
    left = Counter(same)
    found = []
    for passage in passages:
        if left[_content(passage)] > 0:
            left[_content(passage)] -= 1
        else:
            found.append(passage)
    return found


def _content(passage: Said) -> tuple[str, str, str]:
    return passage.kind, passage.heading, passage.text


def _key(passage: Said) -> tuple[str, str]:
    """What a passage is about: the first cell of its row, its question, or its heading."""
    if passage.kind == "row" and passage.row:
        return passage.kind, next(iter(passage.row.values()))
    return passage.kind, passage.heading


def _by_key(olds: list[Said], news: list[Said]) -> tuple[list[tuple[Said, Said]], list[Said], list[Said]]:
    waiting: dict[tuple[str, str], list[Said]] = defaultdict(list)
    for old in olds:
        waiting[_key(old)].append(old)
    pairs: list[tuple[Said, Said]] = []
    left: list[Said] = []
    for new in news:
        least = 0.0 if new.kind != "text" else _ALIKE_UNDER_ONE_HEADING
        alike = _most_alike(new, waiting[_key(new)], least) if new.heading or new.row else None
        if alike is None:
            left.append(new)
        else:
            waiting[_key(new)].remove(alike)
            pairs.append((alike, new))
    used = {old.id for old, _ in pairs}
    return pairs, [old for old in olds if old.id not in used], left


def _by_likeness(olds: list[Said], news: list[Said]) -> tuple[list[tuple[Said, Said]], list[Said], list[Said]]:
    """Passages whose heading changed too. Bounded: in a document rewritten from end to end nothing is alike anyway."""
    if max(len(olds), len(news)) > _MOST_LOOKED_AT:
        return [], olds, news
    pairs, left, waiting = [], [], list(olds)
    for new in news:
        old = _most_alike(new, waiting, _ALIKE)
        if old is None:
            left.append(new)
        else:
            waiting.remove(old)
            pairs.append((old, new))
    return pairs, waiting, left


def _most_alike(new: Said, olds: Sequence[Said], least: float) -> Said | None:
    best, found = least, None
    letters = _pairs(new.text)
    for old in olds[:_MOST_LOOKED_AT]:
        likeness = _likeness(letters, _pairs(old.text))
        if likeness >= best:
            best, found = likeness, old
    return found


def _pairs(text: str) -> Counter[str]:
    return Counter(text[at : at + 2] for at in range(max(1, len(text) - 1)))


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    return 2 * (one & other).total() / max(1, one.total() + other.total())


def _place(change: Change) -> tuple[int, int]:
    passage = change.after or change.before
    assert passage is not None
    return passage.ordinal, 0 if change.after is None else 1
