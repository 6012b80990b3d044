"""The outermost ring: sockets by the shortest way, security headers on everything, CORS for the widget alone."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from yingke.app.agent_stream import serve_agent
from yingke.app.errors import MEDIA_TYPE, language_of, problem_body, problem_headers
from yingke.app.house import House
from yingke.app.load import is_message
from yingke.app.visitor_socket import serve_visitor
from yingke.kit.errors import Problem

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MAX_JSON = 1_000_000
_UPLOADS = (b"multipart/form-data",)

_BASE = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(self), microphone=(self), geolocation=()"),
]
_PAGE_POLICY = (
    b"default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; script-src 'self';"
    b" connect-src 'self' ws: wss:; object-src 'none'; base-uri 'none'; form-action 'self'"
)
_CORS = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-headers", b"authorization, content-type, idempotency-key, accept-language"),
    (b"access-control-allow-methods", b"GET, POST, OPTIONS"),
    (b"access-control-expose-headers", b"retry-after"),
    (b"access-control-max-age", b"600"),
]


async def _socket(house: House, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["path"] == "/v1/widget/stream":
        await serve_visitor(house, scope, receive, send)
    elif scope["path"] == "/v1/stream":
        await serve_agent(house, scope, receive, send)
    else:
        await receive()
        await send({"type": "websocket.close", "code": 4004})


def wrap(app: App, house: House) -> App:
    """`app` with the ring around it."""

    async def edge(scope: Scope, receive: Receive, send: Send) -> None:
        kind = scope["type"]
        if kind == "websocket":
            await _socket(house, scope, receive, send)
            return
        if kind != "http":
            await app(scope, receive, send)
            return
        path: str = scope["path"]
        is_widget = path.startswith(("/v1/widget/", "/widget.js", "/assets/widget/"))
        extra = [*_BASE, *(_CORS if is_widget else ())]

        async def decorated(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                present = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(pair for pair in extra if pair[0] not in present),
                    *([] if b"content-security-policy" in present else [(b"content-security-policy", _policy(path))]),
                ]
            await send(message)

        if is_widget and scope["method"] == "OPTIONS":
            await _answer(decorated, 204, b"", b"text/plain")
        elif (refusal := house.load.check(scope["method"], path)) is not None:
            await _refuse(decorated, scope, refusal)
        elif not _is_small(scope):
            await _refuse(decorated, scope, Problem(413, "too_big", "内容太大了。", "The body is too large."))
        else:
            try:
                with house.load.message() if is_message(scope) else house.load.request():
                    await app(scope, receive, decorated)
            except Problem as problem:
                await _refuse(decorated, scope, problem)

    return edge


def _policy(path: str) -> bytes:
    if path.startswith("/files/"):
        return b"sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"
    if path.startswith(("/chat/", "/frame/")):
        # The page adds frame-ancestors with the shop's own domains.
        return _PAGE_POLICY
    if path.startswith("/docs"):
        return b"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    return _PAGE_POLICY.replace(b" 'unsafe-inline'", b"") + b"; frame-ancestors 'self'"


def _is_small(scope: Scope) -> bool:
    """Bodies with a stated length over the limit are refused unread; uploads have their own limit."""
    headers = dict(scope["headers"])
    if headers.get(b"content-type", b"").startswith(_UPLOADS):
        return True
    length = headers.get(b"content-length", b"0")
    return length.isdigit() and int(length) <= MAX_JSON


async def _refuse(send: Send, scope: Scope, problem: Problem) -> None:
    """Before the application: a refusal must cost next to nothing when there are many."""
    accepted = next((value for name, value in scope["headers"] if name == b"accept-language"), b"")
    body = problem_body(problem, language_of({"accept-language": accepted.decode("latin-1")}))
    more = [(name.lower().encode(), value.encode()) for name, value in problem_headers(problem).items()]
    await _answer(send, problem.status, body, MEDIA_TYPE.encode(), more)


async def _answer(
    send: Send, status: int, body: bytes, media_type: bytes, more: Sequence[tuple[bytes, bytes]] = ()
) -> None:
    headers = [(b"content-type", media_type), (b"content-length", str(len(body)).encode()), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
