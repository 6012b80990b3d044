"""The temperature that somebody speaks of: 晚上三四度, 零下五度, down to 3 °C."""

import re

from yingke.commerce.words.number_of import number_of
from yingke.kit.expression import expression

_SAID = expression(
    r"(零下|负|-|minus )?\s*(\d+(?:\.\d+)?|二?十[一二三四五六七八九]?|三十|[零一二两三四五六七八九])"
    r"(?:[、到至~-]?(?:\d+|[一二三四五六七八九十]))?\s*(?:多|来)?(?:度|℃|°c?|degrees?)",
    re.IGNORECASE,
)
_FREEZING = expression(r"零下|结冰|下雪|雪地|below (?:zero|freezing)|freezing", re.IGNORECASE)


def read_degrees(text: str) -> float | None:
    """In ℃, the lower one of two; below zero without a figure is −1. None where nothing is said."""
    found = _SAID.search(text)
    if found is None:
        return -1.0 if _FREEZING.search(text) else None
    value = number_of(found[2]) or 0.0
    return -value if found[1] else value
