"""Keeps what was worked out from the texts of the turns under way: several parts of one turn read the same text."""

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar

TEXTS = 2048
"""Some for each of the turns that one process answers at a time; what was said longer ago is worked out again."""
Given = ParamSpec("Given")
Told = TypeVar("Told")


def recently(read: Callable[Given, Told]) -> Callable[Given, Told]:
    """For a pure function of one message, whose answer nobody changes."""
    return lru_cache(maxsize=TEXTS)(read)  # type: ignore[return-value]
