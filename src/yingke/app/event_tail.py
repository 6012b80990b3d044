"""Follows the log of events once per process and hands each workspace's part to the sockets that listen."""

import asyncio
import contextlib
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from yingke.conversations.queries import get_states, read_marks
from yingke.kit.db import Database, Transaction
from yingke.kit.errors import Problem
from yingke.kit.events import Cursor, current_cursor
from yingke.kit.live import Hub

POLL_SECONDS = 1.0
COALESCE_SECONDS = 0.05
PAGE = 500
MOST_TALKS = 20
_COLUMNS = "tx::text as tx, id, type, conversation_id, seq, data, created_at"


@dataclass(frozen=True)
class Batch:
    """Events of one workspace in their order, with the newest state of every conversation they are about."""

    events: Sequence[asyncpg.Record]
    states: dict[int, asyncpg.Record] = field(default_factory=dict)
    read: dict[tuple[int, int], int] = field(default_factory=dict)
    """(agent, conversation) → messages of the contact that the agent has read."""
    talks: dict[str, list[int]] = field(default_factory=dict)
    """Contact whose name or level changed → the conversations that show it."""

    @property
    def end(self) -> Cursor:
        return cursor_of(self.events[-1])


class Listener(ABC):
    """One end of the log. Called on the event loop, must not block."""

    workspace_id: int
    agent_id: int | None

    @abstractmethod
    def offer(self, batch: Batch) -> None:
        """What has just happened. An end that cannot take it now reads it later by its own cursor."""


class EventTail:
    """Reads by cursor when the bell rings and every second; stands still while nobody listens."""

    def __init__(self, db: Database, hub: Hub) -> None:
        self._db = db
        self._hub = hub
        self._listeners: dict[int, set[Listener]] = defaultdict(set)
        self._wanted = asyncio.Event()
        self._following = asyncio.Event()
        self._bell = asyncio.Event()

    async def join(self, listener: Listener) -> None:
        """From its return on, every event that a later read would not show any more as new is offered."""
        self._listeners[listener.workspace_id].add(listener)
        self._wanted.set()
        await self._following.wait()

    def leave(self, listener: Listener) -> None:
        ends = self._listeners.get(listener.workspace_id)
        if ends is None:
            return
        ends.discard(listener)
        if not ends:
            del self._listeners[listener.workspace_id]

    async def run(self) -> None:
        """For ever; a database that is down only makes it wait."""
        stop = self._hub.listen("events", self._bell.set)
        try:
            while True:
                await self._wanted.wait()
                with contextlib.suppress(Problem):
                    await self._follow()
                self._following.clear()
                await asyncio.sleep(0.2)
        finally:
            stop()

    async def _follow(self) -> None:
        """Until nobody listens any more. After a cut it begins anew, and every end reads up by its own cursor."""
        async with self._db.system() as tx:
            cursor = await current_cursor(tx)
        self._following.set()
        for ends in list(self._listeners.values()):
            for end in list(ends):
                end.offer(Batch([]))
        while self._listeners:
            self._bell.clear()
            async with self._db.crossing() as tx:
                rows = await tx.fetch(
                    "select tx::text as tx, id, workspace_id, type, conversation_id, seq, data, created_at"
                    " from relay_events($1::text::xid8, $2, $3)",
                    str(cursor.tx),
                    cursor.id,
                    PAGE,
                )
            if rows:
                cursor = cursor_of(rows[-1])
                await self._hand_out(rows)
            if len(rows) < PAGE:
                await self._rest()
        self._wanted.clear()

    async def _rest(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(POLL_SECONDS):
                await self._bell.wait()
            await asyncio.sleep(COALESCE_SECONDS)

    async def _hand_out(self, rows: Sequence[asyncpg.Record]) -> None:
        by_workspace: dict[int, list[asyncpg.Record]] = defaultdict(list)
        for row in rows:
            if row["workspace_id"] in self._listeners:
                by_workspace[row["workspace_id"]].append(row)
        for workspace_id, events in by_workspace.items():
            agents = {end.agent_id for end in self._listeners.get(workspace_id, ()) if end.agent_id is not None}
            async with self._db.transaction(workspace_id) as tx:
                batch = await load_batch(tx, workspace_id, events, list(agents))
            for end in list(self._listeners.get(workspace_id, ())):
                end.offer(batch)


async def load_batch(
    tx: Transaction, workspace_id: int, events: Sequence[asyncpg.Record], agent_ids: Sequence[int]
) -> Batch:
    """Adds the conversations' newest states, in one query for all, and how far these agents have read."""
    talks = await _talks_of(tx, workspace_id, [row["data"] for row in events if row["type"] == "contact_updated"])
    ids = {row["conversation_id"] for row in events if row["conversation_id"] is not None}
    wanted = list(ids.union(*talks.values()))
    if not wanted:
        return Batch(events)
    read = await read_marks(tx, workspace_id, agent_ids, wanted) if agent_ids else {}
    states = {row["id"]: row for row in await get_states(tx, workspace_id, wanted)}
    return Batch(events, states, read, talks)


async def _talks_of(tx: Transaction, workspace_id: int, updates: Sequence[dict[str, Any]]) -> dict[str, list[int]]:
    """The newest conversations of each contact."""
    talks: dict[str, list[int]] = {}
    for contact_id in {data["contact_id"] for data in updates if data and "contact_id" in data}:
        rows = await tx.fetch(
            "select c.id from conversations c join identities i on i.workspace_id = c.workspace_id"
            " and i.id = c.identity_id where i.workspace_id = $1 and i.contact_id = $2 order by c.id desc limit $3",
            workspace_id,
            int(contact_id),
            MOST_TALKS,
        )
        talks[contact_id] = [row["id"] for row in rows]
    return talks


async def read_events(tx: Transaction, workspace_id: int, after: Cursor, limit: int) -> list[asyncpg.Record]:
    """The workspace's own part of the log behind `after`, below the oldest transaction that still runs."""
    return list(
        await tx.fetch(
            f"select {_COLUMNS} from events where workspace_id = $1 and (tx, id) > ($2::text::xid8, $3)"
            " and tx < pg_snapshot_xmin(pg_current_snapshot()) order by events.tx, events.id limit $4",
            workspace_id,
            str(after.tx),
            after.id,
            limit,
        )
    )


async def is_too_old(tx: Transaction, workspace_id: int, after: Cursor, most: int, hours: int) -> bool:
    """True when the lists are better fetched anew: too much has happened, too long ago, or the cursor is not ours."""
    row = await tx.fetchrow(
        "select count(*) as events, min(created_at) < now() - make_interval(hours => $4) as is_old from"
        " (select created_at from events where workspace_id = $1 and (tx, id) > ($2::text::xid8, $3)"
        " order by tx, id limit $5) e",
        workspace_id,
        str(after.tx),
        after.id,
        hours,
        most + 1,
    )
    newest = await current_cursor(tx)
    return row is None or row["events"] > most or bool(row["is_old"]) or after.tx > newest.tx


def cursor_of(row: Any) -> Cursor:
    return Cursor(int(row["tx"]), int(row["id"]))
