"""One model call with its limits: the model half of the ladder. Whoever catches its error steps down to retrieval."""

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Literal

import msgspec

from yingke.models.breaker import Breaker, Permit
from yingke.models.contract import (
    ChatMessage,
    ChatModel,
    Delta,
    ModelBroken,
    ModelError,
    ModelTimeout,
    ToolCall,
    ToolSpec,
    Usage,
)
from yingke.models.tool_text import ToolText

LONGEST_RETRY_WAIT_S = 1.0
UNFINISHED = Delta(finish_reason="unfinished")


@dataclass(frozen=True, slots=True)
class CallLimits:
    """`first_token_s` counts from the call's start and includes a retry; so does `total_s`. `stall_s` is the longest
    silence between two pieces."""

    first_token_s: float = 8.0
    total_s: float = 30.0
    stall_s: float = 10.0
    max_tokens: int = 800
    max_characters: int = 8_000
    temperature: float = 0.2


class Retrying(msgspec.Struct, frozen=True):
    """Nothing was shown yet and the first attempt failed with `cause`; a second one begins."""

    cause: str


class Text(msgspec.Struct, frozen=True, gc=False):
    """A piece of visible answer."""

    text: str


class Finished(msgspec.Struct, frozen=True):
    """The answer is whole. Times in seconds from the call's start; `attempts` is 1 or 2."""

    finish_reason: Literal["stop", "length", "tool_calls"]
    usage: Usage | None
    first_token_s: float
    total_s: float
    attempts: int
    tool_calls: tuple[ToolCall, ...] = ()
    reasoning: str | None = None


Progress = Text | Retrying | Finished


async def call(
    model: ChatModel,
    messages: Sequence[ChatMessage],
    *,
    breaker: Breaker,
    limits: CallLimits | None = None,
    tools: Sequence[ToolSpec] = (),
    may_retry: bool = True,
) -> AsyncGenerator[Progress, None]:
    """Yield texts and, last, Finished. At most one retry, only before the first text and within the budget.

    Raises BreakerOpen without calling, else ModelError; after the first text any error leaves a partial answer that
    the caller withdraws. `aclose` it to end the call early.
    """
    limits = limits or CallLimits()
    started = time.monotonic()
    permit = breaker.enter()
    attempts = 1
    while True:
        shown = False
        try:
            attempt = _Attempt(model, messages, tools, limits, started, attempts)
            async with aclosing(attempt.run(permit)) as progress:
                async for step in progress:
                    shown = True
                    yield step
            return
        except ModelError as problem:
            if shown or attempts == 2 or permit.is_probe or not may_retry:
                raise
            second = await _second_permit(problem, breaker, limits, started)
            if second is None:
                raise
            cause = problem.cause
        permit, attempts = second, 2
        yield Retrying(cause)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One exchange."""

    model: ChatModel
    messages: Sequence[ChatMessage]
    tools: Sequence[ToolSpec]
    limits: CallLimits
    started: float
    number: int

    async def run(self, permit: Permit) -> AsyncGenerator[Text | Finished, None]:
        """Tells the breaker how it went, also when the caller closes it early."""
        try:
            async with aclosing(self._deltas()) as steps:
                async for step in steps:
                    if isinstance(step, Finished):
                        permit.succeed()
                    yield step
        except ModelError as problem:
            if problem.is_failure:
                permit.fail()
            raise
        finally:
            permit.forget()

    async def _deltas(self) -> AsyncGenerator[Text | Finished, None]:
        characters, limits, visible = 0, self.limits, ToolText()
        more = {"tools": self.tools} if self.tools else {}
        stream = self.model.stream(
            self.messages,
            max_tokens=limits.max_tokens,
            temperature=limits.temperature,
            deadline=self.started + limits.total_s,
            **more,
        )
        async with aclosing(stream):
            delta = await _next(stream, self.started + limits.first_token_s, "first_token")
            first_token_s = time.monotonic() - self.started
            while delta.finish_reason is None:
                characters += len(delta.text)
                if characters > limits.max_characters:
                    raise ModelBroken("too_long")
                if text := visible.feed(delta.text):
                    yield Text(text)
                delta = await _next(stream, self._patience(), "stalled")
        if text := visible.finish():
            yield Text(text)
        self._check_end(delta, characters, visible)
        yield self._finished(delta, first_token_s)

    def _patience(self) -> float:
        """Until when the next piece must come. Raises ModelTimeout when the whole time is over."""
        now = time.monotonic()
        if now - self.started > self.limits.total_s:
            raise ModelTimeout("total")
        return min(now + self.limits.stall_s, self.started + self.limits.total_s)

    def _check_end(self, last: Delta, characters: int, visible: ToolText) -> None:
        if last is UNFINISHED:
            raise ModelBroken("unfinished" if characters else "empty")
        if last.tool_calls:
            if not self.tools:
                raise ModelBroken("tool_unasked")
            return
        if not characters:
            raise ModelBroken("empty")
        if visible.has_hidden:
            raise ModelBroken("tool_in_text")

    def _finished(self, last: Delta, first_token_s: float) -> Finished:
        reason: Literal["stop", "length", "tool_calls"] = "stop"
        if last.finish_reason == "length":
            reason = "length"
        elif last.tool_calls:
            reason = "tool_calls"
        total_s = time.monotonic() - self.started
        return Finished(reason, last.usage, first_token_s, total_s, self.number, last.tool_calls, last.reasoning)


async def _next(stream: AsyncGenerator[Delta, None], deadline: float, cause: str) -> Delta:
    """The next delta. Raises ModelTimeout past `deadline`."""
    try:
        async with asyncio.timeout(max(deadline - time.monotonic(), 0.0)):
            return await anext(stream, UNFINISHED)
    except TimeoutError as problem:
        raise ModelTimeout(cause) from problem


async def _second_permit(problem: ModelError, breaker: Breaker, limits: CallLimits, started: float) -> Permit | None:
    """Wait as the endpoint asked, or a little; None when a second attempt is not worth it or not affordable."""
    wait = problem.retry_after if problem.retry_after is not None else random.uniform(0.05, 0.2)
    left = started + limits.first_token_s - time.monotonic()
    if problem.advice != "retry" or wait > LONGEST_RETRY_WAIT_S or wait >= left or not breaker.has_retry:
        return None
    await asyncio.sleep(wait)
    return breaker.take_retry()
