"""Any endpoint that speaks the OpenAI chat completions protocol, streamed."""

import asyncio
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
from yingke.models.chat_answer import Answer, WholeAnswer
from yingke.models.contract import ChatMessage, ChatModel, Delta, ModelBroken, ModelRefused, ModelTimeout
from yingke.models.endpoint_errors import error_of_status
from yingke.models.event_stream import EventStream, EventStreamBroken
from yingke.models.quirks import Quirk, find_quirk

# A reasoning model may send far more than it shows; 60 chunks of an ordinary answer are about 15 kB.
LARGEST_STREAM = 4_000_000
LARGEST_ERROR = 20_000


class OpenAICompatible(ChatModel):
    """`base_url` as the provider prints it (".../v1"), with or without "/chat/completions".

    `allow_private` opens the machine itself and private networks (Ollama, vLLM, llama-server), never metadata
    services. `kind` names a row of the quirk table; by default the host decides. After the first text, pieces that
    arrive within `gather_s` seconds become one delta: nobody reads faster, and every delta costs a wake-up.
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
        gather_s: float = 0.05,
    ) -> None:
        self.quirk: Quirk = find_quirk(base_url, kind)
        self.provider = self.quirk.kind
        self.model = model
        self._outgoing = outgoing
        self._url = base_url.rstrip("/").removesuffix("/chat/completions") + "/chat/completions"
        self._allow_private = allow_private
        self._gather_s = gather_s
        self._headers = {"Content-Type": "application/json", "Accept": "text/event-stream"}
        if api_key:
            self._headers["Authorization"] = f"Bearer {api_key}"

    async def stream(
        self, messages: Sequence[ChatMessage], *, max_tokens: int, temperature: float, deadline: float
    ) -> AsyncGenerator[Delta, None]:
        answer = Answer(self.quirk)
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
                parser = await self._parser(flow)
                while not answer.is_done:
                    piece = await _read(flow, answer)
                    text = answer.read(parser.feed(piece) if piece else parser.finish())
                    if text:
                        yield Delta(text)
                    if not piece:
                        break
                    if text and not answer.is_done:
                        await asyncio.sleep(self._gather_s)
                last = answer.end()
                await flow.drain()
                for delta in last:
                    yield delta
        except OutgoingTimeout as problem:
            raise ModelTimeout("deadline") from problem
        except OutgoingRefused as problem:
            raise ModelRefused("place", problem.reason) from problem
        except OutgoingFailed as problem:
            raise ModelBroken(problem.reason) from problem
        except (ResponseTooLarge, EventStreamBroken) as problem:
            raise ModelBroken("too_large") from problem

    async def _parser(self, flow: Flow) -> EventStream | WholeAnswer:
        """The reader that fits the answer's kind. Raises the error that status or kind stand for."""
        if flow.status != 200:
            raise error_of_status(self.quirk, flow.status, flow.headers, await _beginning(flow))
        kind = flow.headers.get("content-type", "text/event-stream").lower()
        if "event-stream" in kind:
            return EventStream()
        if "json" in kind:
            return WholeAnswer()
        raise ModelBroken("content_type")

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


async def _read(flow: Flow, answer: Answer) -> bytes:
    """Like `flow.read`; a cut after the model said that it ended is an ordinary end."""
    try:
        return await flow.read()
    except OutgoingFailed:
        if not answer.has_finished:
            raise
        return b""


async def _beginning(flow: Flow) -> bytes:
    """Enough of an error body to find its code."""
    body = b""
    while len(body) < LARGEST_ERROR and (piece := await flow.read()):
        body += piece
    return body
