"""One call of a merchant's system: bounded in time, size and number, and every way it can end has a name."""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from yingke.assistants.own_tools.config import OwnToolConfig
from yingke.assistants.own_tools.fill import NoAddress, fill_body, fill_url
from yingke.kit.http import (
    Outgoing,
    OutgoingFailed,
    OutgoingRefused,
    OutgoingTimeout,
    Reply,
    ResponseTooLarge,
)
from yingke.kit.rates import Rates
from yingke.models.breaker import BreakerOpen, Breakers

Outcome = Literal["ok", "nothing", "failed"]
OUTCOMES: tuple[str, ...] = ("ok", "nothing", "failed", "resting", "too_many")
MOST_BYTES = 256_000
GONE = (204, 404, 410)


@dataclass(frozen=True, slots=True)
class Called:
    """`why` names what failed: slow, connect, tls, cut, encoding, address, too_large, no_json, redirect, unauthorised,
    http_NNN, resting, too_many. `body`: the decoded answer."""

    outcome: Outcome
    why: str = ""
    status: int = 0
    body: Any = None
    milliseconds: float = 0.0


class OwnCaller:
    """One per process. Nothing here raises for what the other side does; never called inside a transaction."""

    def __init__(self, outgoing: Outgoing, *, allow_private: bool) -> None:
        self._outgoing = outgoing
        self._allow_private = allow_private
        self._rates = Rates()
        self._breakers = Breakers()
        self.counted: Counter[str] = Counter()

    async def call(
        self,
        config: OwnToolConfig,
        values: Mapping[str, str],
        headers: Mapping[str, str],
        *,
        tool: tuple[int, int],
        conversation_id: int = 0,
    ) -> Called:
        """`tool` is its workspace and id. A tool that fails half of the time is left alone for a while; nobody tries
        out numbers by the hundred in one conversation."""
        called = await self._call(config, values, headers, tool, conversation_id)
        self.counted[called.why if called.why in OUTCOMES else called.outcome] += 1
        return called

    async def try_once(
        self, config: OwnToolConfig, values: Mapping[str, str], headers: Mapping[str, str]
    ) -> tuple[Called, Reply | None]:
        """Past all memory of earlier failures, for the person who sets it up."""
        try:
            url = fill_url(config.url, values)
        except NoAddress:
            return Called("failed", "address"), None
        body = fill_body(config.body, values) if config.method == "POST" else None
        began = time.perf_counter()
        called, reply = await self._send(config, url, body, headers)
        took = round((time.perf_counter() - began) * 1000, 1)
        return Called(called.outcome, called.why, called.status, called.body, took), reply

    async def _call(
        self,
        config: OwnToolConfig,
        values: Mapping[str, str],
        headers: Mapping[str, str],
        tool: tuple[int, int],
        conversation_id: int,
    ) -> Called:
        workspace_id, tool_id = tool
        if self._rates.take(f"workspace:{workspace_id}", rate=10, burst=50):
            return Called("failed", "too_many")
        if conversation_id and self._rates.take(f"talk:{workspace_id}:{conversation_id}", rate=1 / 30, burst=12):
            return Called("failed", "too_many")
        try:
            permit = self._breakers.of(str(workspace_id), str(tool_id)).enter()
        except BreakerOpen:
            return Called("failed", "resting")
        try:
            called, _ = await self.try_once(config, values, headers)
        except BaseException:
            permit.forget()
            raise
        if called.outcome == "failed" and not called.why.startswith("http_4"):
            permit.fail()
        else:
            permit.succeed()
        return called

    async def _send(
        self, config: OwnToolConfig, url: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[Called, Reply | None]:
        sent = {"Accept": "application/json", **({"Content-Type": "application/json"} if body is not None else {})}
        try:
            reply = await self._outgoing.request(
                config.method,
                url,
                headers={**sent, **headers},
                body=body,
                timeout_s=config.timeout_ms / 1000,
                max_bytes=MOST_BYTES,
                allow_private=self._allow_private,
            )
        except OutgoingTimeout:
            return Called("failed", "slow"), None
        except OutgoingRefused:
            return Called("failed", "address"), None
        except OutgoingFailed as problem:
            return Called("failed", problem.reason), None
        except ResponseTooLarge:
            return Called("failed", "too_large"), None
        return _judged(reply), reply


def _judged(reply: Reply) -> Called:
    status = reply.status
    if status in GONE:
        return Called("nothing", "", status)
    if 300 <= status < 400:
        return Called("failed", "redirect", status)
    if status in (401, 403):
        return Called("failed", "unauthorised", status)
    if status >= 300:
        return Called("failed", f"http_{status}", status)
    try:
        return Called("ok", "", status, _decoded(reply.body))
    except ValueError:
        return Called("failed", "no_json", status)


def _decoded(body: bytes) -> Any:
    """Raises ValueError for what is no JSON."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise ValueError from problem
