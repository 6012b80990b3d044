"""Tells waiting visitors of this process where they stand, when that changes."""

import asyncio
import contextlib

from yingke.kit.db import Database
from yingke.kit.errors import Problem
from yingke.kit.ids import show_id
from yingke.kit.live import Hub
from yingke.routing.queue_place import Place, queue_places

LOOK_SECONDS = 3.0


class QueueTeller:
    """Follows conversations whose visitor waits on a socket here. Costs nothing while nobody waits."""

    def __init__(self, db: Database, hub: Hub) -> None:
        self._db = db
        self._hub = hub
        self._waiting: dict[int, tuple[int, Place | None]] = {}
        self._bell = asyncio.Event()

    def follow(self, workspace_id: int, conversation_id: int) -> None:
        """The visitor of this conversation waits (hand-off, or a socket that comes back while queued)."""
        self._waiting[conversation_id] = (workspace_id, None)
        self._bell.set()

    async def run(self) -> None:
        """For ever; a database that is down only makes it wait."""
        while True:
            self._bell.clear()
            if self._waiting:
                with contextlib.suppress(Problem):
                    await self.tell()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._bell.wait(), LOOK_SECONDS)
            else:
                await self._bell.wait()

    async def tell(self) -> None:
        """One look: sends `queue` frames for places that changed, forgets who waits no more or has gone."""
        by_workspace: dict[int, list[int]] = {}
        for conversation_id, (workspace_id, _) in list(self._waiting.items()):
            if self._hub.is_watched(conversation_id):
                by_workspace.setdefault(workspace_id, []).append(conversation_id)
            else:
                del self._waiting[conversation_id]
        for workspace_id, conversation_ids in by_workspace.items():
            async with self._db.transaction(workspace_id) as tx:
                places = await queue_places(tx, workspace_id, conversation_ids)
            for conversation_id in conversation_ids:
                self._tell_one(workspace_id, conversation_id, places.get(conversation_id))

    def _tell_one(self, workspace_id: int, conversation_id: int, place: Place | None) -> None:
        known = self._waiting.get(conversation_id)
        if place is None:
            self._waiting.pop(conversation_id, None)
        elif known is None or known[1] != place:
            self._waiting[conversation_id] = (workspace_id, place)
            self._hub.signal_here(conversation_id, queue_frame(conversation_id, place))


def queue_frame(conversation_id: int, place: Place) -> dict[str, object]:
    return {
        "type": "queue",
        "conversation_id": show_id(conversation_id),
        "position": place.position,
        "eta_seconds": place.eta_seconds,
    }
