"""What a rule or a model makes of a passage, before anybody has looked at it."""

import re
from dataclasses import dataclass
from typing import Literal

from opencc import OpenCC

Language = Literal["zh", "en", "other"]
LONGEST_SHOWN_ANSWER = 600
_HAN = re.compile(r"[\u4e00-\u9fff]")
_OTHER_SCRIPT = re.compile(r"[\u3040-\u30ff\uac00-\ud7af\u0400-\u04ff\u0600-\u06ff\u0e00-\u0e7f]")
_TO_SIMPLIFIED, _TO_TRADITIONAL = OpenCC("t2s"), OpenCC("s2t")


@dataclass(frozen=True, slots=True)
class Source:
    """A live passage. `heading` is joined by " › "; `title` is the document's, without its extension."""

    ordinal: int
    kind: str
    heading: str
    text: str
    row: dict[str, str] | None
    content_hash: bytes
    title: str

    @property
    def path(self) -> list[str]:
        return [part for part in self.heading.split(" › ") if part]


@dataclass(frozen=True, slots=True)
class Draft:
    """A pair to be proposed. `quote` stands word for word in the passage's text; `maker` names the rule or model."""

    questions: tuple[str, ...]
    answer: str
    quote: str
    maker: str


def language_of(text: str) -> Language:
    """In which language shoppers of this text ask. Only Chinese and English have templates."""
    if _OTHER_SCRIPT.search(text):
        return "other"
    if _HAN.search(text):
        return "zh"
    return "en" if re.search(r"[A-Za-z]{2}", text) else "other"


def in_script_of(text: str, questions: tuple[str, ...]) -> tuple[str, ...]:
    """Questions written in simplified characters, in traditional ones where `text` is."""
    simplified = _TO_SIMPLIFIED.convert(text)
    if sum(a != b for a, b in zip(text, simplified, strict=False)) < 2:
        return questions
    return tuple(_TO_TRADITIONAL.convert(question) for question in questions)
