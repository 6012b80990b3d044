"""What a workspace has decided about being sure, as `knowledge_settings.answering` keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

from yingke.knowledge.answerable import THRESHOLD

Manner = Literal["careful", "balanced", "bold"]
LOWEST, HIGHEST = 0.15, 0.9
OF_MANNER: dict[Manner, float] = {"careful": 0.65, "balanced": THRESHOLD, "bold": 0.35}
"""The line of a workspace without golden questions."""


@dataclass(frozen=True, slots=True)
class Answering:
    """`threshold`: from this probability on it answers. `manner`: which mistake weighs more, a wrong answer or a
    refusal. `items`: golden questions behind the line, nought when nobody measured."""

    threshold: float = THRESHOLD
    manner: Manner = "balanced"
    items: int = 0

    @classmethod
    def of(cls, kept: Mapping[str, Any] | None) -> Self:
        """From the stored jsonb; what is missing or out of bounds has the product's own value."""
        if not kept:
            return cls()
        manner: Manner = kept["manner"] if kept.get("manner") in OF_MANNER else "balanced"
        threshold = kept.get("threshold")
        line = float(threshold) if isinstance(threshold, int | float) else OF_MANNER[manner]
        return cls(min(HIGHEST, max(LOWEST, line)), manner, int(kept.get("items") or 0))
