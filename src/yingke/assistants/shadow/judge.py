"""Tells what an unseen answer is worth beside the agent's: same, answered, different, unknown, handed_off."""

from dataclasses import dataclass
from typing import Literal

from yingke.assistants.engine import Reply
from yingke.knowledge.past.alike import is_same

Outcome = Literal["same", "answered", "different", "unknown", "handed_off"]
OUTCOMES: tuple[Outcome, ...] = ("same", "answered", "different", "unknown", "handed_off")
RANK: dict[str, int] = {"same": 3, "answered": 2, "different": 1, "unknown": 0, "handed_off": 0}
"""How good an outcome is; used only to say what a second run did better or worse."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """`similarity` 0..1, None where there were no two answers; `contradicts`: figures, yes_no or ""."""

    outcome: Outcome
    similarity: float | None = None
    contradicts: str = ""


def without_comparison(reply: Reply, agent_answer: str) -> Judgement | None:
    """The outcome where the answers need not be compared; None where they must be."""
    if reply.trace.get("hand_off") is not None or reply.trace.get("need") == "order":
        return Judgement("handed_off")
    if not reply.trace.get("decision", {}).get("answer", True):
        return Judgement("unknown")
    return None if agent_answer else Judgement("answered")


def with_comparison(similarity: float, contradicts: str) -> Judgement:
    """Close in meaning and nothing that excludes each other is the same; anything else is different."""
    outcome: Outcome = "same" if is_same(similarity, contradicts) else "different"
    return Judgement(outcome, round(similarity, 4), contradicts)
