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
    Usage,
)

LONGEST_RETRY_WAIT_S = 1.0
UNFINISHED = Delta(finish_reason="unfinished")


@dataclass(frozen=True, slots=True)
class CallLimits:
    """`first_token_s` counts from the call's start and includes a retry; so does `total_s`."""

    first_token_s: float = 8.0
    total_s: float = 30.0
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

    finish_reason: Literal["stop", "length"]
    usage: Usage | None
    first_token_s: float
    total_s: float
    attempts: int


Progress = Text | Retrying | Finished


async def call(
    model: ChatModel, messages: Sequence[ChatMessage], *, breaker: Breaker, limits: CallLimits | None = None
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
            async with aclosing(_attempt(model, messages, permit, limits, started, attempts)) as progress:
                async for step in progress:
                    shown = True
                    yield step
            return
        except ModelError as problem:
            if shown or attempts == 2 or permit.is_probe:
                raise
            second = await _second_permit(problem, breaker, limits, started)
            if second is None:
                raise
            cause = problem.cause
        permit, attempts = second, 2
        yield Retrying(cause)


async def _attempt(
    model: ChatModel,
    messages: Sequence[ChatMessage],
    permit: Permit,
    limits: CallLimits,
    started: float,
    attempts: int,
) -> AsyncGenerator[Text | Finished, None]:
    """One exchange; tells the breaker how it went, also when the caller closes it early."""
    characters = 0
    stream = model.stream(
        messages, max_tokens=limits.max_tokens, temperature=limits.temperature, deadline=started + limits.total_s
    )
    try:
        async with aclosing(stream):
            delta = await _first(stream, started + limits.first_token_s)
            first_token_s = time.monotonic() - started
            while delta.finish_reason is None:
                characters += len(delta.text)
                if characters > limits.max_characters:
                    raise ModelBroken("too_long")
                yield Text(delta.text)
                delta = await anext(stream, UNFINISHED)
                if time.monotonic() - started > limits.total_s:
                    raise ModelTimeout("total")
        if delta is UNFINISHED or not characters:
            raise ModelBroken("empty" if not characters else "unfinished")
        permit.succeed()
        total_s = time.monotonic() - started
        reason: Literal["stop", "length"] = "length" if delta.finish_reason == "length" else "stop"
        yield Finished(reason, delta.usage, first_token_s, total_s, attempts)
    except ModelError as problem:
        if problem.is_failure:
            permit.fail()
        raise
    finally:
        permit.forget()


async def _first(stream: AsyncGenerator[Delta, None], deadline: float) -> Delta:
    """The first visible delta. Raises ModelTimeout past `deadline`."""
    try:
        async with asyncio.timeout(max(deadline - time.monotonic(), 0.0)):
            return await anext(stream, UNFINISHED)
    except TimeoutError as problem:
        raise ModelTimeout("first_token") from problem


async def _second_permit(problem: ModelError, breaker: Breaker, limits: CallLimits, started: float) -> Permit | None:
    """Wait as the endpoint asked, or a little; None when a second attempt is not worth it or not affordable."""
    wait = problem.retry_after if problem.retry_after is not None else random.uniform(0.05, 0.2)
    left = started + limits.first_token_s - time.monotonic()
    if problem.advice != "retry" or wait > LONGEST_RETRY_WAIT_S or wait >= left or not breaker.has_retry:
        return None
    await asyncio.sleep(wait)
    return breaker.take_retry()
