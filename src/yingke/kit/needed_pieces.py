"""What a text must hold so that a regular expression can match it: read from the expression as Python itself parses it."""

from dataclasses import dataclass
from functools import cache
from itertools import product
from re import _constants as sign  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

MOST_STRINGS = 128
MOST_PIECES = 1500
MOST_NEEDS = 2
DIGIT = r"\d"
"""The piece that stands for any digit."""
_NOTHING = frozenset(("",))
_COMMON = frozenset("的有我你是不吗么了一个这那多少能什可以请问要想好在怎到,，。?？ \naeiou")
_WIDE = 40
"""So many signs in brackets are still written out."""

Needs = tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class _Told:
    """`strings`: all that it can match, in lower case, where these are few; `needs`: of each set one piece stands in every
    match, the surest first; empty where nothing is sure."""

    strings: frozenset[str] | None
    needs: Needs = ()


_UNSURE = _Told(None)


def needed_pieces(words: str, flags: int) -> Needs:
    """Sets of letters and pairs of neighbours in lower case: one of each set stands in every match. Empty: not known.

    Sound for every flag: a text is compared in lower case, and letters with other than one small form are left aside.
    """
    return tuple(needs for needs in _needs(_of_all(_parser.parse(words, flags))) if len(needs) <= MOST_PIECES)


def _of_all(items: Any) -> _Told:
    """Of parts that follow each other: the surest of what they need, or what they spell together."""
    found: list[frozenset[str]] = []
    run, is_whole = _NOTHING, True
    for item in items:
        told = _of(*item)
        joined = _joined(run, told.strings) if told.strings is not None else None
        if joined is not None:
            run = joined
            continue
        is_whole = False
        found += [*_pieces_of(run), *told.needs]
        run = told.strings if told.strings is not None else _NOTHING
    return _Told(run) if is_whole else _Told(None, _surest([*found, *_pieces_of(run)]))


def _of(kind: Any, value: Any) -> _Told:
    match kind:
        case sign.LITERAL:
            small = _small(value)
            return _Told(frozenset((small,))) if small is not None else _UNSURE
        case sign.IN:
            return _of_set(value)
        case sign.AT | sign.ASSERT | sign.ASSERT_NOT:
            return _Told(_NOTHING)
        case sign.SUBPATTERN:
            return _of_all(value[3])
        case sign.ATOMIC_GROUP:
            return _of_all(value)
        case sign.BRANCH:
            return _of_one([_of_all(way) for way in value[1]])
        case sign.MAX_REPEAT | sign.MIN_REPEAT | sign.POSSESSIVE_REPEAT:
            return _of_some(*value)
    return _UNSURE


def _of_set(items: Any) -> _Told:
    found: set[str] = set()
    has_digits = False
    for kind, value in items:
        if kind is sign.CATEGORY and value is sign.CATEGORY_DIGIT:
            has_digits = True
            continue
        if kind is not sign.LITERAL and kind is not sign.RANGE:
            return _UNSURE
        codes = range(value, value + 1) if kind is sign.LITERAL else range(value[0], value[1] + 1)
        if len(codes) + len(found) > _WIDE:
            return _UNSURE
        for code in codes:
            small = _small(code)
            if small is None:
                return _UNSURE
            found.add(small)
    return _Told(None, (frozenset(found | {DIGIT}),)) if has_digits else _Told(frozenset(found))


def _of_one(ways: list[_Told]) -> _Told:
    """Of alternatives: what each of them needs."""
    strings: frozenset[str] | None = frozenset()
    for way in ways:
        strings = strings | way.strings if strings is not None and way.strings is not None else None
    if strings is not None and len(strings) > MOST_STRINGS:
        strings = None
    each = [_needs(way) for way in ways]
    if not all(each):
        return _Told(strings)
    # Who needs one thing only needs it once more.
    return _Told(
        strings, _surest(frozenset().union(*(one[min(at, len(one) - 1)] for one in each)) for at in range(MOST_NEEDS))
    )


def _of_some(least: int, most: Any, items: Any) -> _Told:
    told = _of_all(items)
    if (least, most) == (0, 1) and told.strings is not None:
        return _Told(told.strings | _NOTHING)
    if (least, most) == (1, 1):
        return told
    return _Told(None, _needs(told) if least > 0 else ())


def _small(code: int) -> str | None:
    """None for the few whose small form is not one letter, or matches another letter as well."""
    letter = chr(code)
    small = letter.lower()
    return small if len(small) == 1 and small == letter.casefold() and letter not in "ıİ" else None


def _joined(first: frozenset[str], second: frozenset[str]) -> frozenset[str] | None:
    if len(first) * len(second) > MOST_STRINGS:
        return None
    return frozenset(a + b for a, b in product(first, second))


def _needs(told: _Told) -> Needs:
    return _surest([*told.needs, *(_pieces_of(told.strings) if told.strings is not None else ())])


def _pieces_of(strings: frozenset[str]) -> Needs:
    """One piece of each, and another one of each; nothing where one of them is empty."""
    if not strings or "" in strings:
        return ()
    cut = [sorted(_cut(one), key=_weight) for one in strings]
    return _surest(frozenset(pieces[min(at, len(pieces) - 1)] for pieces in cut) for at in range(MOST_NEEDS))


def _cut(string: str) -> list[str]:
    return [string[at : at + 2] for at in range(len(string) - 1)] or [string]


def _surest(found: Any) -> Needs:
    """Each once, those that fewest texts meet."""
    return tuple(sorted(dict.fromkeys(found), key=lambda pieces: sum(map(_weight, pieces)))[:MOST_NEEDS])


@cache
def _weight(piece: str) -> int:
    """How often it may be expected in a text."""
    if piece == DIGIT:
        return 40
    common = sum(one in _COMMON for one in piece)
    return (1, 2, 6)[common] if len(piece) > 1 else 60 if common else 8
