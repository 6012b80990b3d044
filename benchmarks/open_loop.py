"""Messages that leave at their intended times, whether or not earlier ones were answered: what a rush looks like."""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import msgspec

from benchmarks.product import Product
from benchmarks.visitors import Figures, Visitor, open_visitors
from benchmarks.ws_client import Socket

TICK = 0.004


@dataclass(slots=True)
class Sent:
    """One message. Times are seconds of the monotonic clock, counted from when it should have left; 0 = never."""

    due: float
    acked: float = 0.0
    refused: float = 0.0
    retry_after: float = 0.0
    answered: float = 0.0
    is_for_people: bool = False
    """The conversation was handed over: no automatic answer is owed any more."""


@dataclass
class Rush:
    """Visitors of one workspace and everything they sent."""

    visitors: list[Visitor]
    questions: list[str]
    sent: list[Sent] = field(default_factory=list)
    late_s: float = 0.0
    """The most that the generator itself was behind: figures beside a large one say nothing."""
    asks_again: bool = False
    """Whoever is answered asks the next question at once: a crowd that just saturates."""
    with_people: set[int] = field(default_factory=set)
    _waiting: dict[int, list[Sent]] = field(default_factory=dict)
    _turn: int = 0
    _unheard: int = 0

    def send(self, due: float) -> None:
        self._turn += 1
        self.send_from(self.visitors[self._turn % len(self.visitors)], due)

    def send_from(self, visitor: Visitor, due: float) -> None:
        number = len(self.sent)
        message = Sent(due)
        self.sent.append(message)
        self._unheard += 1
        visitor.socket.send(
            {
                "type": "send",
                "client_message_id": f"r{number}",
                "message_type": "text",
                "text": self.questions[number % len(self.questions)],
            }
        )
        self.late_s = max(self.late_s, time.monotonic() - due)

    def hear(self, end: Socket, text: bytes) -> None:
        if text.startswith(b'{"type":"reply_delta"'):
            return
        frame = msgspec.json.decode(text)
        kind, now = frame["type"], time.monotonic()
        if kind == "ack":
            message = self.sent[int(frame["client_message_id"][1:])]
            message.acked = now - message.due
            self._unheard -= 1
            if id(end) in self.with_people:
                message.is_for_people = True
            else:
                self._waiting.setdefault(id(end), []).append(message)
        elif kind == "handled_by" and frame["handled_by"] != "assistant":
            self.with_people.add(id(end))
            for message in self._waiting.pop(id(end), ()):
                message.is_for_people = True
        elif kind == "refused" and frame["client_message_id"]:
            message = self.sent[int(frame["client_message_id"][1:])]
            self._unheard -= 1
            message.refused, message.retry_after = now - message.due, frame.get("retry_after", 0.0)
        elif kind == "message" and frame["message"]["from"] != "contact":
            answered = self._waiting.pop(id(end), ())
            for message in answered:
                message.answered = now - message.due
            if self.asks_again and answered:
                self.send_from(end.state, now)

    @property
    def owed(self) -> int:
        """Neither acknowledged nor refused yet, or acknowledged and not yet answered."""
        return self._unheard + sum(len(some) for some in self._waiting.values())


async def gather_rush(product: Product, count: int, questions: list[str], site_key: str = "") -> Rush:
    """A crowd of `count` visitors with open sockets, of another shop where its `site_key` is given."""
    rush = Rush([], questions)
    rush.visitors = await open_visitors(product, count, Figures(), hear=rush.hear, site_key=site_key)
    return rush


async def let_loose(rush: Rush, seconds: float, rate: Callable[[float], float]) -> list[Sent]:
    """Sends for `seconds` at `rate(second)` messages a second; returns those."""
    first, began = len(rush.sent), time.monotonic()
    for due in _times(began, seconds, rate):
        while (left := due - time.monotonic()) > 0:
            await asyncio.sleep(min(left, TICK))
        rush.send(due)
        if len(rush.sent) % 64 == 0:
            await asyncio.sleep(0)
    return rush.sent[first:]


def _times(began: float, seconds: float, rate: Callable[[float], float]) -> Iterator[float]:
    at = 0.0
    while at < seconds:
        yield began + at
        at += 1 / max(rate(at), 0.1)


def ramp(low: float, high: float, seconds: float = 1.0) -> Callable[[float], float]:
    return lambda at: low + (high - low) * min(1.0, at / seconds)
