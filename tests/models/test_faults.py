"""Every way an endpoint can fail, through the real client and the call limits."""

import asyncio
import time
from typing import Any

import pytest

from tests.emulators.chat_endpoint import ChatEndpoint
from tests.emulators.chat_wire import Pacing
from yingke.kit.http import Outgoing
from yingke.models.breaker import Breaker
from yingke.models.call import CallLimits, Finished, Text, call
from yingke.models.contract import (
    ModelBroken,
    ModelBusy,
    ModelError,
    ModelRefused,
    ModelTimeout,
)
from yingke.models.grounded_prompt import Passage, build_grounded_prompt
from yingke.models.providers.openai_compatible import OpenAICompatible

PROMPT = build_grounded_prompt("能退吗?", [Passage("退货", "签收后七天内可以退货。")])
SAID = "签收后七天内可以退货。 [1]"
QUICK = CallLimits(first_token_s=0.3, total_s=0.6)


def model_at(outgoing: Outgoing, base_url: str, name: str = "m", **more: Any) -> OpenAICompatible:
    return OpenAICompatible(outgoing, base_url=base_url, api_key="k-1", model=name, allow_private=True, **more)


async def ask(model: OpenAICompatible, limits: CallLimits = QUICK) -> tuple[str, Finished | None, ModelError | None]:
    """What was shown, how it ended, and the error."""
    shown = ""
    finished = None
    try:
        async for step in call(model, PROMPT, breaker=Breaker(), limits=limits):
            shown += step.text if isinstance(step, Text) else ""
            finished = step if isinstance(step, Finished) else None
    except ModelError as problem:
        return shown, finished, problem
    return shown, finished, None


@pytest.mark.parametrize(
    ("behaviour", "error", "advice", "shown"),
    [
        ("unauthorized", ModelRefused, "refresh", ""),
        ("no_balance", ModelRefused, "refresh", ""),
        ("not_found", ModelRefused, "stop", ""),
        ("blocked", ModelRefused, "stop", ""),
        ("rate_limited", ModelBusy, "retry", ""),
        ("no_quota", ModelRefused, "refresh", ""),
        ("server_error", ModelBroken, "retry", ""),
        ("loading", ModelBusy, "retry", ""),
        ("hang", ModelTimeout, "retry", ""),
        ("hang_after_headers", ModelTimeout, "retry", ""),
        ("drip", ModelTimeout, "retry", "这"),
        ("cut", ModelBroken, "retry", "这句话没有"),
        ("end_early", ModelBroken, "retry", "这句话没有"),
        ("garbage", ModelBroken, "retry", ""),
        ("wrong_type", ModelBroken, "retry", ""),
        ("error_in_stream", ModelBroken, "retry", ""),
        ("empty", ModelBroken, "retry", ""),
    ],
)
async def test_each_fault_becomes_its_error_in_time(
    outgoing: Outgoing, behaviour: str, error: type[ModelError], advice: str, shown: str
) -> None:
    async with ChatEndpoint(pacing=Pacing(drip_s=0.35, hang_s=3)) as endpoint:
        endpoint.behave(behaviour)
        began = time.monotonic()
        said, finished, problem = await ask(model_at(outgoing, endpoint.base_url))
        assert type(problem) is error
        assert problem.advice == advice
        assert problem.zh
        assert problem.en
        assert finished is None
        assert said.startswith(shown)
        assert bool(said) == bool(shown)
        assert time.monotonic() - began < 1.5
        assert endpoint.calls == 1


async def test_an_endless_answer_is_cut_off(outgoing: Outgoing, endpoint: ChatEndpoint) -> None:
    said, _, problem = await ask(model_at(outgoing, endpoint.base_url, "huge", gather_s=0.0), CallLimits())
    assert isinstance(problem, ModelBroken)
    assert problem.cause in ("too_long", "too_large")
    assert len(said) <= CallLimits().max_characters


async def test_a_refused_connection_is_a_broken_model(outgoing: Outgoing, endpoint: ChatEndpoint) -> None:
    await endpoint.stop()
    _, _, problem = await ask(model_at(outgoing, endpoint.base_url))
    assert isinstance(problem, ModelBroken)
    assert problem.cause == "connect"


async def test_retry_after_is_handed_on(outgoing: Outgoing, endpoint: ChatEndpoint) -> None:
    _, _, problem = await ask(model_at(outgoing, endpoint.base_url, "rate_limited"))
    assert problem is not None
    assert problem.retry_after == 7.0


@pytest.mark.parametrize("behaviour", ["normal", "careless", "think"])
async def test_careless_servers_and_thinking_models_give_the_same_clean_answer(
    outgoing: Outgoing, endpoint: ChatEndpoint, behaviour: str
) -> None:
    said, finished, problem = await ask(model_at(outgoing, endpoint.base_url, behaviour), CallLimits())
    assert (said, problem) == (SAID, None)
    assert finished is not None


async def test_a_gateway_that_ignores_streaming_is_understood(outgoing: Outgoing, endpoint: ChatEndpoint) -> None:
    reply = await outgoing.request(
        "POST",
        f"{endpoint.base_url}/chat/completions",
        headers={"Content-Type": "application/json"},
        body=b'{"model": "m", "messages": [{"role": "user", "content": "hi"}]}',
        allow_private=True,
    )
    assert reply.status == 200
    assert b'"message"' in reply.body


async def test_the_request_carries_key_limits_and_nothing_else_secret(
    outgoing: Outgoing, endpoint: ChatEndpoint
) -> None:
    await ask(model_at(outgoing, endpoint.base_url), CallLimits(max_tokens=123, temperature=0.3))
    seen = endpoint.seen[-1]
    assert seen.headers["authorization"] == "Bearer k-1"
    assert "cookie" not in seen.headers
    assert seen.body["max_tokens"] == 123
    assert seen.body["temperature"] == 0.3
    assert seen.body["stream"] is True
    assert [message["role"] for message in seen.body["messages"]] == ["system", "user"]


async def test_a_private_endpoint_needs_leave(outgoing: Outgoing, endpoint: ChatEndpoint) -> None:
    model = OpenAICompatible(outgoing, base_url=endpoint.base_url, api_key="k", model="m")
    _, _, problem = await ask(model)
    assert isinstance(problem, ModelRefused)
    assert problem.reason == "place"
    assert endpoint.calls == 0


async def test_errors_never_quote_the_conversation(outgoing: Outgoing, endpoint: ChatEndpoint) -> None:
    _, _, problem = await ask(model_at(outgoing, endpoint.base_url, "blocked"))
    assert problem is not None
    assert "customer's words" not in f"{problem} {problem.cause} {problem.zh} {problem.en}"
    assert problem.cause == "400:content_filter"


@pytest.mark.parametrize("behaviour", ["normal", "late_end"])
async def test_connections_are_used_again(outgoing: Outgoing, endpoint: ChatEndpoint, behaviour: str) -> None:
    model = model_at(outgoing, endpoint.base_url, behaviour)
    for _ in range(5):
        assert (await ask(model))[0] == SAID
    assert len({seen.port for seen in endpoint.seen}) == 1


async def test_two_hundred_load_streams_arrive_whole(outgoing: Outgoing, endpoint: ChatEndpoint) -> None:
    model = model_at(outgoing, endpoint.base_url, "load")
    answers = await asyncio.gather(*(ask(model, CallLimits()) for _ in range(200)))
    whole = "".join(f"第{number}段。" for number in range(60))
    assert {said for said, _, _ in answers} == {whole}
