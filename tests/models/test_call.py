"""Limits around one model call: first token, total, one retry, no storm."""

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

import pytest

from tests.emulators.chat_endpoint import ChatEndpoint
from yingke.kit.http import Outgoing
from yingke.models.breaker import Breaker, BreakerOpen
from yingke.models.call import CallLimits, Finished, Progress, Retrying, Text, call
from yingke.models.contract import (
    ChatMessage,
    ChatModel,
    Delta,
    ModelBroken,
    ModelBusy,
    ModelError,
    ModelTimeout,
    ToolSpec,
)
from yingke.models.providers.openai_compatible import OpenAICompatible
from yingke.models.providers.scripted import Scripted

ASK = [ChatMessage("user", "hi")]


class Faulty(ChatModel):
    """Fails as told, one entry of `plan` an attempt; None means a whole answer. Strings are shown before the error."""

    provider = "faulty"
    model = "m"

    def __init__(self, *plan: tuple[str, ModelError] | None) -> None:
        self.plan = list(plan)
        self.attempts = 0

    async def stream(
        self,
        messages: Sequence[ChatMessage],
        *,
        max_tokens: int,
        temperature: float,
        deadline: float,
        tools: Sequence[ToolSpec] = (),
    ) -> AsyncGenerator[Delta, None]:
        self.attempts += 1
        step = self.plan.pop(0) if self.plan else None
        if step is None:
            yield Delta("好")
            yield Delta("", "stop")
            return
        text, error = step
        if text:
            yield Delta(text)
        raise error


def rich_breaker() -> Breaker:
    """One that has saved up its ten retries."""
    breaker = Breaker()
    for _ in range(100):
        breaker.enter().succeed()
    return breaker


async def steps(model: ChatModel, breaker: Breaker, limits: CallLimits | None = None) -> list[Progress]:
    return [step async for step in call(model, ASK, breaker=breaker, limits=limits)]


async def test_a_whole_answer_ends_with_its_figures() -> None:
    said = await steps(Scripted(lambda _: "可以退。", piece_characters=2, first_token_s=0.02), Breaker())
    assert said[:-1] == [Text("可以"), Text("退。")]
    last = said[-1]
    assert isinstance(last, Finished)
    assert (last.finish_reason, last.attempts) == ("stop", 1)
    assert 0.02 <= last.first_token_s <= last.total_s < 1


async def test_a_failure_before_the_first_text_is_tried_once_more() -> None:
    model = Faulty(("", ModelBroken("500")), None)
    said = await steps(model, rich_breaker())
    assert [type(step) for step in said] == [Retrying, Text, Finished]
    assert model.attempts == 2


async def test_two_failures_are_the_end() -> None:
    model = Faulty(("", ModelBroken("500")), ("", ModelBroken("500")), None)
    with pytest.raises(ModelBroken):
        await steps(model, rich_breaker())
    assert model.attempts == 2


async def test_nothing_is_retried_after_the_first_text() -> None:
    model = Faulty(("半句", ModelBroken("cut")), None)
    with pytest.raises(ModelBroken):
        await steps(model, rich_breaker())
    assert model.attempts == 1


async def test_without_budget_nothing_is_retried() -> None:
    model = Faulty(("", ModelBroken("500")), None)
    with pytest.raises(ModelBroken):
        await steps(model, Breaker())
    assert model.attempts == 1


async def test_a_long_retry_after_is_not_waited_for() -> None:
    model = Faulty(("", ModelBusy("429", retry_after=7.0)), None)
    began = time.monotonic()
    with pytest.raises(ModelBusy):
        await steps(model, rich_breaker())
    assert model.attempts == 1
    assert time.monotonic() - began < 5


async def test_a_slow_first_token_times_out_and_leaves_no_time_for_a_retry() -> None:
    began = time.monotonic()
    with pytest.raises(ModelTimeout) as problem:
        await steps(Scripted(first_token_s=3), rich_breaker(), CallLimits(first_token_s=0.1))
    assert problem.value.cause == "first_token"
    assert time.monotonic() - began < 2.5


async def test_a_slow_answer_times_out_in_total() -> None:
    slow = Scripted(lambda _: "很慢的回答", piece_characters=1, between_s=0.1)
    with pytest.raises(ModelTimeout):
        await steps(slow, Breaker(), CallLimits(total_s=0.25))


async def test_an_open_breaker_costs_nothing() -> None:
    breaker = Breaker()
    for _ in range(20):
        breaker.enter().fail()
    model = Faulty(None)
    with pytest.raises(BreakerOpen):
        await steps(model, breaker)
    assert model.attempts == 0


async def test_a_customer_who_leaves_is_not_held_against_the_endpoint() -> None:
    breaker = Breaker()
    for _ in range(40):
        async with aclosing(call(Scripted(piece_characters=1), ASK, breaker=breaker)) as progress:
            await anext(progress)
    assert breaker.state == "closed"


async def test_an_answer_without_text_is_broken() -> None:
    with pytest.raises(ModelBroken):
        await steps(Scripted(lambda _: ""), Breaker())


async def test_a_dead_endpoint_under_load_sees_no_storm(outgoing: Outgoing, endpoint: ChatEndpoint) -> None:
    """X11: calls to the endpoint stay below 1.1 times the questions, and the breaker ends them soon."""
    model = OpenAICompatible(outgoing, base_url=endpoint.base_url, api_key="k", model="m", allow_private=True)
    breaker = Breaker()
    questions = failed = refused = 0
    for behaviour in ("normal", "server_error", "normal", "server_error"):
        endpoint.behave(behaviour)
        for _ in range(15):
            outcomes = await asyncio.gather(*(steps(model, breaker) for _ in range(10)), return_exceptions=True)
            questions += len(outcomes)
            refused += sum(isinstance(outcome, BreakerOpen) for outcome in outcomes)
            failed += sum(isinstance(outcome, ModelBroken) for outcome in outcomes)
    assert breaker.state == "open"
    assert endpoint.calls <= 1.1 * (questions - refused)
    assert failed < 200
    assert refused > 200


async def test_the_breaker_closes_again_when_the_endpoint_comes_back(
    outgoing: Outgoing, endpoint: ChatEndpoint
) -> None:
    now = 0.0
    breaker = Breaker(lambda: now)
    model = OpenAICompatible(outgoing, base_url=endpoint.base_url, api_key="k", model="m", allow_private=True)
    endpoint.behave("server_error")
    await asyncio.gather(*(steps(model, breaker) for _ in range(30)), return_exceptions=True)
    states: list[str] = [breaker.state]
    endpoint.behave("normal")
    now += 15
    outcomes = await asyncio.gather(*(steps(model, breaker) for _ in range(10)), return_exceptions=True)
    assert sum(isinstance(outcome, list) for outcome in outcomes) == 1
    assert [*states, breaker.state] == ["open", "closed"]
