"""One suite over every provider of the kind: what `ChatModel` promises."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from tests.emulators.chat_endpoint import ChatEndpoint
from yingke.kit.http import Outgoing
from yingke.models.contract import ChatMessage, ChatModel, Delta, ModelTimeout
from yingke.models.grounded_prompt import Passage, build_grounded_prompt
from yingke.models.providers.openai_compatible import OpenAICompatible
from yingke.models.providers.scripted import Scripted

PROMPT = build_grounded_prompt("几天发货?", [Passage("发货", "现货 48 小时内发出,预售以页面为准。")])
SAID = "现货 48 小时内发出,预售以页面为准。 [1]"


@pytest.fixture(params=["scripted", "openai_compatible", "openai_compatible, one delta a chunk"])
async def model(request: pytest.FixtureRequest, endpoint: ChatEndpoint, outgoing: Outgoing) -> AsyncIterator[ChatModel]:
    if request.param == "scripted":
        yield Scripted(piece_characters=5)
    else:
        gather_s = 0.0 if "one delta" in request.param else 0.05
        yield OpenAICompatible(
            outgoing, base_url=endpoint.base_url, api_key="k", model="m", allow_private=True, gather_s=gather_s
        )


async def collect(model: ChatModel, messages: list[ChatMessage], seconds: float = 5.0) -> list[Delta]:
    deadline = time.monotonic() + seconds
    return [delta async for delta in model.stream(messages, max_tokens=300, temperature=0.2, deadline=deadline)]


async def test_it_says_the_whole_answer_and_then_that_it_ended(model: ChatModel) -> None:
    deltas = await collect(model, PROMPT)
    assert "".join(delta.text for delta in deltas) == SAID
    assert [delta.finish_reason for delta in deltas][-1] == "stop"
    assert all(delta.finish_reason is None and delta.text for delta in deltas[:-1])


async def test_the_last_delta_counts_tokens(model: ChatModel) -> None:
    last = (await collect(model, PROMPT))[-1]
    assert last.usage is not None
    assert last.usage.prompt_tokens > 0
    assert last.usage.completion_tokens > 0


async def test_it_names_itself(model: ChatModel) -> None:
    assert model.provider
    assert model.model


async def test_a_hundred_streams_at_once_do_not_mix(model: ChatModel) -> None:
    prompts = [build_grounded_prompt("?", [Passage("t", f"答案编号 {number} 结束。")]) for number in range(100)]
    answers = await asyncio.gather(*(collect(model, prompt) for prompt in prompts))
    said = ["".join(delta.text for delta in deltas) for deltas in answers]
    assert said == [f"答案编号 {number} 结束。 [1]" for number in range(100)]


async def test_a_deadline_in_the_past_times_out(model: ChatModel) -> None:
    with pytest.raises(ModelTimeout):
        await collect(model, PROMPT, seconds=-1)


async def test_closing_the_stream_early_is_quiet_and_the_model_stays_usable(model: ChatModel) -> None:
    stream = model.stream(PROMPT, max_tokens=300, temperature=0.2, deadline=time.monotonic() + 5)
    first = await anext(stream)
    await stream.aclose()
    assert SAID.startswith(first.text)
    assert "".join(delta.text for delta in await collect(model, PROMPT)) == SAID
