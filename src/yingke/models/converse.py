"""A model call that may ask for tools in between: bounded rounds, checked arguments, results told as data."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Protocol

import msgspec

from yingke.kit.errors import Problem
from yingke.models.call import CallLimits, Finished, Progress, Text
from yingke.models.check_arguments import check_arguments
from yingke.models.contract import ChatMessage, ModelBroken, ModelTimeout, ToolCall, ToolSpec, Usage
from yingke.models.grounded_prompt import fence_result
from yingke.models.tool_box import ToolBox, ToolResult, ToolUse
from yingke.models.wire_messages import as_object

MOST_CALLS = 6
"""Of a model in one turn; of the eight that a turn may make, two are left for whoever answers when it fails."""
MOST_WRONG_ROUNDS = 1
"""Wrong arguments are explained to the model once; after that there is no point."""


class Caller(Protocol):
    """Makes one model call: a `ReadyModel`, or what tests put in its place."""

    def __call__(
        self, messages: Sequence[ChatMessage], *, limits: CallLimits, tools: Sequence[ToolSpec], may_retry: bool
    ) -> AsyncGenerator[Progress, None]: ...


class Used(msgspec.Struct, frozen=True):
    """A tool was used; for the trace. `outcome`: done, failed, refused (wrong arguments or too many), repeated."""

    name: str
    outcome: str
    milliseconds: float


def as_written(text: str) -> str:
    """Placeholders stay as they are: nothing personal was masked."""
    return text


@dataclass(slots=True)
class Conversation:
    """One turn's exchange. `unmask` gives tools what placeholders stand for, `mask` hides it again in results."""

    caller: Caller
    box: ToolBox | None
    limits: CallLimits
    mask: Callable[[str], str] = as_written
    unmask: Callable[[str], str] = as_written
    tool_s: float = 8.0
    _goes_in_circles: bool = False
    _calls: int = 0
    _wrong_rounds: int = 0
    _has_text: bool = False
    _asked: set[str] = field(default_factory=set)
    _started: float = field(default_factory=time.monotonic)

    async def run(self, messages: Sequence[ChatMessage]) -> AsyncGenerator[Progress | Used, None]:
        """Yields texts, what was used, and last Finished with the usage of all rounds.

        Raises ModelError; `tool_arguments` when the model keeps writing wrong calls, `tool_limit` when it cannot stop.
        """
        specs = tuple(self.box.specs()) if self.box is not None else ()
        told, usage = list(messages), Usage()
        while True:
            offered = specs if self._calls < MOST_CALLS and not self._goes_in_circles else ()
            said, last = "", None
            async with aclosing(self._ask(told, offered)) as progress:
                async for step in progress:
                    if isinstance(step, Finished):
                        last = step
                        continue
                    if isinstance(step, Text):
                        said += step.text
                        self._has_text = True
                    yield step
            if last is None:
                raise ModelBroken("unfinished")
            usage = _sum(usage, last.usage)
            if not last.tool_calls:
                yield msgspec.structs.replace(last, usage=usage, total_s=time.monotonic() - self._started)
                return
            if not offered:
                raise ModelBroken("tool_limit")
            told.append(ChatMessage("assistant", said, last.tool_calls, reasoning=last.reasoning))
            async for used, message in self._use(last.tool_calls, specs):
                told.append(message)
                yield used
            if said:
                yield Text("\n")

    def _ask(self, told: Sequence[ChatMessage], tools: Sequence[ToolSpec]) -> AsyncGenerator[Progress, None]:
        left = self.limits.total_s - (time.monotonic() - self._started)
        if left <= 0:
            raise ModelTimeout("total")
        limits = replace(self.limits, total_s=left, first_token_s=min(self.limits.first_token_s, left))
        return self.caller(told, limits=limits, tools=tools, may_retry=not self._has_text)

    async def _use(
        self, calls: Sequence[ToolCall], specs: Sequence[ToolSpec]
    ) -> AsyncGenerator[tuple[Used, ChatMessage], None]:
        """One after the other, in the order that the model wrote."""
        known = {spec.name: spec for spec in specs}
        has_wrong, has_new = False, False
        for call in calls:
            began = time.perf_counter()
            wrong = self._what_is_wrong(call, known.get(call.name))
            if wrong is None and self._is_repeated(call):
                result, outcome = (
                    ToolResult("This was asked already; its result stands above. Answer with it."),
                    "repeated",
                )
            elif wrong is not None:
                has_wrong = True
                result, outcome = ToolResult(wrong, is_error=True), "refused"
            else:
                has_new = True
                result = await self._run(call)
                outcome = "failed" if result.is_error else "done"
            text = fence_result(self.mask(result.text), is_error=result.is_error)
            milliseconds = round((time.perf_counter() - began) * 1000, 2)
            # A name that is no tool of ours may be anything; it is not kept.
            name = call.name if call.name in known else "unknown"
            yield Used(name, outcome, milliseconds), ChatMessage("tool", text, tool_call_id=call.id)
        self._goes_in_circles = not has_new and not has_wrong
        if has_wrong:
            self._wrong_rounds += 1
            if self._wrong_rounds > MOST_WRONG_ROUNDS:
                raise ModelBroken("tool_arguments")

    def _is_repeated(self, call: ToolCall) -> bool:
        """The same question again; a second look would find the same."""
        written = msgspec.json.encode(as_object(call.arguments), order="sorted").decode()
        key = f"{call.name} {written}"
        is_known = key in self._asked
        self._asked.add(key)
        return is_known

    def _what_is_wrong(self, call: ToolCall, spec: ToolSpec | None) -> str | None:
        if spec is None:
            return "There is no such tool."
        arguments = as_object(call.arguments)
        if arguments is None:
            return "The arguments are not a JSON object. Write them again."
        problem = check_arguments(spec.parameters, arguments)
        if problem is not None:
            return f"{problem}. Correct the arguments."
        return "Too many calls in one turn. Answer with what is known." if self._calls >= MOST_CALLS else None

    async def _run(self, call: ToolCall) -> ToolResult:
        assert self.box is not None
        self._calls += 1
        arguments = as_object(self.unmask(call.arguments)) or {}
        left = self.limits.total_s - (time.monotonic() - self._started)
        try:
            async with asyncio.timeout(max(0.0, min(self.tool_s, left))):
                return await self.box.run(ToolUse(call.name, arguments, self._calls))
        except TimeoutError:
            return ToolResult("The shop did not answer in time. Say so; do not guess.", is_error=True)
        except Problem as problem:
            return ToolResult(f"{problem.zh} / {problem.en}", is_error=True)


def _sum(before: Usage, more: Usage | None) -> Usage:
    if more is None:
        return before
    return Usage(
        before.prompt_tokens + more.prompt_tokens,
        before.completion_tokens + more.completion_tokens,
        before.cached_tokens + more.cached_tokens,
        before.is_estimated or more.is_estimated,
    )
