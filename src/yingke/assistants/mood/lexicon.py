"""Finds words that carry a feeling, with what stands before them: 不满意 is no praise, 太满意了 is much."""

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

KINDS = ("good", "bad", "angry", "anxious", "asks")
_BEFORE = 4
"""So many signs before a word are looked at for a word that turns it around or makes it stronger."""
_LATIN = re.compile(r"[a-z]")


@dataclass(frozen=True, slots=True)
class _Lexicon:
    by_first: dict[str, tuple[tuple[str, tuple[str, ...]], ...]]
    """First sign → (word, its kinds), the longest first; a word without kinds only hides what is inside it."""
    flips: tuple[str, ...]
    more: tuple[str, ...]


@dataclass(slots=True)
class Feelings:
    """How often each kind was found; `flipped_good`: praise denied, `flipped_bad`: fault denied."""

    counts: dict[str, float] = field(default_factory=lambda: dict.fromkeys(KINDS, 0.0))
    flipped_good: float = 0.0
    flipped_bad: float = 0.0
    last: int = 0
    """+1 when the last word with a side was good, -1 when it was bad: 「虽然慢，但是很满意」."""


def feelings(folded: str) -> Feelings:
    """Of a text in lower case and simplified characters. A few µs for a chat message."""
    lexicon = _lexicon()
    found, read = Feelings(), 0
    by_first = lexicon.by_first
    for at, sign in enumerate(folded):
        if sign not in by_first or at < read:
            continue
        word = _word_at(lexicon, folded, at)
        if word is None:
            continue
        text, kinds = word
        if kinds:
            _count(lexicon, found, kinds, folded[max(0, at - _BEFORE) : at])
        read = at + len(text)
    return found


def _word_at(lexicon: _Lexicon, folded: str, at: int) -> tuple[str, tuple[str, ...]] | None:
    for text, kinds in lexicon.by_first.get(folded[at], ()):
        if folded.startswith(text, at) and not (_LATIN.match(text[0]) and _inside_word(folded, at, len(text))):
            return text, kinds
    return None


def _inside_word(folded: str, at: int, length: int) -> bool:
    before, after = folded[at - 1 : at] if at else "", folded[at + length : at + length + 1]
    return bool(_LATIN.match(before) or _LATIN.match(after))


def _count(lexicon: _Lexicon, found: Feelings, kinds: tuple[str, ...], before: str) -> None:
    weight = 1.5 if before.endswith(lexicon.more) else 1.0
    is_flipped = any(flip in before for flip in lexicon.flips) if before else False
    for kind in kinds:
        if is_flipped and kind == "good":
            found.flipped_good += weight
            found.last = -1
        elif is_flipped and kind in ("bad", "angry", "anxious"):
            found.flipped_bad += weight if kind == "bad" else 0.0
        else:
            found.counts[kind] += weight
            if kind in ("good", "bad"):
                found.last = 1 if kind == "good" else -1


@cache
def _lexicon() -> _Lexicon:
    stored = tomllib.loads(files("yingke.assistants.mood").joinpath("words.toml").read_text("utf-8"))
    kinds: dict[str, tuple[str, ...]] = dict.fromkeys(stored["neutral"].split(), ())
    for kind in KINDS:
        for word in stored[kind].split():
            plain = word.replace("_", " ")
            if kind not in kinds.get(plain, ()):
                kinds[plain] = (*kinds.get(plain, ()), kind)
    by_first: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for word, its in kinds.items():
        by_first.setdefault(word[0], []).append((word, its))
    return _Lexicon(
        {first: tuple(sorted(words, key=lambda one: -len(one[0]))) for first, words in by_first.items()},
        tuple(stored["flips"].split()),
        tuple(stored["more"].split()),
    )
