"""Reads an answer out of the events of the messages protocol: blocks of text, reasoning and tool calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from yingke.models.contract import Delta, ModelBroken, ModelRefused, ToolCall, Usage
from yingke.models.endpoint_errors import error_of_event
from yingke.models.quirks import Quirk
from yingke.models.reader import Reader
from yingke.models.tool_pieces import LONGEST_ARGUMENTS


class _Block(msgspec.Struct):
    type: str = ""
    id: str = ""
    name: str = ""
    text: str = ""
    input: dict[str, Any] | None = None


class _Piece(msgspec.Struct):
    type: str = ""
    text: str = ""
    partial_json: str = ""
    stop_reason: str | None = None


class _Count(msgspec.Struct):
    input_tokens: int | None = None
    output_tokens: int | None = None
    cache_read_input_tokens: int | None = None
    cache_creation_input_tokens: int | None = None


class _Head(msgspec.Struct):
    usage: _Count | None = None


class _Event(msgspec.Struct):
    type: str = ""
    index: int = 0
    message: _Head | None = None
    content_block: _Block | None = None
    delta: _Piece | None = None
    usage: _Count | None = None
    error: msgspec.Raw = msgspec.Raw()


@dataclass(slots=True)
class _Call:
    id: str
    name: str
    written: str


_decoder = msgspec.json.Decoder(_Event, strict=False)


class BlockAnswer(Reader):
    """Input tokens come first, output tokens last; pings, reasoning and unknown events are read over."""

    def __init__(self, quirk: Quirk) -> None:
        self._quirk = quirk
        self._calls: dict[int, _Call] = {}
        self._stop: str | None = None
        self._count = _Count()
        self.is_done = False

    @property
    def has_finished(self) -> bool:
        return self._stop is not None

    @property
    def is_calling(self) -> bool:
        return bool(self._calls)

    def read(self, events: Sequence[bytes]) -> str:
        text = ""
        for data in events:
            try:
                event = _decoder.decode(data)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
                raise ModelBroken("garbage") from problem
            text += self._read(event)
        return text

    def end(self) -> list[Delta]:
        if self._stop == "refusal":
            raise ModelRefused("content", "refusal")
        if self._stop is None:
            raise ModelBroken("cut")
        calls = tuple(ToolCall(call.id, call.name, call.written or "{}") for call in self._calls.values())
        reason = "tool_calls" if calls else "length" if self._stop == "max_tokens" else "stop"
        cached = self._count.cache_read_input_tokens or 0
        told = (self._count.input_tokens or 0) + cached + (self._count.cache_creation_input_tokens or 0)
        written = self._count.output_tokens or 0
        return [Delta("", reason, Usage(told, written, cached) if told or written else None, calls)]

    def _read(self, event: _Event) -> str:
        if event.type == "error":
            raise error_of_event(self._quirk, bytes(event.error))
        if event.message is not None and event.message.usage is not None:
            self._add(event.message.usage)
        if event.usage is not None:
            self._add(event.usage)
        if event.type == "message_stop":
            self.is_done = True
        elif event.type == "content_block_start" and event.content_block is not None:
            return self._begin(event.index, event.content_block)
        elif event.delta is not None:
            return self._go_on(event.index, event.delta)
        return ""

    def _begin(self, index: int, block: _Block) -> str:
        if block.type == "tool_use":
            written = msgspec.json.encode(block.input).decode() if block.input else ""
            self._calls[index] = _Call(block.id or f"call_{index}", block.name, written)
        return block.text if block.type == "text" else ""

    def _go_on(self, index: int, piece: _Piece) -> str:
        self._stop = piece.stop_reason or self._stop
        if piece.type == "input_json_delta" and index in self._calls:
            call = self._calls[index]
            call.written += piece.partial_json
            if len(call.written) > LONGEST_ARGUMENTS:
                raise ModelBroken("tool_too_long")
        return piece.text if piece.type == "text_delta" else ""

    def _add(self, count: _Count) -> None:
        """Later counts replace earlier ones; what they leave out stays."""
        for name in _Count.__struct_fields__:
            value = getattr(count, name)
            if value is not None:
                setattr(self._count, name, value)
