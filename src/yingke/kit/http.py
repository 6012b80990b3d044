"""The one door out for HTTP: guarded against inner addresses, bounded in time and size, without cookies."""

import asyncio
import contextlib
import re
import socket
import ssl
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Literal

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from yingke.kit.address_guard import (
    AddressRefused,
    GuardedResolver,
    Judge,
    is_odd_number,
    judge_private_too,
    judge_public,
    parse_address,
)
from yingke.kit.elsewhere import waiting_elsewhere
from yingke.kit.errors import Problem
from yingke.kit.transaction_flag import transaction_open

Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
MAX_REDIRECTS = 3
HOST_NAME = re.compile(r"[A-Za-z0-9._-]{1,253}")
REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
PRIVATE_TO_ONE_ORIGIN = frozenset({"authorization", "cookie", "proxy-authorization", "x-api-key"})


class OutgoingRefused(Problem):
    """The URL may not be called. `reason` is one of scheme, userinfo, host, private, forbidden, malformed, redirect."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            422,
            "address_refused",
            "这个网址不能访问：只允许公网的 http 或 https 地址。",
            "This address may not be called: only public http or https addresses are allowed.",
        )
        self.reason = reason


class OutgoingTimeout(Problem):
    """The other side did not finish within the time allowed."""

    def __init__(self) -> None:
        super().__init__(
            504,
            "outgoing_timeout",
            "对方服务器没有在规定时间内答复，请稍后再试。",
            "The other server did not answer in time. Try again later.",
        )


class OutgoingFailed(Problem):
    """No usable answer. `reason` is one of connect, tls, cut, encoding, redirects."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            502,
            "outgoing_failed",
            "连不上对方服务器，请检查网址或稍后再试。",
            "The other server cannot be reached. Check the address or try again later.",
        )
        self.reason = reason


class ResponseTooLarge(Problem):
    """The answer was cut off at the size limit and thrown away."""

    def __init__(self) -> None:
        super().__init__(
            502,
            "response_too_large",
            "对方返回的内容太大，已停止接收。",
            "The other server sent too much; receiving was stopped.",
        )


class OutgoingInTransaction(RuntimeError):
    """Code tried to call the outside while it holds a database transaction; claim, call, record instead."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete answer; header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Flow:
    """An answer that is still arriving, valid inside the `stream` block."""

    def __init__(self, response: aiohttp.ClientResponse, max_bytes: int) -> None:
        self.status = response.status
        self.headers: Mapping[str, str] = {name.lower(): value for name, value in response.headers.items()}
        self._content = response.content
        self._left = max_bytes

    async def read(self) -> bytes:
        """What has arrived since the last read, waiting for at least a byte; empty at the end.

        Raises ResponseTooLarge past the limit, OutgoingTimeout, OutgoingFailed.
        """
        try:
            chunk = await self._content.readany()
        except aiohttp.ClientError as problem:
            raise _named(problem) from problem
        except TimeoutError as problem:
            raise OutgoingTimeout from problem
        self._left -= len(chunk)
        if self._left < 0:
            raise ResponseTooLarge
        return chunk

    async def read_all(self) -> bytes:
        """The whole body; raises like `read`."""
        chunks: list[bytes] = []
        while chunk := await self.read():
            chunks.append(chunk)
        return b"".join(chunks)

    async def drain(self, patience_s: float = 0.05) -> None:
        """After the last wanted byte: wait shortly for the body's end, so that the connection can be used again."""
        with contextlib.suppress(aiohttp.ClientError, TimeoutError):
            async with asyncio.timeout(patience_s):
                while await self._content.readany():
                    pass


