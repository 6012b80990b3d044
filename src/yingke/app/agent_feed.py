"""One socket's way through the log: live while it keeps up, by its own cursor when it does not."""

import asyncio
from collections.abc import Iterator
from typing import Any

from yingke.app.agent_end import AgentEnd
from yingke.app.event_tail import Batch, EventTail, cursor_of, is_too_old, load_batch, read_events
from yingke.conversations.shape_conversation import shape_conversation
from yingke.kit.db import Database
from yingke.kit.errors import Problem
from yingke.kit.events import Cursor, current_cursor
from yingke.kit.ids import show_id

PAGE = 100
MOST_REPLAYED = 10_000
OLDEST_HOURS = 24
PATIENCE_SECONDS = 15.0
LOOK_SECONDS = 0.01
ROOM = 128
"""Frames that may wait in the outbox before the feed pauses; half of what a socket may owe at all."""
_TEAM = ("agent_updated", "shop_updated")


class AgentFeed:
    """Puts `event` frames into the socket's outbox, each once and in order."""

    def __init__(self, socket: AgentEnd, db: Database, tail: EventTail) -> None:
        self._socket = socket
        self._db = db
        self._tail = tail
        self._cursor = Cursor(0, 0)
        self._is_live = False
        self._is_behind = asyncio.Event()

    async def begin(self, after: Cursor | None) -> None:
        """Joins the tail and answers the hello: `ready`, or `resync` before it when lists must be fetched anew."""
        socket = self._socket
        await self._tail.join(socket)
        async with self._db.transaction(socket.workspace_id) as tx:
            stale = after is not None and await is_too_old(tx, socket.workspace_id, after, MOST_REPLAYED, OLDEST_HOURS)
            self._cursor = await current_cursor(tx) if after is None or stale else after
        if stale:
            socket.outbox.put({"type": "resync"})
        socket.outbox.put({"type": "ready", "cursor": self._cursor.show()})
        self._is_behind.set()

    async def run(self) -> None:
        """Reads up whenever the socket has fallen behind; ends with the socket."""
        while True:
            await self._is_behind.wait()
            try:
                await self._read_up()
            except Problem:
                await asyncio.sleep(1)

    async def _read_up(self) -> None:
        while True:
            # Whatever is offered from here on and not taken sets the flag again, so nothing falls between.
            self._is_behind.clear()
            async with self._db.transaction(self._socket.workspace_id) as tx:
                events = await read_events(tx, self._socket.workspace_id, self._cursor, PAGE)
                batch = await load_batch(tx, self._socket.workspace_id, events, self._agents())
            self._put(batch)
            if len(events) < PAGE and not self._is_behind.is_set():
                self._is_live = True
                return
            await self.drained()

    async def drained(self) -> None:
        """Waits until the other end has taken what was sent; cuts one that takes nothing for 15 s."""
        for _ in range(int(PATIENCE_SECONDS / LOOK_SECONDS)):
            if not self._socket.outbox.is_busy:
                return
            await asyncio.sleep(LOOK_SECONDS)
        self._socket.close_soon(4008, "too slow")
        await asyncio.Event().wait()

    def offer(self, batch: Batch) -> None:
        """Live events; one that falls behind, or an empty batch (the tail lost its place), makes it read for itself."""
        if not self._is_live or not batch.events or self._socket.outbox.waiting + len(batch.events) > ROOM:
            self._is_live = False
            self._is_behind.set()
            return
        self._put(batch)

    def _put(self, batch: Batch) -> None:
        socket = self._socket
        last = {row["conversation_id"]: index for index, row in enumerate(batch.events)}
        for index, row in enumerate(batch.events):
            cursor = cursor_of(row)
            if cursor <= self._cursor:
                continue
            self._cursor = cursor
            for frame in self._frames(row, batch, last[row["conversation_id"]] == index):
                socket.outbox.put(frame)
        if any(row["type"] in _TEAM for row in batch.events):
            socket.team_changed()

    def _frames(self, row: Any, batch: Batch, is_last: bool) -> Iterator[dict[str, Any]]:
        """Mostly one frame; a contact's new name comes once for each conversation that shows it."""
        talks = batch.talks.get(row["data"]["contact_id"]) if row["type"] == "contact_updated" else None
        for conversation_id in talks or [row["conversation_id"]]:
            frame = self._shape(row, conversation_id, batch, is_last or bool(talks))
            if frame is not None:
                yield frame

    def _shape(self, row: Any, conversation_id: int | None, batch: Batch, with_state: bool) -> dict[str, Any] | None:
        """None for what this agent has no business with: shops that he does not serve, what colleagues have read."""
        socket = self._socket
        state = batch.states.get(conversation_id) if conversation_id is not None else None
        if state is not None and socket.shops is not None and state["shop_id"] not in socket.shops:
            return None
        data = row["data"]
        if row["type"] == "conversation_read" and data.get("agent_id") != show_id(socket.agent_id or 0):
            return None
        frame: dict[str, Any] = {
            "type": "event",
            "cursor": cursor_of(row).show(),
            "event": row["type"],
            "created_at": row["created_at"],
        }
        if row["conversation_id"] is not None:
            frame["conversation_id"] = show_id(row["conversation_id"])
        if row["seq"] is not None:
            frame["seq"] = row["seq"]
        if data:
            frame["data"] = data
        if state is not None and with_state and socket.may_read:
            read = None if socket.agent_id is None else batch.read.get((socket.agent_id, state["id"]), 0)
            frame["conversation"] = shape_conversation(state, read, socket.link)
        return frame

    def _agents(self) -> list[int]:
        return [] if self._socket.agent_id is None else [self._socket.agent_id]
