"""How the emulated endpoint writes: events of a stream, and a whole answer with tool calls in each dialect."""

import re
from dataclasses import dataclass, field
from typing import Any

import msgspec
from aiohttp import web

FIRST_PASSAGE = re.compile(r"^\[1\][^\n]*\n(?P<text>.+?)(?=\n\[2\]|\n<<<|\Z)", re.DOTALL | re.MULTILINE)
PIECE = 8


@dataclass
class Pacing:
    """Seconds; `scale` shortens every wait for tests."""

    scale: float = 1.0
    drip_s: float = 5.0
    hang_s: float = 120.0
    retry_after_s: float = 7.0
    first_token_s: float = 0.3
    recorded: int = 1000

    def of(self, seconds: float) -> float:
        return seconds * self.scale


@dataclass
class Call:
    """A tool that is asked for; `arguments` as written, JSON or not."""

    name: str
    arguments: str


@dataclass
class Spoken:
    """One answer: what is said first, then the tools that are asked for."""

    text: str = ""
    calls: list[Call] = field(default_factory=list)


def chunk(text: str = "", finish: str | None = None, **more: Any) -> bytes:
    """One server-sent event."""
    delta = {"content": text} if text else {}
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    document = {
        "id": "emulated",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "emulated",
        "choices": [choice],
    }
    return b"data: " + msgspec.json.encode(document | more) + b"\n\n"


USAGE = {"prompt_tokens": 20, "completion_tokens": 60, "total_tokens": 80}
END = (chunk("", "stop"), chunk("", None, choices=[], usage=USAGE), b"data: [DONE]\n\n")


def quoted(body: dict[str, Any]) -> str:
    """What a faithful model would say: the first passage and its mark."""
    found = FIRST_PASSAGE.search(body["messages"][-1]["content"])
    return f"{found['text'].strip()[:300]} [1]" if found else "[[no-answer]]"


async def open_stream(
    request: web.Request, content_type: str = "text/event-stream; charset=utf-8"
) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": content_type, "Cache-Control": "no-cache"})
    await response.prepare(request)
    return response


async def speak(
    request: web.Request, body: dict[str, Any], spoken: Spoken, dialect: str = "chat"
) -> web.StreamResponse:
    """`dialect`: chat (calls in pieces), whole (as Ollama: arguments in one piece, every index 0, finish "stop") or
    messages (blocks)."""
    if dialect == "messages":
        return await _speak_blocks(request, spoken)
    if not body.get("stream"):
        return web.json_response(_whole(spoken))
    response = await open_stream(request)
    await response.write(chunk("", None))
    for start in range(0, len(spoken.text), PIECE):
        await response.write(chunk(spoken.text[start : start + PIECE]))
    for number, call in enumerate(spoken.calls):
        for piece in _pieces(number, call, dialect):
            choice = {"index": 0, "delta": {"tool_calls": [piece]}, "finish_reason": None}
            await response.write(chunk("", None, choices=[choice]))
    finish = "tool_calls" if spoken.calls and dialect == "chat" else "stop"
    await response.write(chunk("", finish) + chunk("", None, choices=[], usage=USAGE) + b"data: [DONE]\n\n")
    return response


def _pieces(number: int, call: Call, dialect: str) -> list[dict[str, Any]]:
    if dialect == "whole":
        function = {"name": call.name, "arguments": call.arguments}
        return [{"index": 0, "id": f"call_{number}", "type": "function", "function": function}]
    first = {
        "index": number,
        "id": f"call_{number}",
        "type": "function",
        "function": {"name": call.name, "arguments": ""},
    }
    written = [call.arguments[at : at + 4000] for at in range(0, len(call.arguments), 4000)]
    if len(call.arguments) < 4000:
        half = len(call.arguments) // 2
        written = [call.arguments[:half], call.arguments[half:]]
    return [first, *({"index": number, "function": {"arguments": one}} for one in written)]


def _whole(spoken: Spoken) -> dict[str, Any]:
    calls = [
        {"id": f"call_{number}", "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
        for number, call in enumerate(spoken.calls)
    ]
    message: dict[str, Any] = {"role": "assistant", "content": spoken.text or None}
    if calls:
        message["tool_calls"] = calls
    choice = {"index": 0, "message": message, "finish_reason": "tool_calls" if calls else "stop"}
    return {"id": "emulated", "object": "chat.completion", "choices": [choice], "usage": USAGE}


async def _speak_blocks(request: web.Request, spoken: Spoken) -> web.StreamResponse:
    response = await open_stream(request)

    async def event(type: str, **more: Any) -> None:
        await response.write(f"event: {type}\ndata: ".encode() + msgspec.json.encode({"type": type} | more) + b"\n\n")

    await event("message_start", message={"id": "m", "usage": {"input_tokens": 20, "output_tokens": 1}})
    at = 0
    if spoken.text:
        await event("content_block_start", index=0, content_block={"type": "text", "text": ""})
        for start in range(0, len(spoken.text), PIECE):
            piece = {"type": "text_delta", "text": spoken.text[start : start + PIECE]}
            await event("content_block_delta", index=0, delta=piece)
        await event("content_block_stop", index=0)
        at = 1
    for index, call in enumerate(spoken.calls, at):
        block = {"type": "tool_use", "id": f"toolu_{index}", "name": call.name, "input": {}}
        await event("content_block_start", index=index, content_block=block)
        for start in range(0, len(call.arguments), 4000):
            piece = {"type": "input_json_delta", "partial_json": call.arguments[start : start + 4000]}
            await event("content_block_delta", index=index, delta=piece)
        await event("content_block_stop", index=index)
    reason = "tool_use" if spoken.calls else "end_turn"
    await event("message_delta", delta={"stop_reason": reason}, usage={"output_tokens": 60})
    await event("message_stop")
    return response