class Outgoing:
    """One per process, made inside the running loop; `close` it at the end.

    `resolver` and the two judges are for tests and for networks with rules of their own.
    """

    def __init__(
        self,
        *,
        resolver: AbstractResolver | None = None,
        judge: Judge = judge_public,
        judge_private: Judge = judge_private_too,
        max_connections: int = 2000,
    ) -> None:
        self._judges = {False: judge, True: judge_private}
        # Pools are kept apart: a guarded request must not reuse a connection that was opened to a private address.
        self._sessions = {
            allow_private: _make_session(rule, resolver, max_connections)
            for allow_private, rule in self._judges.items()
        }

    async def close(self) -> None:
        for session in self._sessions.values():
            await session.close()

    async def request(
        self,
        method: Method,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        timeout_s: float = 10.0,
        max_bytes: int = 1_000_000,
        allow_private: bool = False,
        follow_redirects: bool = False,
    ) -> Reply:
        """Send and read the whole answer; redirects are followed (at most 3, GET and HEAD only) when asked.

        `timeout_s` covers everything, redirects included. Raises OutgoingRefused, OutgoingTimeout,
        OutgoingFailed, ResponseTooLarge, OutgoingInTransaction.
        """
        sent = dict(headers or {})
        deadline = time.monotonic() + timeout_s
        for _ in range(MAX_REDIRECTS + 1):
            async with self.stream(
                method,
                url,
                headers=sent,
                body=body,
                timeout_s=deadline - time.monotonic(),
                max_bytes=max_bytes,
                allow_private=allow_private,
            ) as flow:
                target = flow.headers.get("location")
                if not (follow_redirects and target and flow.status in REDIRECT_STATUSES):
                    return Reply(flow.status, flow.headers, await flow.read_all())
            url, sent = _redirected(method, url, target, sent)
        raise OutgoingFailed("redirects")

    @contextlib.asynccontextmanager
    async def stream(
        self,
        method: Method,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        timeout_s: float = 30.0,
        max_bytes: int = 8_000_000,
        allow_private: bool = False,
    ) -> AsyncIterator[Flow]:
        """Send and hand out the answer while it arrives; redirects are never followed here.

        Raises like `request`, from the block as well: a timeout or a cut while reading ends the block.
        """
        if transaction_open.get():
            raise OutgoingInTransaction(f"{method} while a database transaction is open")
        target = _checked_url(url, self._judges[allow_private])
        if timeout_s <= 0:
            raise OutgoingTimeout
        with waiting_elsewhere():
            try:
                async with self._sessions[allow_private].request(
                    method,
                    target,
                    headers={"Accept-Encoding": "identity", **(headers or {})},
                    data=body,
                    allow_redirects=False,
                    timeout=aiohttp.ClientTimeout(total=timeout_s, ceil_threshold=60),
                ) as response:
                    if response.headers.get("Content-Encoding", "identity").lower() not in ("identity", ""):
                        raise OutgoingFailed("encoding")
                    yield Flow(response, max_bytes)
            except aiohttp.ClientError as problem:
                raise _named(problem) from problem
            except TimeoutError as problem:
                raise OutgoingTimeout from problem


def _make_session(judge: Judge, resolver: AbstractResolver | None, max_connections: int) -> aiohttp.ClientSession:
    def guarded_socket(address: aiohttp.AddrInfoType) -> socket.socket:
        """The last look, at the very address about to be connected."""
        family, kind, proto, _, place = address
        reason = judge(str(place[0]))
        if reason is not None:
            raise AddressRefused(reason)
        return socket.socket(family=family, type=kind, proto=proto)

    connector = aiohttp.TCPConnector(
        resolver=GuardedResolver(resolver or aiohttp.ThreadedResolver(), judge),
        socket_factory=guarded_socket,
        limit=max_connections,
        ttl_dns_cache=10,
    )
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        trust_env=False,
        headers={"User-Agent": "Yingke"},
        skip_auto_headers={"Content-Type"},
    )


def _checked_url(url: str, judge: Judge) -> URL:
    """Raises OutgoingRefused for anything but a plain http(s) URL whose host, if an address, may be called."""
    try:
        parsed = URL(url)
        host, port = parsed.host, parsed.port
    except ValueError as problem:
        raise OutgoingRefused("malformed") from problem
    if parsed.scheme not in ("http", "https"):
        raise OutgoingRefused("scheme")
    if parsed.user is not None or parsed.password is not None or "@" in parsed.raw_authority:
        raise OutgoingRefused("userinfo")
    if not host or not port:
        raise OutgoingRefused("host")
    raw_host = (parsed.raw_host or "").rstrip(".")
    if parse_address(raw_host) is not None:
        reason = judge(raw_host)
        if reason is not None:
            raise OutgoingRefused(reason)
    elif not HOST_NAME.fullmatch(raw_host) or is_odd_number(raw_host):
        raise OutgoingRefused("malformed")
    return parsed


def _redirected(method: Method, url: str, location: str, headers: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Where to go next and with what; secrets stay with the origin they were meant for."""
    if method not in ("GET", "HEAD"):
        raise OutgoingRefused("redirect")
    try:
        before, after = URL(url), URL(url).join(URL(location))
        same_origin = before.origin() == after.origin()
    except ValueError as problem:
        raise OutgoingRefused("malformed") from problem
    if before.scheme == "https" and after.scheme != "https":
        raise OutgoingRefused("redirect")
    if not same_origin:
        headers = {name: value for name, value in headers.items() if name.lower() not in PRIVATE_TO_ONE_ORIGIN}
    return str(after), headers


def _named(problem: aiohttp.ClientError) -> Problem:
    if isinstance(problem, TimeoutError):
        return OutgoingTimeout()
    if isinstance(problem, aiohttp.ClientConnectorError) and isinstance(problem.os_error, AddressRefused):
        return OutgoingRefused(problem.os_error.reason)
    if isinstance(problem, aiohttp.InvalidURL):
        return OutgoingRefused("malformed")
    if isinstance(problem, aiohttp.ClientSSLError) or isinstance(problem.__cause__, ssl.SSLError):
        return OutgoingFailed("tls")
    if isinstance(problem, aiohttp.ClientConnectorError):
        return OutgoingFailed("connect")
    return OutgoingFailed("cut")
