"""Hints between processes: NOTIFY in batches after commit, outside every hot transaction. Losing all costs a second."""

import asyncio
import contextlib
from typing import Any

import asyncpg
import msgspec

from yingke.kit.db import CUT
from yingke.kit.live import Frame, Hub

CHANNEL = "yingke_hints"
PAUSE = 0.05
LIMIT_BYTES = 7000


class Relay:
    """One connection of its own. `name` marks our own hints, so that they are not heard twice."""

    def __init__(self, dsn: str, hub: Hub, name: str) -> None:
        self._dsn = dsn
        self._hub = hub
        self._name = name
        self._stored: set[int] = set()
        self._signals: list[tuple[int, Frame]] = []
        self._event = asyncio.Event()
        hub.on_outward = self._outward

    def _outward(self, conversation_id: int, seq: int | None, frame: Frame | None) -> None:
        if seq is not None:
            self._stored.add(conversation_id)
        elif frame is not None and len(self._signals) < 2000:
            self._signals.append((conversation_id, frame))
        self._event.set()

    async def run(self) -> None:
        """Listens and tells for ever; reconnects when the database went away."""
        while True:
            connection: asyncpg.Connection[asyncpg.Record] | None = None
            try:
                connection = await asyncpg.connect(
                    self._dsn, timeout=5, server_settings={"application_name": "yingke-relay"}
                )
                await connection.add_listener(CHANNEL, self._heard)
                for conversation_id in self._hub.watched():
                    self._hub.refresh(conversation_id)
                while not connection.is_closed():
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(2):
                            await self._event.wait()
                    self._event.clear()
                    await self._tell(connection)
                    await asyncio.sleep(PAUSE)
            except (*CUT, asyncpg.PostgresError):
                await asyncio.sleep(0.5)
            finally:
                if connection is not None and not connection.is_closed():
                    connection.terminate()

    async def _tell(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        stored, self._stored = list(self._stored), set()
        signals, self._signals = self._signals, []
        payloads = [
            msgspec.json.encode([self._name, stored[at : at + 300], []]).decode() for at in range(0, len(stored), 300)
        ]
        payloads += _pack(self._name, _merge_deltas(signals))
        if payloads:
            await connection.execute("select pg_notify($1, p) from unnest($2::text[]) p", CHANNEL, payloads)

    def _heard(self, *arguments: Any) -> None:
        name, stored, signals = msgspec.json.decode(arguments[3])
        if name == self._name:
            return
        for conversation_id in stored:
            self._hub.refresh(conversation_id)
        for conversation_id, frame in signals:
            self._hub.signal_here(conversation_id, frame)
        if stored:
            self._hub.ring("events")


def _merge_deltas(signals: list[tuple[int, Frame]]) -> list[tuple[int, Frame]]:
    """Pieces of one answer that wait together travel as one."""
    merged: list[tuple[int, Frame]] = []
    for conversation_id, frame in signals:
        last = merged[-1] if merged else None
        if (
            last is not None
            and frame.get("type") == "reply_delta"
            and last[1].get("reply_id") == frame["reply_id"]
            and last[1].get("type") == "reply_delta"
        ):
            merged[-1] = (conversation_id, {**frame, "text": last[1]["text"] + frame["text"]})
        else:
            merged.append((conversation_id, frame))
    return merged


def _pack(name: str, signals: list[tuple[int, Frame]]) -> list[str]:
    """NOTIFY carries less than 8,000 bytes: as few payloads as possible, and nothing larger than one."""
    payloads: list[str] = []
    group: list[tuple[int, Frame]] = []
    size = 0
    for signal in signals:
        length = len(msgspec.json.encode(signal))
        if length > LIMIT_BYTES:
            continue
        if size + length > LIMIT_BYTES:
            payloads.append(msgspec.json.encode([name, [], group]).decode())
            group, size = [], 0
        group.append(signal)
        size += length
    if group:
        payloads.append(msgspec.json.encode([name, [], group]).decode())
    return payloads
