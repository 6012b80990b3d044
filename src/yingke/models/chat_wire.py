"""The parts of a chat completion chunk that are read; everything else, reasoning included, is skipped unparsed."""

from collections.abc import Sequence

import msgspec

from yingke.models.contract import ModelBroken, Usage


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


_decoder = msgspec.json.Decoder(Chunk, strict=False)


def read_chunk(event: bytes) -> Sequence[Chunk]:
    """The chunks in one event: one, or several where a server forgot the blank lines. Raises ModelBroken."""
    try:
        return (_decoder.decode(event),)
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        if b"\n" not in event:
            raise ModelBroken("garbage") from problem
    try:
        return [_decoder.decode(line) for line in event.split(b"\n") if line and line != b"[DONE]"]
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise ModelBroken("garbage") from problem
