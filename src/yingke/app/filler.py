"""Reads from the database what sockets of this process lack: after a hint, and by cursor in any case."""

import asyncio
import contextlib

from yingke.kit.db import Database
from yingke.kit.errors import Problem
from yingke.kit.live import Hub

LIMIT = 100
POLL_SECONDS = 1.0


async def fill_gaps(db: Database, hub: Hub) -> None:
    """Answers `Hub.refresh`: one query for all conversations that lack something. Runs for ever."""
    while True:
        stale = await hub.next_stale()
        try:
            await _fill(db, hub, stale)
        except Problem:
            await asyncio.sleep(0.5)
            for conversation_id in stale:
                hub.refresh(conversation_id)


async def _fill(db: Database, hub: Hub, stale: list[int]) -> None:
    cursors = {key: min((watcher.cursor(key) for watcher in hub.watchers_of(key)), default=None) for key in stale}
    wanted = {key: cursor for key, cursor in cursors.items() if cursor is not None}
    if not wanted:
        return
    async with db.crossing() as tx:
        rows = await tx.fetch("select * from messages_after($1, $2, $3)", list(wanted), list(wanted.values()), LIMIT)
    count: dict[int, int] = {}
    for row in rows:
        count[row["conversation_id"]] = count.get(row["conversation_id"], 0) + 1
        for watcher in hub.watchers_of(row["conversation_id"]):
            watcher.deliver(row["conversation_id"], row["seq"], dict(row))
    for conversation_id, found in count.items():
        if found == LIMIT:
            hub.refresh(conversation_id)


async def poll_cursors(db: Database, hub: Hub, seconds: float = POLL_SECONDS) -> None:
    """The safety net under every hint: compares what is watched here with what is stored. Runs for ever."""
    while True:
        await asyncio.sleep(seconds)
        watched = list(hub.watched())
        with contextlib.suppress(Problem):
            for start in range(0, len(watched), 2000):
                part = watched[start : start + 2000]
                async with db.crossing() as tx:
                    rows = await tx.fetch("select * from last_seqs($1)", part)
                for row in rows:
                    if any(
                        w.cursor(row["conversation_id"]) < row["last_seq"]
                        for w in hub.watchers_of(row["conversation_id"])
                    ):
                        hub.refresh(row["conversation_id"])
