"""A server that speaks the OpenAI chat completions protocol and can be told to misbehave.

`python -m tests.emulators.chat_endpoint --port 8765` serves until it is stopped. The behaviour comes from the model
name when that names one ("drip", "load" …), else from `behave(...)`, else it is "normal". Port 0 picks a free port.
"""

import argparse
import asyncio
import re
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import msgspec
import uvloop
from aiohttp import web

FIRST_PASSAGE = re.compile(r"^\[1\][^\n]*\n(?P<text>.+?)(?=\n\[2\]|\n<<<|\Z)", re.DOTALL | re.MULTILINE)
LOAD_CHUNKS = 60
TICKS_A_SECOND = 60


@dataclass(frozen=True)
class Seen:
    """A request as it arrived: lower-case header names, decoded body, the caller's port."""

    headers: dict[str, str]
    body: dict[str, Any]
    port: int


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
class LoadStream:
    """One reply of the load behaviour, advanced by the common clock."""

    response: web.StreamResponse
    chunks: tuple[bytes, ...]
    done: asyncio.Event
    due: float
    sent: int = 0


class ChatEndpoint:
    """Use as an async context manager; `base_url` ends in /v1. `seen` keeps the last requests, `calls` counts all."""

    def __init__(self, *, port: int = 0, pacing: Pacing | None = None, scale: float = 1.0) -> None:
        self.pacing = pacing or Pacing(scale=scale)
        self.seen: deque[Seen] = deque(maxlen=self.pacing.recorded)
        self.calls = 0
        self._behaviour = "normal"
        self._port = port
        self._load: list[LoadStream] = []
        self._ticker: asyncio.Task[None] | None = None
        self._runner: web.AppRunner | None = None

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._port}/v1"

    def behave(self, behaviour: str) -> None:
        """Raises KeyError for a behaviour that does not exist."""
        BEHAVIOURS[behaviour]
        self._behaviour = behaviour

    async def start(self) -> None:
        app = web.Application(client_max_size=4_000_000)
        app.router.add_post("/v1/chat/completions", self._answer)
        app.router.add_get("/v1/models", self._models)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port, backlog=2048)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self._ticker = asyncio.create_task(self._tick())

    async def stop(self) -> None:
        """From now on connections are refused; the port stays remembered, so `start` opens it again."""
        if self._ticker is not None:
            self._ticker.cancel()
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body = msgspec.json.decode(await request.read())
        self.calls += 1
        headers = {name.lower(): value for name, value in request.headers.items()}
        peer = request.transport.get_extra_info("peername") if request.transport is not None else None
        self.seen.append(Seen(headers, body, peer[1] if peer else 0))
        behaviour = BEHAVIOURS.get(body.get("model", ""), BEHAVIOURS[self._behaviour])
        return await behaviour(self, request, body)

    async def _models(self, request: web.Request) -> web.Response:
        return web.json_response({"object": "list", "data": [{"id": name, "object": "model"} for name in BEHAVIOURS]})

    async def _tick(self) -> None:
        """One clock for all load streams: a wake-up writes what each should have sent by now."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(self.pacing.of(1 / TICKS_A_SECOND))
            now = loop.time()
            streams, self._load = self._load, []
            for stream in streams:
                wanted = int((now - stream.due) * TICKS_A_SECOND / max(self.pacing.scale, 0.001)) + 1
                if now < stream.due or await _advance(stream, wanted):
                    self._load.append(stream)
                else:
                    stream.done.set()

    async def load(self, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        """First token after 300 ms, then 60 chunks in a second."""
        response = await open_stream(request)
        due = asyncio.get_running_loop().time() + self.pacing.of(self.pacing.first_token_s)
        stream = LoadStream(response, LOAD_REPLY, asyncio.Event(), due)
        self._load.append(stream)
        await stream.done.wait()
        return response


Behaviour = Callable[[ChatEndpoint, web.Request, dict[str, Any]], Awaitable[web.StreamResponse]]


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
LOAD_REPLY = (*(chunk(f"第{number}段。") for number in range(LOAD_CHUNKS)), b"".join(END))


async def _advance(stream: LoadStream, wanted: int) -> bool:
    """Write up to `wanted` chunks in all; False when that was the last one or the reader is gone."""
    part = stream.chunks[stream.sent : wanted]
    if not part:
        return True
    try:
        await stream.response.write(part[0] if len(part) == 1 else b"".join(part))
        stream.sent += len(part)
        if stream.sent < len(stream.chunks):
            return True
        await stream.response.write_eof()
    except ConnectionError:
        return False
    return False


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


async def normal(endpoint: ChatEndpoint, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    text = quoted(body)
    if not body.get("stream"):
        message = {"role": "assistant", "content": text}
        choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
        return web.json_response({"id": "emulated", "object": "chat.completion", "choices": choices, "usage": USAGE})
    response = await open_stream(request)
    await response.write(chunk("", None))
    for start in range(0, len(text), 8):
        await response.write(chunk(text[start : start + 8]))
    await response.write(b"".join(END))
    return response


async def echo(endpoint: ChatEndpoint, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    """Says the last message back, without its fences."""
    said = "\n".join(line for line in body["messages"][-1]["content"].splitlines() if not line.startswith("<<<"))
    response = await open_stream(request)
    await response.write(chunk(said) + b"".join(END))
    return response


async def ask_for_tool(
    endpoint: ChatEndpoint, request: web.Request, body: dict[str, Any], arguments: str = '{"sku":'
) -> web.StreamResponse:
    """Asks for the first tool, by default with arguments that are no JSON, again and again; without tools it answers."""
    if not body.get("tools"):
        return await normal(endpoint, request, body)
    response = await open_stream(request)
    function = {"name": body["tools"][0]["function"]["name"], "arguments": arguments}
    call = {"index": 0, "id": "c1", "type": "function", "function": function}
    choice = {"index": 0, "delta": {"tool_calls": [call]}, "finish_reason": None}
    await response.write(chunk("", None, choices=[choice]) + chunk("", "tool_calls") + b"data: [DONE]\n\n")
    return response


async def use_tools(endpoint: ChatEndpoint, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    """Asks for the first tool with the arguments {"sku": "S-1"}, then says what it found."""
    last = body["messages"][-1]
    if last["role"] == "tool":
        response = await open_stream(request)
        await response.write(chunk(f"查到了：{last['content'].splitlines()[1]}") + b"".join(END))
        return response
    return await ask_for_tool(endpoint, request, body, '{"sku": "S-1"}')


async def burst(endpoint: ChatEndpoint, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    """The 60 chunks of the load behaviour at once: what a reply costs without waiting."""
    response = await open_stream(request)
    await response.write(b"".join(LOAD_REPLY))
    return response


async def late_end(endpoint: ChatEndpoint, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    """Ends the body 20 ms after the last event, as servers behind a proxy do."""
    response = await open_stream(request)
    await response.write(chunk(quoted(body)) + b"".join(END))
    await asyncio.sleep(0.02)
    return response


async def hang(endpoint: ChatEndpoint, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    await asyncio.sleep(endpoint.pacing.of(endpoint.pacing.hang_s))
    return web.Response(status=504)


async def hang_after_headers(endpoint: ChatEndpoint, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    response = await open_stream(request)
    await response.write(b": keep-alive\n\n")
    await asyncio.sleep(endpoint.pacing.of(endpoint.pacing.hang_s))
    return response


async def drip(endpoint: ChatEndpoint, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    response = await open_stream(request)
    for character in "这一句话会说得非常非常慢":
        await response.write(chunk(character))
        await asyncio.sleep(endpoint.pacing.of(endpoint.pacing.drip_s))
    await response.write(b"".join(END))
    return response


async def cut(endpoint: ChatEndpoint, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    response = await open_stream(request)
    await response.write(chunk("这句话没有") + chunk("说完", None)[:30])
    if request.transport is not None:
        request.transport.abort()
    return response


async def end_early(endpoint: ChatEndpoint, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    response = await open_stream(request)
    await response.write(chunk("这句话没有"))
    return response


async def garbage(endpoint: ChatEndpoint, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    response = await open_stream(request)
    await response.write(b'data: {"choices": [{"delta": {"cont\xff\xfe</html>\n\n')
    return response


async def huge(endpoint: ChatEndpoint, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    response = await open_stream(request)
    try:
        for _ in range(20_000):
            await response.write(chunk("很长" * 500))
    except ConnectionError:
        pass
    return response


async def wrong_type(endpoint: ChatEndpoint, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    return web.Response(text="<html>Please log in</html>", content_type="text/html")


async def error_in_stream(endpoint: ChatEndpoint, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    response = await open_stream(request)
    await response.write(b'data: {"error": {"message": "internal", "type": "server_error", "code": null}}\n\n')
    return response


async def think(endpoint: ChatEndpoint, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    response = await open_stream(request)
    for text in ("<thi", "nk>客户想", "退货</th", "ink>\n\n", *quoted(body)):
        await response.write(chunk(text))
    reasoning = {"index": 0, "delta": {"reasoning_content": "秘密"}, "finish_reason": None}
    await response.write(chunk("", None, choices=[reasoning]) + b"".join(END))
    return response


async def careless(endpoint: ChatEndpoint, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    """CRLF, comments, event names, no space after data:, no [DONE], no blank line at the end."""
    response = await open_stream(request)
    await response.write(b": hello\r\n\r\nevent: message\r\nid: 1\r\n")
    for character in quoted(body):
        await response.write(chunk(character).replace(b"data: ", b"data:").replace(b"\n", b"\r\n"))
    await response.write(chunk("", "stop").rstrip())
    return response


async def empty(endpoint: ChatEndpoint, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    response = await open_stream(request)
    await response.write(b"".join(END))
    return response


def refusing(status: int, error: dict[str, Any], headers: dict[str, str] | None = None) -> Behaviour:
    async def refuse(endpoint: ChatEndpoint, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        sent = dict(headers or {})
        if status == 429:
            sent["Retry-After"] = str(endpoint.pacing.retry_after_s)
        return web.json_response({"error": error}, status=status, headers=sent)

    return refuse


BEHAVIOURS: dict[str, Behaviour] = {
    "normal": normal,
    "load": ChatEndpoint.load,
    "burst": burst,
    "echo": echo,
    "wrong_tools": ask_for_tool,
    "use_tools": use_tools,
    "unauthorized": refusing(401, {"message": "Incorrect API key: sk-***", "code": "invalid_api_key"}),
    "no_balance": refusing(402, {"message": "Insufficient Balance", "code": "invalid_request_error"}),
    "not_found": refusing(404, {"message": "no such model", "code": "model_not_found"}),
    "blocked": refusing(400, {"message": "the customer's words", "code": "content_filter"}),
    "rate_limited": refusing(429, {"message": "slow down", "code": "rate_limit_exceeded"}),
    "no_quota": refusing(429, {"message": "quota", "code": "insufficient_quota"}),
    "server_error": refusing(500, {"message": "oops", "type": "server_error"}),
    "loading": refusing(503, {"message": "Loading model", "type": "unavailable_error", "code": 503}),
    "late_end": late_end,
    "hang": hang,
    "hang_after_headers": hang_after_headers,
    "drip": drip,
    "cut": cut,
    "end_early": end_early,
    "garbage": garbage,
    "huge": huge,
    "wrong_type": wrong_type,
    "error_in_stream": error_in_stream,
    "think": think,
    "careless": careless,
    "empty": empty,
}


async def serve(port: int, scale: float) -> None:
    async with ChatEndpoint(port=port, scale=scale) as endpoint:
        print(endpoint.base_url, flush=True)
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(description="An emulated chat completions endpoint.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--scale", type=float, default=1.0, help="factor on every wait")
    options = parser.parse_args()
    uvloop.run(serve(options.port, options.scale))


if __name__ == "__main__":
    main()
