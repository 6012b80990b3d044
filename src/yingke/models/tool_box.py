"""What an engine may hand to a model: the things it may ask for, and the one way in which they are done."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yingke.models.contract import ToolSpec


@dataclass(frozen=True, slots=True)
class ToolUse:
    """One wish of a model, its arguments checked against the schema. `step` counts the calls of a turn from 1: with
    the turn it names the effect, so that a repeated turn does a thing once."""

    name: str
    arguments: Mapping[str, Any]
    step: int


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What the model is told: data, never instructions. An error is told too, in words that help to do better."""

    text: str
    is_error: bool = False


class ToolBox(ABC):
    """The tools of one turn. Made for the session's identity; whatever a model writes never changes whose data it is."""

    @abstractmethod
    def specs(self) -> Sequence[ToolSpec]:
        """What may be asked for in this turn; empty when nothing may."""

    def cards(self) -> list[dict[str, Any]]:
        """What is to be shown beside the words, from the calls so far."""
        return []

    def facts(self) -> tuple[str, ...]:
        """What the calls so far said, as text: what a promise may rest on."""
        return ()

    @abstractmethod
    async def run(self, use: ToolUse) -> ToolResult:
        """Does it. Called with no transaction open. A failed or slow shop is a result with `is_error`; may raise a
        Problem, whose sentence is told."""
