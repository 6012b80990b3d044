"""Any endpoint that speaks the OpenAI chat completions protocol, streamed."""

import time
from collections.abc import AsyncGenerator, Sequence
from typing import Any

import msgspec

from yingke.kit.http import (
    Flow,
    Outgoing,
    OutgoingFailed,
    OutgoingRefused,
    OutgoingTimeout,
    ResponseTooLarge,
)
from yingke.models.chat_wire import Chunk, read_chunk
from yingke.models.contract import (
    ChatMessage,
    ChatModel,
    Delta,
    ModelBroken,
    ModelRefused,
    ModelTimeout,
    Usage,
)
from yingke.models.endpoint_errors import error_in_body, error_of_status
from yingke.models.event_stream import EventStream, EventStreamBroken
from yingke.models.quirks import Quirk, find_quirk
from yingke.models.think_filter import ThinkFilter

# A reasoning model may send far more than it shows; 60 chunks of an ordinary answer are about 15 kB.
LARGEST_STREAM = 4_000_000
LARGEST_ERROR = 20_000
FINISHED_BADLY = {"content_filter": "content", "sensitive": "content"}


class OpenAICompatible(ChatModel):
    """`base_url` as the provider prints it (".../v1"), with or without "/chat/completions".

    `allow_private` opens the machine itself and private networks (Ollama, vLLM, llama-server), never metadata
    services. `kind` names a row of the quirk table; by default the host decides.
    """

    def __init__(
        self,
        outgoing: Outgoing,
        *,
        base_url: str,
        api_key: str,
        model: str,
        allow_private: bool = False,
        kind: str | None = None,
    ) -> None:
        self.quirk: Quirk = find_quirk(base_url, kind)
        self.provider = self.quirk.kind
        self.model = model
        self._outgoing = outgoing
        self._url = base_url.rstrip("/").removesuffix("/chat/completions") + "/chat/completions"
        self._allow_private = allow_private
        self._headers = {"Content-Type": "application/json", "Accept": "text/event-stream"}
        if api_key:
            self._headers["Authorization"] = f"Bearer {api_key}"

    async def stream(
        self, messages: Sequence[ChatMessage], *, max_tokens: int, temperature: float, deadline: float
    ) -> AsyncGenerator[Delta, None]:
        try:
            async with self._outgoing.stream(
                "POST",
                self._url,
                headers=self._headers,
                body=self._body(messages, max_tokens, temperature),
                timeout_s=deadline - time.monotonic(),
                max_bytes=LARGEST_STREAM,
                allow_private=self._allow_private,
            ) as flow:
                if flow.status != 200:
                    raise error_of_status(self.quirk, flow.status, flow.headers, await _beginning(flow))
                async for delta in self._deltas(flow):
                    yield delta
        except OutgoingTimeout as problem:
            raise ModelTimeout("deadline") from problem
        except OutgoingRefused as problem:
            raise ModelRefused("place", problem.reason) from problem
        except OutgoingFailed as problem:
            raise ModelBroken(problem.reason) from problem
        except (ResponseTooLarge, EventStreamBroken) as problem:
            raise ModelBroken("too_large") from problem

    def _body(self, messages: Sequence[ChatMessage], max_tokens: int, temperature: float) -> bytes:
        body: dict[str, Any] = {
            "model": self.model,
            "messages": messages,
            "stream": True,
            self.quirk.tokens_field: max_tokens,
            **self.quirk.extra_for(self.model),
        }
        allowed = self.quirk.temperature_for(self.model, temperature)
        if allowed is not None:
            body["temperature"] = allowed
        if self.quirk.wants_usage:
            body["stream_options"] = {"include_usage": True}
        return msgspec.json.encode(body)

    async def _deltas(self, flow: Flow) -> AsyncGenerator[Delta, None]:
        kind = flow.headers.get("content-type", "text/event-stream").lower()
        if "json" in kind:
            events = await _whole(flow)
        elif "event-stream" not in kind:
            raise ModelBroken("content_type")
        else:
            events = None
        answer = _Answer(self.quirk)
        if events is not None:
            for text in answer.read(events):
                yield Delta(text)
        else:
            parser = EventStream()
            try:
                async for piece in flow.chunks():
                    for text in answer.read(parser.feed(piece)):
                        yield Delta(text)
                    if answer.is_done:
                        await flow.drain()
                        break
            except OutgoingFailed:
                if not answer.has_finished:
                    raise
            for text in answer.read(parser.finish()):
                yield Delta(text)
        for last in answer.end():
            yield last


class _Answer:
    """Turns decoded chunks into visible text and remembers how the answer ended."""

    def __init__(self, quirk: Quirk) -> None:
        self._quirk = quirk
        self._think = ThinkFilter()
        self._finish_reason: str | None = None
        self._usage: Usage | None = None
        self.is_done = False

    def read(self, events: Sequence[bytes]) -> list[str]:
        """Visible texts of `events`. Raises the error that a chunk carries, ModelBroken for garbage."""
        texts: list[str] = []
        for event in events:
            if self.is_done or event == b"[DONE]":
                self.is_done = True
                break
            for chunk in read_chunk(event):
                text = self._read_chunk(chunk)
                if text:
                    texts.append(text)
        return texts

    def _read_chunk(self, chunk: Chunk) -> str:
        if chunk.error is not None or chunk.base_resp is not None or chunk.code is not None:
            problem = error_in_body(self._quirk, chunk)
            if problem is not None:
                raise problem
        if chunk.usage is not None:
            self._usage = chunk.usage
        if not chunk.choices:
            return ""
        choice = chunk.choices[0]
        if choice.usage is not None:
            self._usage = choice.usage
        if choice.finish_reason:
            self._finish_reason = choice.finish_reason
        part = choice.delta or choice.message
        return self._think.feed(part.content) if part is not None and part.content else ""

    @property
    def has_finished(self) -> bool:
        """The model said that it ended, whatever the connection does afterwards."""
        return self._finish_reason is not None

    def end(self) -> list[Delta]:
        """The last deltas. Raises ModelBroken when the stream stopped before the answer did."""
        reason = self._finish_reason
        if reason in FINISHED_BADLY:
            raise ModelRefused("content", reason)
        if reason == "network_error" or (reason is None and not self.is_done):
            raise ModelBroken("cut" if reason is None else reason)
        rest = self._think.finish()
        last = Delta("", "length" if reason == "length" else "stop", self._usage)
        return [Delta(rest), last] if rest else [last]


async def _whole(flow: Flow) -> list[bytes]:
    """A gateway that ignores `stream` sends one JSON document; it ends as if `[DONE]` had come."""
    return [b"".join([piece async for piece in flow.chunks()]), b"[DONE]"]


async def _beginning(flow: Flow) -> bytes:
    """Enough of an error body to find its code."""
    body = b""
    async for piece in flow.chunks():
        body += piece
        if len(body) > LARGEST_ERROR:
            break
    return body
