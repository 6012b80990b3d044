"""The one way a provider calls its platform: within five seconds, and every failure with a name."""

import contextlib
import time
from collections.abc import AsyncIterator, Mapping
from contextvars import ContextVar
from typing import Any
from urllib.parse import urlsplit

import msgspec

from yingke.commerce.contract import TIMEOUT_SECONDS, ShopDown, ShopRefused, ShopUnauthorised
from yingke.kit.http import Method, Outgoing, OutgoingFailed, OutgoingRefused, OutgoingTimeout, Reply, ResponseTooLarge

MOST_BYTES = 8_000_000
NOT_SENT = frozenset({"connect", "tls"})
"""The request never left: nothing can have happened there."""

_deadline: ContextVar[float | None] = ContextVar("shop_deadline", default=None)


@contextlib.asynccontextmanager
async def within(seconds: float = TIMEOUT_SECONDS) -> AsyncIterator[None]:
    """All calls inside share one deadline; an earlier one around it holds."""
    until = time.monotonic() + seconds
    before = _deadline.get()
    token = _deadline.set(until if before is None else min(before, until))
    try:
        yield
    finally:
        _deadline.reset(token)


def seconds_left() -> float:
    """What the call under way may still take."""
    until = _deadline.get()
    return TIMEOUT_SECONDS if until is None else until - time.monotonic()


class Door:
    """Calls of one connection. `allow_private` as the installation's settings say."""

    def __init__(self, outgoing: Outgoing, *, allow_private: bool) -> None:
        self._outgoing = outgoing
        self._allow_private = allow_private

    async def send(
        self,
        method: Method,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        acts: bool = False,
    ) -> Reply:
        """The answer with a status below 500, other than 401 and 429.

        `acts`: the call changes something there, so a lost answer `may_have_happened`. Raises ShopDown, ShopRefused,
        ShopUnauthorised.
        """
        left = seconds_left()
        if left <= 0:
            raise ShopDown("slow")
        try:
            reply = await self._outgoing.request(
                method,
                url,
                headers=headers,
                body=body,
                timeout_s=min(left, TIMEOUT_SECONDS),
                max_bytes=MOST_BYTES,
                allow_private=self._allow_private,
            )
        except OutgoingTimeout as problem:
            raise ShopDown("slow", may_have_happened=acts) from problem
        except OutgoingFailed as problem:
            raise ShopDown(problem.reason, may_have_happened=acts and problem.reason not in NOT_SENT) from problem
        except ResponseTooLarge as problem:
            raise ShopDown("too_large", may_have_happened=acts) from problem
        except OutgoingRefused as problem:
            raise ShopRefused(problem.zh, cause="address") from problem
        return _judged(reply, acts)

    async def send_json(
        self,
        method: Method,
        url: str,
        value: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        acts: bool = False,
    ) -> Any:
        """Like `send`, and reads the JSON of a 2xx answer; anything else raises ShopRefused with the shop's words."""
        body = None if value is None else msgspec.json.encode(value)
        sent = {"Accept": "application/json", **({"Content-Type": "application/json"} if body else {})}
        reply = await self.send(method, url, headers=sent | dict(headers or {}), body=body, acts=acts)
        if reply.status >= 300:
            raise ShopRefused(words_of(reply), cause=f"http_{reply.status}")
        return read_json(reply, acts=acts)


def read_json(reply: Reply, *, acts: bool = False) -> Any:
    """Raises ShopDown for what is no JSON: a proxy's page, a cut answer."""
    try:
        return msgspec.json.decode(reply.body)
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise ShopDown("no_json", may_have_happened=acts) from problem


def words_of(reply: Reply) -> str:
    """What the shop said about a refusal, at most 200 characters."""
    try:
        value = msgspec.json.decode(reply.body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        value = None
    if isinstance(value, dict):
        for name in ("message", "errors", "error", "errmsg", "msg"):
            if value.get(name):
                said = value[name]
                return (said if isinstance(said, str) else msgspec.json.encode(said).decode())[:200]
    return f"HTTP {reply.status}"


def origin_of(url: str) -> str:
    """Scheme, host and port; empty for what is no address."""
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        return f"{parts.scheme}://{parts.hostname or ''}:{parts.port or ''}".lower() if parts.hostname else ""
    except ValueError:
        return ""


def base_url(text: str) -> str:
    """An address as people type it, whole and without the slash at its end: `x.example.com` means https."""
    line = text.strip().rstrip("/")
    return line if "://" in line else f"https://{line}"


def _judged(reply: Reply, acts: bool) -> Reply:
    if reply.status == 401:
        raise ShopUnauthorised
    if reply.status == 429:
        raise ShopDown("busy", retry_after=retry_after(reply))
    if reply.status >= 500:
        # A 503 with Retry-After was turned away at the gate; any other failure may lie behind the deed.
        was_turned_away = reply.status == 503 and "retry-after" in reply.headers
        raise ShopDown(
            f"http_{reply.status}", may_have_happened=acts and not was_turned_away, retry_after=retry_after(reply)
        )
    return reply


def retry_after(reply: Reply) -> float | None:
    try:
        return max(0.0, float(reply.headers.get("retry-after", "")))
    except ValueError:
        return None
