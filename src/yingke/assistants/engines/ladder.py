"""The steps down when a model fails: the configured models, then smaller ones without tools, then quoting."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from yingke.kit.settings import Settings
from yingke.models.call import CallLimits
from yingke.models.line import Line
from yingke.models.ready_model import ReadyModel

SMALLER = 1
QUOTED = 2


@dataclass(frozen=True, slots=True)
class LadderLimits:
    """`fallback_s`: when no word was shown until then, no further model is asked."""

    call: CallLimits = field(default_factory=lambda: CallLimits(stall_s=4.0))
    fallback_s: float = 10.5
    tool_s: float = 8.0


def limits_of(settings: Settings) -> LadderLimits:
    call = CallLimits(
        first_token_s=settings.model_first_token_s, total_s=settings.model_total_s, stall_s=settings.model_stall_s
    )
    return LadderLimits(call, settings.model_fallback_s)


@dataclass(frozen=True, slots=True)
class Rung:
    """One model at one level: 0 as configured, 1 smaller and without tools."""

    ready: ReadyModel
    level: int
    has_tools: bool
    limits: CallLimits


def rungs_of(line: Line, limits: LadderLimits) -> Iterator[Rung]:
    """One after the other, each with the time that is left for a first word; ends when there is none."""
    began = time.monotonic()
    steps = [(ready, 0, ready.can_use_tools) for ready in line.of("answer")]
    steps += [(ready, SMALLER, False) for ready in line.of("small")]
    for ready, level, has_tools in steps:
        left = limits.fallback_s - (time.monotonic() - began)
        if left <= 0:
            return
        call = replace(
            limits.call,
            first_token_s=min(limits.call.first_token_s, left),
            max_tokens=min(limits.call.max_tokens, line.output_tokens),
        )
        yield Rung(ready, level, has_tools, call)
