"""One word that must not be said, as it is looked for and as it is shown."""

from dataclasses import dataclass
from typing import Literal

from yingke.conversations.guarding.fold_words import fold_words

Level = Literal["warn", "rewrite", "block"]
Judged = Literal["ok", "warn", "rewrite", "block"]
WEIGHT = {"ok": 0, "warn": 1, "rewrite": 2, "block": 3}
LONGEST = 40
MOST_PARTS = 4


@dataclass(frozen=True, slots=True)
class Word:
    """`entry`: pack/word, or own/id. `unless`: what stands before and behind it where it passes.

    `channels`, `shops`: where it counts; empty = everywhere. `passes_negated`: 「不是最低价」 is no claim. Without
    `parts` it names a kind of claim that is heard (`heard/claims_of.py`).
    """

    entry: str
    words: str
    parts: tuple[str, ...]
    level: Level
    proposal: str = ""
    unless: tuple[tuple[str, str], ...] = ()
    reason_zh: str = ""
    reason_en: str = ""
    source: str = ""
    channels: frozenset[str] = frozenset()
    shops: frozenset[int] = frozenset()
    passes_negated: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """One word found: `said` as it stands in the text from `start` to `end`."""

    word: Word
    said: str
    start: int
    end: int


def parts_of(words: str) -> tuple[str, ...]:
    """The folded pieces between the wildcards of a word; empty for one that cannot be looked for.

    `*` stands for up to eight characters of the same sentence. There are no other patterns, on purpose: a merchant's
    words can then never cost more than one walk over the text.
    """
    parts = tuple(part for piece in words.split("*") if (part := fold_words(piece)))
    if not parts or len(parts) > MOST_PARTS or len(words) > LONGEST or len("".join(parts)) < 2:
        return ()
    return () if len(parts) > 1 and len(parts[0]) < 2 else parts


def context_of(unless: str) -> tuple[str, str] | None:
    """「~的地方」 → what has to stand before and behind the word; None without `~` or with nothing beside it."""
    before, mark, behind = unless.partition("~")
    context = (fold_words(before), fold_words(behind))
    return context if mark and any(context) else None
