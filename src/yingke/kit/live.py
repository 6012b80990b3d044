"""What sockets of this process watch. Everything here is a hint: the database can always say it again."""

import asyncio
import contextlib
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

Frame = dict[str, Any]


class Watcher(ABC):
    """One end of a socket that follows conversations. Methods are called on the event loop and must not block."""

    @abstractmethod
    def deliver(self, conversation_id: int, seq: int, message: Frame) -> bool:
        """A stored message. False when an earlier one is missing: the hub then reads the gap from the database."""

    @abstractmethod
    def signal(self, conversation_id: int, frame: Frame) -> None:
        """Something passing: typing, a delta, a queue place. Never stored, never replayed."""

    @abstractmethod
    def cursor(self, conversation_id: int) -> int:
        """The last seq this end has."""


class Hub:
    """Conversations → watchers of this process, and hints on their way to other processes."""

    def __init__(self) -> None:
        self._watchers: dict[int, list[Watcher]] = {}
        self._stale: set[int] = set()
        self._stale_event = asyncio.Event()
        self.on_outward: Callable[[int, int | None, Frame | None], None] | None = None
        """Set by the relay between processes: (conversation, seq or None, signal or None)."""
        self.overhearers: list[Callable[[int, Frame], None]] = []
        """Hear every signal, also those from other processes; a take-over elsewhere silences the assistant here."""
        self._listeners: dict[str, list[Callable[[], None]]] = defaultdict(list)

    def watch(self, conversation_id: int, watcher: Watcher) -> None:
        ends = self._watchers.setdefault(conversation_id, [])
        if watcher not in ends:
            ends.append(watcher)

    def unwatch(self, conversation_id: int, watcher: Watcher) -> None:
        ends = self._watchers.get(conversation_id)
        if ends is None:
            return
        with contextlib.suppress(ValueError):
            ends.remove(watcher)
        if not ends:
            del self._watchers[conversation_id]

    def is_watched(self, conversation_id: int) -> bool:
        return conversation_id in self._watchers

    def watched(self) -> Iterable[int]:
        return list(self._watchers)

    def watchers_of(self, conversation_id: int) -> list[Watcher]:
        return list(self._watchers.get(conversation_id, ()))

    def deliver(self, conversation_id: int, seq: int, message: Frame) -> None:
        """A message that this process has just stored."""
        for watcher in self._watchers.get(conversation_id, ()):
            if not watcher.deliver(conversation_id, seq, message):
                self.refresh(conversation_id)
        if self.on_outward is not None:
            self.on_outward(conversation_id, seq, None)
        self.ring("events")

    def hint(self, conversation_id: int) -> None:
        """Something was stored in the conversation by a plain transaction: watchers here and elsewhere read it."""
        self.refresh(conversation_id)
        if self.on_outward is not None:
            self.on_outward(conversation_id, 0, None)
        self.ring("events")

    def signal(self, conversation_id: int, frame: Frame) -> None:
        """Sends a passing frame to every watcher, also in other processes."""
        self.signal_here(conversation_id, frame)
        if self.on_outward is not None:
            self.on_outward(conversation_id, None, frame)

    def signal_here(self, conversation_id: int, frame: Frame) -> None:
        for overhear in self.overhearers:
            overhear(conversation_id, frame)
        for watcher in self._watchers.get(conversation_id, ()):
            watcher.signal(conversation_id, frame)

    def refresh(self, conversation_id: int) -> None:
        """Asks the filler of this process to read what the watchers of the conversation lack."""
        if conversation_id in self._watchers:
            self._stale.add(conversation_id)
            self._stale_event.set()

    async def next_stale(self) -> list[int]:
        """Waits until somebody lacks something; returns those conversations once."""
        await self._stale_event.wait()
        self._stale_event.clear()
        stale, self._stale = list(self._stale), set()
        return stale

    def listen(self, bell: str, callback: Callable[[], None]) -> Callable[[], None]:
        """Calls back whenever the bell rings in this process; returns the way to stop."""
        self._listeners[bell].append(callback)
        return lambda: self._listeners[bell].remove(callback)

    def ring(self, bell: str) -> None:
        """Bells: `events` (the log has grown)."""
        for callback in self._listeners.get(bell, ()):
            callback()


class Outbox:
    """Frames on their way to one socket: bounded, written by one short-lived task, in order.

    Over `max_frames` or `max_bytes` the socket is too slow: `on_slow` is called once and nothing more is taken.
    """

    __slots__ = ("_bytes", "_frames", "_is_slow", "_send", "_task", "_write", "max_bytes", "max_frames", "on_slow")

    def __init__(
        self,
        send: Callable[[str], Any],
        on_slow: Callable[[], None],
        max_frames: int = 256,
        max_bytes: int = 1_000_000,
        write: Callable[[str], bool] | None = None,
    ) -> None:
        """`write` sends without waiting; False: not now."""
        self._send = send
        self._write = write
        self.on_slow = on_slow
        self.max_frames = max_frames
        self.max_bytes = max_bytes
        self._frames: list[str] = []
        self._bytes = 0
        self._task: asyncio.Task[None] | None = None
        self._is_slow = False

    @property
    def is_busy(self) -> bool:
        """Frames are waiting for the other end."""
        return bool(self._frames) or self._task is not None

    @property
    def waiting(self) -> int:
        """How many frames nobody has begun to send."""
        return len(self._frames)

    def put(self, frame: Frame | str) -> None:
        if self._is_slow:
            return
        text = frame if isinstance(frame, str) else msgspec.json.encode(frame).decode()
        if self._write is not None and not self.is_busy and self._write(text):
            return
        self._frames.append(text)
        self._bytes += len(text)
        if len(self._frames) > self.max_frames or self._bytes > self.max_bytes:
            self._is_slow = True
            self._frames.clear()
            self.on_slow()
            return
        if self._task is None:
            self._task = asyncio.create_task(self._drain())

    async def _drain(self) -> None:
        try:
            while self._frames:
                frames, self._frames, self._bytes = self._frames, [], 0
                for index, text in enumerate(frames):
                    try:
                        await self._send(text)
                    except (OSError, RuntimeError):
                        # The socket has gone; its own loop notices and cleans up.
                        self._is_slow = True
                        del frames[index:]
                        return
        finally:
            self._task = None

    def close(self) -> None:
        self._is_slow = True
        self._frames.clear()
        if self._task is not None:
            self._task.cancel()


class SocketEnd(Watcher):
    """A watcher that is a socket: it has frames on their way out and can be told to come back later."""

    outbox: Outbox

    @abstractmethod
    def close_soon(self, code: int, reason: str) -> None:
        """Closes with a WebSocket code; returns at once."""
