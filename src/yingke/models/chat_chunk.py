"""The parts of a chat completion chunk that are read; everything else, reasoning included, is skipped unparsed."""

import msgspec

from yingke.models.contract import Usage


class Part(msgspec.Struct, gc=False):
    content: str | None = None


class Choice(msgspec.Struct):
    """`message` instead of `delta` in an answer that was not streamed; Kimi puts `usage` here."""

    delta: Part | None = None
    message: Part | None = None
    finish_reason: str | None = None
    usage: Usage | None = None


class BaseResponse(msgspec.Struct):
    """MiniMax's verdict, also inside a 200."""

    status_code: int = 0


class Chunk(msgspec.Struct):
    """`choices` is empty in the chunk that only brings usage; `error`, `code`, `base_resp` carry failures."""

    choices: list[Choice] | None = None
    usage: Usage | None = None
    error: msgspec.Raw | None = None
    base_resp: BaseResponse | None = None
    code: int | str | None = None
