"""How Chinese is spoken: readings of characters, and Latin letters cut into syllables."""

import re
from functools import cache, lru_cache
from importlib.resources import files

_LOOSE = (("zh", "z"), ("ch", "c"), ("sh", "s"))
_LOOSE_ENDS = (("ang", "an"), ("eng", "en"), ("ing", "in"))
_SYLLABLE = re.compile(r"^([zcs]h|[bpmfdtnlgkhjqxrzcsyw])?([a-z]+)$")
_LONGEST = 6


@cache
def readings() -> dict[str, str]:
    """Character → its usual reading without tone, for the common characters."""
    text = files("yingke.knowledge.correcting").joinpath("pinyin.txt").read_text(encoding="utf-8")
    lines = (line.split(" ", 1) for line in text.splitlines() if line and not line.startswith("#"))
    return {character: reading for reading, characters in lines for character in characters}


@cache
def syllables() -> frozenset[str]:
    return frozenset(readings().values())


@lru_cache(maxsize=8192)
def loose(reading: str) -> str:
    """The reading as people who do not part zh from z or ing from in write it."""
    for full, short in _LOOSE:
        if reading.startswith(full):
            reading = short + reading[len(full) :]
    for full, short in _LOOSE_ENDS:
        if reading.endswith(full):
            reading = reading[: -len(full)] + short
    return reading


def key_of(word: str) -> str | None:
    """The loose readings of a word, one after the other; None when a character is rare or not Chinese."""
    known = readings()
    found = [known.get(character) for character in word]
    return " ".join(loose(one) for one in found if one) if all(found) else None


def sounds_near(one: str, other: str) -> bool:
    """True for readings with the same beginning whose ends differ by one letter: kuai and kuan, ma and mai."""
    first, second = _SYLLABLE.match(loose(one)), _SYLLABLE.match(loose(other))
    if first is None or second is None or first[1] != second[1]:
        return False
    left, right = first[2], second[2]
    if abs(len(left) - len(right)) > 1:
        return False
    if len(left) == len(right):
        return bool(sum(a != b for a, b in zip(left, right, strict=True)) <= 1)
    short, long = sorted((left, right), key=len)
    return long.startswith(short)


def cut_syllables(letters: str) -> tuple[str, ...] | None:
    """`tuikuan` → tui kuan; None when the letters are no Chinese. The fewest syllables win."""
    best: list[tuple[str, ...] | None] = [None] * (len(letters) + 1)
    best[0] = ()
    known = syllables()
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - _LONGEST), end):
            before = best[start]
            piece = letters[start:end]
            if before is not None and piece in known and (best[end] is None or len(before) + 1 <= len(best[end] or ())):
                best[end] = (*before, piece)
    return best[-1]
