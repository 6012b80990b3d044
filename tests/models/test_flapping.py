"""X11: a provider that comes and goes every 30 seconds is not stormed."""

import asyncio
from collections.abc import AsyncGenerator, Sequence

from yingke.models.breaker import Breaker
from yingke.models.call import CallLimits, call
from yingke.models.contract import ChatMessage, ChatModel, Delta, ModelBroken, ModelError, ToolSpec

ASK = [ChatMessage("user", "?")]
TURNS_A_SECOND = 10
CYCLES = 3


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Flapping(ChatModel):
    """Well for 30 s of the clock, broken for 30."""

    provider = "flapping"
    model = "m"

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.calls = 0

    async def stream(
        self,
        messages: Sequence[ChatMessage],
        *,
        max_tokens: int,
        temperature: float,
        deadline: float,
        tools: Sequence[ToolSpec] = (),
    ) -> AsyncGenerator[Delta, None]:
        self.calls += 1
        if self.clock.now % 60 >= 30:
            raise ModelBroken("500")
        yield Delta("好")
        yield Delta("", "stop")


async def test_calls_stay_below_one_point_one_a_turn_and_come_back_after_a_failure() -> None:
    clock = Clock()
    model, breaker = Flapping(clock), Breaker(clock)
    turns = answered = 0
    unanswered_while_well: list[float] = []

    async def turn() -> None:
        nonlocal answered
        try:
            async for _ in call(model, ASK, breaker=breaker, limits=CallLimits()):
                pass
            answered += 1
        except ModelError:
            if clock.now % 60 < 30:
                unanswered_while_well.append(clock.now)

    for second in range(60 * CYCLES):
        clock.now = float(second)
        turns += TURNS_A_SECOND
        await asyncio.gather(*(turn() for _ in range(TURNS_A_SECOND)))
    assert model.calls <= 1.1 * turns
    # While it is away: until half of the last 30 s failed, then one probe every 15 s.
    assert model.calls < 0.7 * turns
    assert answered >= turns / 2 - CYCLES * 16 * TURNS_A_SECOND
    assert max((at % 60 for at in unanswered_while_well), default=0) < 16
