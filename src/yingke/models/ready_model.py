"""An endpoint that may be called now: with its breaker, its place in the queue and its meter."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass, replace

from yingke.models.breaker import Breaker, BreakerOpen
from yingke.models.call import CallLimits, Finished, Progress, Text, call
from yingke.models.contract import ChatMessage, ChatModel, ModelError, ToolSpec, Usage
from yingke.models.count_tokens import estimate_usage
from yingke.models.meter import Meter
from yingke.models.price import UNPRICED, Price
from yingke.models.turnstile import Turnstile


@dataclass(frozen=True, slots=True)
class ReadyModel:
    """`endpoint_id` 0 and no meter: a model of a test. `most_at_once`: the workspace's own limit, None is the house's."""

    model: ChatModel
    breaker: Breaker
    workspace_id: int = 0
    endpoint_id: int = 0
    name: str = ""
    can_use_tools: bool = True
    price: Price = UNPRICED
    purpose: str = "answer"
    meter: Meter | None = None
    turnstile: Turnstile | None = None
    most_at_once: int | None = None

    async def __call__(
        self,
        messages: Sequence[ChatMessage],
        *,
        limits: CallLimits,
        tools: Sequence[ToolSpec] = (),
        may_retry: bool = True,
    ) -> AsyncGenerator[Progress, None]:
        """`models.call.call`, waiting its turn and counted. Raises ModelBusy `queue` when no place came free."""
        async with AsyncExitStack() as stack:
            if self.turnstile is not None:
                place = self.turnstile.admit(self.workspace_id, self.most_at_once, limits.first_token_s)
                await stack.enter_async_context(place)
            counted = self._counted(messages, limits, tools, may_retry)
            progress = await stack.enter_async_context(aclosing(counted))
            async for step in progress:
                yield step

    async def _counted(
        self, messages: Sequence[ChatMessage], limits: CallLimits, tools: Sequence[ToolSpec], may_retry: bool
    ) -> AsyncGenerator[Progress, None]:
        said, usage, failed, was_sent, cause = "", None, True, True, ""
        try:
            progress = call(self.model, messages, breaker=self.breaker, limits=limits, tools=tools, may_retry=may_retry)
            async with aclosing(progress):
                async for step in progress:
                    if isinstance(step, Text):
                        said += step.text
                    elif isinstance(step, Finished):
                        failed = False
                        usage = step.usage or estimate_usage(messages, said + _written(step))
                        step = replace_usage(step, usage)
                    yield step
        except BreakerOpen:
            was_sent = False
            raise
        except ModelError as problem:
            cause = problem.cause
            raise
        except GeneratorExit:
            # Nobody wants the rest: what was read and written is paid for all the same.
            failed = False
            raise
        finally:
            if was_sent and self.meter is not None:
                counted = usage or (estimate_usage(messages, said) if said else Usage())
                self.meter.note_health(self.workspace_id, self.endpoint_id, self.breaker.state, cause)
                self.meter.note(
                    self.workspace_id,
                    self.endpoint_id,
                    self.purpose,
                    self.model.model,
                    self.price,
                    counted,
                    failed=failed,
                )

    def for_purpose(self, purpose: str) -> "ReadyModel":
        return replace(self, purpose=purpose)


def replace_usage(step: Finished, usage: Usage) -> Finished:
    if step.usage is not None:
        return step
    return Finished(
        step.finish_reason, usage, step.first_token_s, step.total_s, step.attempts, step.tool_calls, step.reasoning
    )


def _written(step: Finished) -> str:
    return "".join(call.name + call.arguments for call in step.tool_calls)
