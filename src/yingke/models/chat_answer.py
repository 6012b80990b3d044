"""Reads an answer out of the events of a chat completion stream."""

from collections.abc import Sequence

import msgspec

from yingke.models.chat_chunk import Chunk, Part
from yingke.models.contract import Delta, ModelBroken, ModelRefused, Usage
from yingke.models.endpoint_errors import error_in_body
from yingke.models.quirks import Quirk
from yingke.models.reader import Reader
from yingke.models.think_filter import ThinkFilter
from yingke.models.tool_pieces import ToolPieces

_decoder = msgspec.json.Decoder(Chunk, strict=False)
LONGEST_REASONING = 60_000


class Answer(Reader):
    """Turns the events of one answer into visible text and remembers how it ended."""

    def __init__(self, quirk: Quirk) -> None:
        self._quirk = quirk
        self._think = ThinkFilter()
        self._tools = ToolPieces()
        self._reasoning: list[str] = []
        self._finish_reason: str | None = None
        self._usage: Usage | None = None
        self.is_done = False

    @property
    def has_finished(self) -> bool:
        """The model said that it ended, whatever the connection does afterwards."""
        return self._finish_reason is not None

    @property
    def is_calling(self) -> bool:
        """A tool call has begun to arrive."""
        return self._tools.are_any

    def read(self, events: Sequence[bytes]) -> str:
        """The visible text of `events`. Raises the error that a chunk carries, ModelBroken for garbage."""
        text = self._raw_text(events)
        return self._think.feed(text) if text else ""

    def end(self) -> list[Delta]:
        """The last deltas. Raises ModelBroken when the stream stopped before the answer did."""
        reason = self._finish_reason
        if reason in ("content_filter", "sensitive"):
            raise ModelRefused("content", reason)
        if reason in ("network_error", "insufficient_system_resource") or (reason is None and not self.is_done):
            raise ModelBroken("cut" if reason is None else reason)
        rest = self._think.finish()
        calls = self._tools.whole()
        # Ollama, Gemini and others end a tool call with "stop".
        ended = "tool_calls" if calls else "length" if reason == "length" else "stop"
        reasoning = "".join(self._reasoning) if calls and self._quirk.wants_reasoning_back else None
        last = Delta("", ended, self._usage, calls, reasoning)
        return [Delta(rest), last] if rest else [last]

    def _raw_text(self, events: Sequence[bytes]) -> str:
        text = ""
        for event in events:
            if event == b"[DONE]":
                self.is_done = True
                break
            try:
                text += self._read_chunk(_decoder.decode(event))
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
                if b"\n" not in event:
                    raise ModelBroken("garbage") from problem
                # A server that forgets the blank lines between its events.
                text += self._raw_text(event.split(b"\n"))
        return text

    def _read_chunk(self, chunk: Chunk) -> str:
        if chunk.has_error or chunk.base_resp is not None or chunk.code is not None:
            problem = error_in_body(self._quirk, chunk)
            if problem is not None:
                raise problem
        if chunk.usage is not None:
            self._usage = chunk.usage.counted()
        if not chunk.choices:
            return ""
        choice = chunk.choices[0]
        if choice.usage is not None:
            self._usage = choice.usage.counted()
        if choice.finish_reason:
            self._finish_reason = choice.finish_reason
        part = choice.delta or choice.message
        return self._read_part(part) if part is not None else ""

    def _read_part(self, part: Part) -> str:
        if part.tool_calls:
            self._tools.feed(part.tool_calls)
        if part.reasoning_content and self._quirk.wants_reasoning_back:
            self._reasoning.append(part.reasoning_content)
            if sum(map(len, self._reasoning)) > LONGEST_REASONING:
                raise ModelBroken("too_long")
        return part.content or ""


class WholeAnswer:
    """Stands in for the event reader where a gateway ignores `stream` and sends one JSON document."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def feed(self, piece: bytes) -> Sequence[bytes]:
        self._pieces.append(piece)
        return ()

    def finish(self) -> Sequence[bytes]:
        return (b"".join(self._pieces), b"[DONE]")
