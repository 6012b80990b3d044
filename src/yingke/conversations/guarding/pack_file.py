"""Reads the packs of words that travel with the program: packs/<key>.toml, one a law, a trade or a platform."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from yingke.conversations.guarding.word import Level, Word, context_of, parts_of

FOLDER = Path(__file__).parent / "packs"
_LINE = re.compile(r"^(?P<words>.+?)(?:\s+=>\s*(?P<proposal>[^!]*?))?(?:\s+!\s*(?P<unless>.+))?$")
_CHOICE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Pack:
    """`is_on`: whether it counts in a workspace that has chosen nothing. `kind`: law, trade, platform, basics."""

    key: str
    kind: str
    name_zh: str
    name_en: str
    is_on: bool
    channels: frozenset[str]
    words: tuple[Word, ...]


@cache
def packs() -> dict[str, Pack]:
    """All packs by key. Raises ValueError, naming file and line, for a pack that cannot be read."""
    return {path.stem: _read(path) for path in sorted(FOLDER.glob("*.toml"))}


def _read(path: Path) -> Pack:
    raw = tomllib.loads(path.read_text("utf-8"))
    channels = frozenset(raw.get("channels", ()))
    words: dict[str, Word] = {}
    for one in raw.get("heard", ()):
        word = _heard(path.stem, one)
        words[word.entry] = word
    for group in raw.get("group", ()):
        for line in group["words"].splitlines():
            for word in _words_of(path.stem, line.strip(), group, channels):
                words.setdefault(word.entry, word)
    return Pack(
        path.stem, raw["kind"], raw["name"]["zh"], raw["name"]["en"], raw["is_on"], channels, tuple(words.values())
    )


def _heard(pack: str, one: dict[str, Any]) -> Word:
    """A kind of claim that is heard, not looked for: a word without parts."""
    reason = one["reason"]
    return Word(
        f"{pack}/{one['kind']}", one["words"], (), "warn", reason_zh=reason["zh"], reason_en=reason["en"],
        source=one["source"],
    )  # fmt: skip


def _words_of(pack: str, line: str, group: dict[str, Any], channels: frozenset[str]) -> list[Word]:
    if not line or line.startswith("#"):
        return []
    match = _LINE.match(line)
    if match is None:
        raise ValueError(f"{pack}: {line}")
    unless = [*group.get("unless", ()), *(match["unless"].split(",") if match["unless"] else ())]
    contexts = tuple(context for one in unless for choice in choices_of(one.strip()) if (context := context_of(choice)))
    level: Level = group["level"]
    made = []
    for words in choices_of(match["words"].strip()):
        parts = parts_of(words)
        if not parts:
            raise ValueError(f"{pack}: {words}")
        made.append(
            Word(
                entry=f"{pack}/{words}",
                words=words,
                parts=parts,
                level=level,
                proposal=(match["proposal"] or group.get("proposal", "")).strip(),
                unless=contexts,
                reason_zh=group["reason"]["zh"],
                reason_en=group["reason"]["en"],
                source=group["source"],
                channels=channels,
                passes_negated=group.get("passes_negated", False),
            )
        )
    return made


def choices_of(line: str) -> list[str]:
    """「全{国|网}第一」 → both ways of writing it."""
    match = _CHOICE.search(line)
    if match is None:
        return [line]
    return [
        made
        for choice in match[1].split("|")
        for made in choices_of(line[: match.start()] + choice + line[match.end() :])
    ]
