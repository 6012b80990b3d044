"""The parts of a chat completion chunk that are read; everything else is skipped unparsed."""

from typing import Any

import msgspec

from yingke.models.contract import Usage


class CalledFunction(msgspec.Struct, gc=False):
    """`arguments` is text in pieces; some gateways send the object itself, whole."""

    name: str | None = None
    arguments: str | dict[str, Any] | None = None


class CallPart(msgspec.Struct):
    """A piece of one tool call. Gemini leaves `index` out and puts its signature into `extra_content`."""

    index: int | None = None
    id: str | None = None
    function: CalledFunction | None = None
    extra_content: dict[str, Any] | None = None


class Part(msgspec.Struct, gc=False):
    """`reasoning_content` is kept only because some providers want it back beside a tool call."""

    content: str | None = None
    tool_calls: list[CallPart] | None = None
    reasoning_content: str | None = None


class CachedDetails(msgspec.Struct, gc=False):
    cached_tokens: int | None = None


class WireUsage(msgspec.Struct, gc=False):
    """Cached tokens stand in three places: details (OpenAI, Qwen, GLM), beside (Kimi), under a name of its own (DeepSeek)."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    prompt_tokens_details: CachedDetails | None = None
    cached_tokens: int | None = None
    prompt_cache_hit_tokens: int | None = None

    def counted(self) -> Usage:
        details = self.prompt_tokens_details
        cached = (details.cached_tokens if details is not None else None) or self.cached_tokens
        told = self.prompt_tokens or 0
        return Usage(told, self.completion_tokens or 0, min(cached or self.prompt_cache_hit_tokens or 0, told))


class Choice(msgspec.Struct):
    """`message` instead of `delta` in an answer that was not streamed; Kimi puts `usage` here."""

    delta: Part | None = None
    message: Part | None = None
    finish_reason: str | None = None
    usage: WireUsage | None = None


class BaseResponse(msgspec.Struct):
    """MiniMax's verdict, also inside a 200."""

    status_code: int = 0


class Chunk(msgspec.Struct):
    """`choices` is empty in the chunk that only brings usage; `error`, `code`, `base_resp` carry failures. An `error` of
    null or none is no error."""

    choices: list[Choice] | None = None
    usage: WireUsage | None = None
    error: msgspec.Raw = msgspec.Raw()
    base_resp: BaseResponse | None = None
    code: int | str | None = None

    @property
    def has_error(self) -> bool:
        return bytes(self.error) not in (b"", b"null")
