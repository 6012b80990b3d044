"""What every chat model offers, and the errors that say what a caller can do."""

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any, Literal

import msgspec

from yingke.kit.errors import Problem

Role = Literal["system", "user", "assistant", "tool"]
Advice = Literal["retry", "refresh", "stop"]


class ToolSpec(msgspec.Struct, frozen=True):
    """One thing that a model may ask for. `parameters` is a JSON schema of an object."""

    name: str
    description: str
    parameters: Mapping[str, Any]


class ToolCall(msgspec.Struct, frozen=True):
    """What a model asks for. `arguments` is JSON as the model wrote it, perhaps broken; `extra` goes back to the
    provider as it came (Gemini signs its calls)."""

    id: str
    name: str
    arguments: str
    extra: Mapping[str, Any] | None = None


class ChatMessage(msgspec.Struct, frozen=True):
    """One message of the prompt; each provider spells it its own way.

    An assistant that asked for tools has `tool_calls` and the `reasoning` that some providers want back; the result of
    one has the role `tool` and the id of its call.
    """

    role: Role
    content: str
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str = ""
    reasoning: str | None = None


class Usage(msgspec.Struct, frozen=True):
    """Tokens counted by the provider; `cached_tokens` are part of `prompt_tokens`. `is_estimated`: counted by us."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    is_estimated: bool = False


class Delta(msgspec.Struct, frozen=True, gc=False):
    """A piece of answer; an empty one before the end is a sign of life (a tool is being called).

    The last delta of a whole stream has `finish_reason` (stop, length or tool_calls), perhaps `usage`, and the calls.
    """

    text: str = ""
    finish_reason: str | None = None
    usage: Usage | None = None
    tool_calls: tuple[ToolCall, ...] = ()
    reasoning: str | None = None


class ChatModel(ABC):
    """A language model that answers in pieces. Safe to share between tasks."""

    provider: str
    model: str

    @abstractmethod
    def stream(
        self,
        messages: Sequence[ChatMessage],
        *,
        max_tokens: int,
        temperature: float,
        deadline: float,
        tools: Sequence[ToolSpec] = (),
    ) -> AsyncGenerator[Delta, None]:
        """Yield deltas with visible text only (no reasoning), then exactly one with `finish_reason`.

        `deadline` is a `time.monotonic()` value: past it the stream raises ModelTimeout. An iterator that ends is
        whole; anything cut short raises. `aclose` it to end the request early.
        Raises ModelRefused, ModelBusy, ModelTimeout, ModelBroken.
        """


class ModelError(Problem):
    """A model call that gave no whole answer. `cause` is a short code for traces, never text of the conversation."""

    advice: Advice = "stop"
    is_failure = True

    def __init__(self, code: str, zh: str, en: str, *, cause: str, retry_after: float | None = None) -> None:
        super().__init__(502, code, zh, en, retry_after=retry_after)
        self.cause = cause


class ModelRefused(ModelError):
    """Asking again gives the same: `reason` key or balance (the owner must act), content, request or place."""

    def __init__(self, reason: Literal["key", "balance", "content", "request", "place"], cause: str) -> None:
        zh, en = REFUSALS[reason]
        super().__init__("model_refused", zh, en, cause=cause)
        self.reason = reason
        self.advice = "refresh" if reason in ("key", "balance") else "stop"
        # A refused text says nothing about the endpoint's health.
        self.is_failure = reason in ("key", "balance", "place")


class ModelBusy(ModelError):
    """The endpoint asks for patience: 429, 503, or our own breaker is open."""

    advice = "retry"

    def __init__(self, cause: str, retry_after: float | None = None) -> None:
        zh, en = "AI 模型正忙，请稍后再试。", "The AI model is busy. Try again shortly."
        super().__init__("model_busy", zh, en, cause=cause, retry_after=retry_after)


class ModelTimeout(ModelError):
    """No first token, or no end, in time."""

    advice = "retry"

    def __init__(self, cause: str) -> None:
        zh, en = "AI 模型没有及时答复，请稍后再试。", "The AI model did not answer in time. Try again later."
        super().__init__("model_timeout", zh, en, cause=cause)


class ModelBroken(ModelError):
    """Unreachable, cut short, or not speaking the protocol."""

    advice = "retry"

    def __init__(self, cause: str) -> None:
        zh, en = BREAKS.get(cause, ELSE_BROKEN)
        super().__init__("model_broken", zh, en, cause=cause)


ELSE_BROKEN = ("AI 模型服务出错，请检查接口地址和模型名称。", "The AI model failed. Check its address and model name.")
_NO_API = (
    "这个地址回的是网页或别的内容，不是模型接口。请照服务商文档填写接口地址，多数以 /v1 结尾。",
    "This address returns a web page or something else, not a model's API. Copy it from the provider; most end in /v1.",
)
BREAKS = {
    "connect": (
        "连不上这个地址。请检查地址和端口，并确认本机能访问它。",
        "This address cannot be reached. Check host and port, and that this machine may call it.",
    ),
    "content_type": _NO_API,
    "garbage": _NO_API,
    "not_json": _NO_API,
    "empty": (
        "模型接口通了，但没有写出任何内容。请换一个模型名称再试。",
        "The endpoint answered without a word. Try another model name.",
    ),
}
"""What an owner can do about some of the causes."""
REFUSALS = {
    "key": ("AI 模型拒绝了密钥，请在设置里更换。", "The AI model refused the key. Replace it in the settings."),
    "balance": ("AI 模型账户余额或额度不足，请充值。", "The AI model account has run out of credit. Top it up."),
    "content": ("AI 模型的内容审核没有放行这条内容。", "The AI model's content filter stopped this text."),
    "request": ("AI 模型不接受这个请求，请检查模型名称。", "The AI model rejects this request. Check the model name."),
    "place": ("这个模型地址不允许访问，请检查设置。", "This model address may not be called. Check the settings."),
}
