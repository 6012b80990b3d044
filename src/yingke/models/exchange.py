"""One streamed exchange with an endpoint: bytes in, deltas out, whatever goes wrong becomes a named error."""

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass

from yingke.kit.http import Flow, Outgoing, OutgoingFailed, OutgoingRefused, OutgoingTimeout, ResponseTooLarge
from yingke.models.chat_answer import WholeAnswer
from yingke.models.contract import Delta, ModelBroken, ModelRefused, ModelTimeout
from yingke.models.endpoint_errors import error_of_status
from yingke.models.event_stream import EventStream, EventStreamBroken
from yingke.models.quirks import Quirk
from yingke.models.reader import Reader

# A reasoning model may send far more than it shows; 60 chunks of an ordinary answer are about 15 kB.
LARGEST_STREAM = 4_000_000
LARGEST_ERROR = 20_000


@dataclass(frozen=True, slots=True)
class Request:
    """Where an exchange goes. After the first text, pieces within `gather_s` become one delta."""

    url: str
    headers: Mapping[str, str]
    body: bytes
    quirk: Quirk
    allow_private: bool
    gather_s: float


async def exchange(
    outgoing: Outgoing, request: Request, answer: Reader, deadline: float
) -> AsyncGenerator[Delta, None]:
    """Yields what `ChatModel.stream` promises. `deadline` is a `time.monotonic()` value."""
    try:
        async with outgoing.stream(
            "POST",
            request.url,
            headers=request.headers,
            body=request.body,
            timeout_s=deadline - time.monotonic(),
            max_bytes=LARGEST_STREAM,
            allow_private=request.allow_private,
        ) as flow:
            parser = await _parser(flow, request.quirk)
            is_calling = False
            while not answer.is_done:
                piece = await _read(flow, answer)
                text = answer.read(parser.feed(piece) if piece else parser.finish())
                if text or (answer.is_calling and not is_calling):
                    is_calling = answer.is_calling
                    yield Delta(text)
                if not piece:
                    break
                if text and not answer.is_done:
                    await asyncio.sleep(request.gather_s)
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


async def _parser(flow: Flow, quirk: Quirk) -> EventStream | WholeAnswer:
    """The reader that fits the answer's kind. Raises the error that status or kind stand for."""
    if flow.status != 200:
        raise error_of_status(quirk, flow.status, flow.headers, await _beginning(flow))
    kind = flow.headers.get("content-type", "text/event-stream").lower()
    if "event-stream" in kind:
        return EventStream()
    if "json" in kind:
        return WholeAnswer()
    raise ModelBroken("content_type")


async def _read(flow: Flow, answer: Reader) -> bytes:
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
