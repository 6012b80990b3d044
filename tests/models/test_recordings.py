"""One suite over what every provider sends: text, tool calls, refusals, as their own pages show them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import web

from yingke.kit.http import Outgoing
from yingke.models.breaker import Breaker
from yingke.models.call import CallLimits, Finished, Text, call
from yingke.models.contract import ChatMessage, ModelBusy, ModelError, ModelRefused, ToolCall, ToolSpec
from yingke.models.make_chat_model import make_chat_model
from yingke.models.quirks import QUIRKS

FOLDER = Path(__file__).parent.parent / "recordings" / "models"
RECORDINGS = sorted(FOLDER.glob("*/*.jsonl"))
TOOLS = (
    ToolSpec("find_product", "Finds products.", {"type": "object", "properties": {"words": {"type": "string"}}}),
    ToolSpec("stock_of", "Stock.", {"type": "object", "properties": {"sku": {"type": "string"}}}),
)
ASKED = [
    ChatMessage("system", "规则"),
    ChatMessage("user", "有防晒衣吗"),
    ChatMessage("assistant", "查一下", (ToolCall("c1", "find_product", '{"words":"防晒', {"google": {"s": 1}}),)),
    ChatMessage("tool", "没有", tool_call_id="c1"),
]


@dataclass(frozen=True)
class Recording:
    head: dict[str, Any]
    pieces: list[bytes]


def read(path: Path) -> Recording:
    first, *rest = (msgspec.json.decode(line) for line in path.read_bytes().splitlines())
    return Recording(first, [line["send"].encode() for line in rest])


class Player:
    """Sends a recording, each line as a network packet of its own, cut in two in the middle of a character."""

    def __init__(self) -> None:
        self.recording: Recording | None = None
        self.seen: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.base_url = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        assert self.recording is not None
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.seen.append((request.path, headers, msgspec.json.decode(await request.read())))
        head = self.recording.head
        response = web.StreamResponse(status=head["status"], headers=head["headers"])
        await response.prepare(request)
        for piece in self.recording.pieces:
            half = len(piece) // 2
            await response.write(piece[:half])
            await asyncio.sleep(0)
            await response.write(piece[half:])
        return response


@pytest.fixture
async def player() -> AsyncIterator[Player]:
    playing = Player()
    app = web.Application()
    app.router.add_post("/v1/chat/completions", playing.answer)
    app.router.add_post("/v1/messages", playing.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    playing.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    yield playing
    await runner.cleanup()


def test_every_provider_has_recordings_of_text_and_of_tools() -> None:
    with_tools = {path.parent.name for path in RECORDINGS if "tools" in path.stem}
    assert {path.parent.name for path in RECORDINGS if path.stem == "text"} == {quirk.kind for quirk in QUIRKS}
    assert with_tools | {"openrouter"} == {quirk.kind for quirk in QUIRKS}


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: f"{path.parent.name}-{path.stem}")
async def test_what_a_provider_sends_is_understood(path: Path, player: Player, outgoing: Outgoing) -> None:
    recording = player.recording = read(path)
    head, expect = recording.head, recording.head["expect"]
    model = make_chat_model(
        outgoing, base_url=player.base_url, api_key="k-1", model=head["model"], kind=head["kind"], allow_private=True,
        gather_s=0.0,
    )  # fmt: skip
    shown, last, problem = "", None, None
    try:
        async for step in call(model, ASKED, breaker=Breaker(), limits=CallLimits(total_s=5), tools=TOOLS):
            shown += step.text if isinstance(step, Text) else ""
            last = step if isinstance(step, Finished) else None
    except ModelError as found:
        problem = found
    assert shown == expect["text"]
    if "error" in expect:
        name, reason = expect["error"]
        assert (type(problem).__name__, getattr(problem, "reason", None)) == (name, reason)
        if "retry_after" in expect:
            assert problem is not None
            assert problem.retry_after == expect["retry_after"]
        return
    assert problem is None
    assert last is not None
    check_end(last, expect)


def check_end(last: Finished, expect: dict[str, Any]) -> None:
    assert last.finish_reason == expect["finish"]
    if "calls" in expect:
        assert [[one.name, msgspec.json.decode(one.arguments)] for one in last.tool_calls] == expect["calls"]
        assert len({one.id for one in last.tool_calls}) == len(last.tool_calls)
    if "raw_calls" in expect:
        assert [[one.name, one.arguments] for one in last.tool_calls] == expect["raw_calls"]
    if "usage" in expect:
        assert last.usage is not None
        counted = [last.usage.prompt_tokens, last.usage.completion_tokens, last.usage.cached_tokens]
        assert counted == expect["usage"]
    if "extra" in expect:
        assert last.tool_calls[0].extra == expect["extra"]
    assert last.reasoning == expect.get("reasoning") or not expect.get("reasoning")


@pytest.mark.parametrize("quirk", QUIRKS, ids=lambda quirk: quirk.kind)
async def test_the_way_there_is_the_provider_s_own(quirk: Any, player: Player, outgoing: Outgoing) -> None:
    player.recording = read(FOLDER / quirk.kind / "text.jsonl")
    model = make_chat_model(
        outgoing, base_url=player.base_url, api_key="k-1", model=player.recording.head["model"], kind=quirk.kind,
        allow_private=True,
    )  # fmt: skip
    async for _ in call(model, ASKED, breaker=Breaker(), tools=TOOLS):
        pass
    path, headers, body = player.seen[0]
    assert (headers.get("x-api-key") or headers.get("api-key") or headers["authorization"]).endswith("k-1")
    if quirk.protocol == "messages":
        assert path == "/v1/messages"
        assert body["system"] == "规则"
        assert [message["role"] for message in body["messages"]] == ["user", "assistant", "user"]
        assert body["messages"][1]["content"][1] == {
            "type": "tool_use", "id": "c1", "name": "find_product", "input": {},
        }  # fmt: skip
        assert body["messages"][2]["content"][0]["type"] == "tool_result"
        assert body["tools"][0]["input_schema"]["type"] == "object"
        return
    assert path == "/v1/chat/completions"
    asked = body["messages"][2]
    # Broken arguments would be refused in the history; they go back as an empty object.
    assert asked["tool_calls"][0]["function"] == {"name": "find_product", "arguments": "{}"}
    assert ("reasoning_content" in asked) == quirk.wants_reasoning_back
    assert body["messages"][3] == {"role": "tool", "tool_call_id": "c1", "content": "没有"}
    assert [tool["function"]["name"] for tool in body["tools"]] == ["find_product", "stock_of"]
    assert ("stream_options" in body) == quirk.wants_usage


def test_busy_and_refused_are_not_the_same() -> None:
    assert ModelBusy("x").advice == "retry"
    assert ModelRefused("balance", "x").advice == "refresh"
