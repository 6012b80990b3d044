"""Draws the line between answering and not answering on the golden questions of a workspace."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from yingke.knowledge.calibration.settings import HIGHEST, LOWEST, OF_MANNER, Manner

LEAST_ITEMS, LEAST_OF_A_KIND = 8, 2
_PRIOR_ITEMS = 6.0
"""The product's own line counts as much as so many questions, so that a handful of them cannot move it far."""
_COSTS: dict[Manner, tuple[float, float]] = {"careful": (3.0, 1.0), "balanced": (1.5, 1.0), "bold": (1.0, 2.0)}
"""What a wrong answer and a wrong refusal cost."""
_STEP = 0.01
_BLUR = 0.05


@dataclass(frozen=True, slots=True)
class Measured:
    """One golden question: `should_answer`, and the `confidence` with which its answer was given or refused.

    `is_wrong`: answered, but with the wrong words or from the wrong source; then a refusal had been better.
    """

    id: int
    question: str
    should_answer: bool
    confidence: float
    is_wrong: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    right: int
    wrong_answers: int
    wrong_refusals: int


def is_enough(items: Sequence[Measured]) -> bool:
    """Fewer questions, or questions of one kind only, say nothing about where the line should be."""
    kinds = [one.should_answer and not one.is_wrong for one in items]
    return len(items) >= LEAST_ITEMS and min(sum(kinds), len(kinds) - sum(kinds)) >= LEAST_OF_A_KIND


def tune(items: Sequence[Measured], manner: Manner) -> float:
    """The threshold that costs least on `items`, pulled to the line of the `manner`; that line where there are too few."""
    usual = OF_MANNER[manner]
    if not is_enough(items):
        return usual
    steps = round((HIGHEST - LOWEST) / _STEP)
    lines = [round(LOWEST + number * _STEP, 2) for number in range(steps + 1)]
    return min(lines, key=lambda line: (_cost(items, line, manner), abs(line - usual)))


def outcome_at(items: Sequence[Measured], line: float) -> Outcome:
    """How the golden questions would come out with this threshold."""
    wrong_answers = sum(one.confidence >= line and (not one.should_answer or one.is_wrong) for one in items)
    wrong_refusals = sum(one.confidence < line and one.should_answer and not one.is_wrong for one in items)
    return Outcome(len(items) - wrong_answers - wrong_refusals, wrong_answers, wrong_refusals)


def _cost(items: Sequence[Measured], line: float, manner: Manner) -> float:
    """Blurred at the line, so that one question on its edge does not decide."""
    of_answer, of_refusal = _COSTS[manner]
    cost = 0.0
    for one in items:
        answered = 1.0 / (1.0 + math.exp(-(one.confidence - line) / _BLUR))
        if one.should_answer and not one.is_wrong:
            cost += of_refusal * (1.0 - answered)
        else:
            cost += of_answer * answered
    return cost + _PRIOR_ITEMS * (_odds(line) - _odds(OF_MANNER[manner])) ** 2 / 4


def _odds(share: float) -> float:
    return math.log(share / (1.0 - share))
