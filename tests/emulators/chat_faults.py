"""Ways in which an endpoint fails or is careless, each a behaviour that writes one response."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from aiohttp import web

from tests.emulators.chat_wire import END, USAGE, Pacing, chunk, open_stream, quoted

LOAD_CHUNKS = 60


class Endpoint(Protocol):
    """What a behaviour may look at."""

    pacing: Pacing


Behaviour = Callable[[Any, web.Request, dict[str, Any]], Awaitable[web.StreamResponse]]
LOAD_REPLY = (*(chunk(f"第{number}段。") for number in range(LOAD_CHUNKS)), b"".join(END))


async def normal(endpoint: Endpoint, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
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


async def echo(endpoint: Endpoint, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    """Says the last message back, without its fences."""
    said = "\n".join(line for line in body["messages"][-1]["content"].splitlines() if not line.startswith("<<<"))
    response = await open_stream(request)
    await response.write(chunk(said) + b"".join(END))
    return response


async def ask_for_tool(
    endpoint: Endpoint, request: web.Request, body: dict[str, Any], arguments: str = '{"sku":'
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


async def use_tools(endpoint: Endpoint, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    """Asks for the first tool with the arguments {"sku": "S-1"}, then says what it found."""
    last = body["messages"][-1]
    if last["role"] == "tool":
        response = await open_stream(request)
        await response.write(chunk(f"查到了：{last['content'].splitlines()[1]}") + b"".join(END))
        return response
    return await ask_for_tool(endpoint, request, body, '{"sku": "S-1"}')


async def burst(endpoint: Endpoint, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    """The 60 chunks of the load behaviour at once: what a reply costs without waiting."""
    response = await open_stream(request)
    await response.write(b"".join(LOAD_REPLY))
    return response


async def late_end(endpoint: Endpoint, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    """Ends the body 20 ms after the last event, as servers behind a proxy do."""
    response = await open_stream(request)
    await response.write(chunk(quoted(body)) + b"".join(END))
    await asyncio.sleep(0.02)
    return response


async def hang(endpoint: Endpoint, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    await asyncio.sleep(endpoint.pacing.of(endpoint.pacing.hang_s))
    return web.Response(status=504)


async def hang_after_headers(endpoint: Endpoint, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    response = await open_stream(request)
    await response.write(b": keep-alive\n\n")
    await asyncio.sleep(endpoint.pacing.of(endpoint.pacing.hang_s))
    return response


async def drip(endpoint: Endpoint, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    response = await open_stream(request)
    for character in "这一句话会说得非常非常慢":
        await response.write(chunk(character))
        await asyncio.sleep(endpoint.pacing.of(endpoint.pacing.drip_s))
    await response.write(b"".join(END))
    return response


async def cut(endpoint: Endpoint, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    response = await open_stream(request)
    await response.write(chunk("这句话没有") + chunk("说完", None)[:30])
    if request.transport is not None:
        request.transport.abort()
    return response


async def end_early(endpoint: Endpoint, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    response = await open_stream(request)
    await response.write(chunk("这句话没有"))
    return response


async def garbage(endpoint: Endpoint, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    response = await open_stream(request)
    await response.write(b'data: {"choices": [{"delta": {"cont\xff\xfe</html>\n\n')
    return response


async def huge(endpoint: Endpoint, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    response = await open_stream(request)
    try:
        for _ in range(20_000):
            await response.write(chunk("很长" * 500))
    except ConnectionError:
        pass
    return response


async def wrong_type(endpoint: Endpoint, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    return web.Response(text="<html>Please log in</html>", content_type="text/html")


async def error_in_stream(endpoint: Endpoint, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    response = await open_stream(request)
    await response.write(b'data: {"error": {"message": "internal", "type": "server_error", "code": null}}\n\n')
    return response


async def think(endpoint: Endpoint, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    response = await open_stream(request)
    for text in ("<thi", "nk>客户想", "退货</th", "ink>\n\n", *quoted(body)):
        await response.write(chunk(text))
    reasoning = {"index": 0, "delta": {"reasoning_content": "秘密"}, "finish_reason": None}
    await response.write(chunk("", None, choices=[reasoning]) + b"".join(END))
    return response


async def careless(endpoint: Endpoint, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    """CRLF, comments, event names, no space after data:, no [DONE], no blank line at the end."""
    response = await open_stream(request)
    await response.write(b": hello\r\n\r\nevent: message\r\nid: 1\r\n")
    for character in quoted(body):
        await response.write(chunk(character).replace(b"data: ", b"data:").replace(b"\n", b"\r\n"))
    await response.write(chunk("", "stop").rstrip())
    return response


async def empty(endpoint: Endpoint, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    response = await open_stream(request)
    await response.write(b"".join(END))
    return response


def refusing(status: int, error: dict[str, Any], headers: dict[str, str] | None = None) -> Behaviour:
    async def refuse(endpoint: Endpoint, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        sent = dict(headers or {})
        if status == 429:
            sent["Retry-After"] = str(endpoint.pacing.retry_after_s)
        return web.json_response({"error": error}, status=status, headers=sent)

    return refuse


FAULTS: dict[str, Behaviour] = {
    "normal": normal,
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
