"""Tells waiting visitors of this process where they stand, when that changes."""

import asyncio
import contextlib

from yingke.kit.db import Database
from yingke.kit.errors import Problem
from yingke.kit.ids import show_id
from yingke.kit.live import Frame, Hub
from yingke.routing.queue_place import Place, queue_places

LOOK_SECONDS = 3.0


class QueueTeller:
    """Follows conversations whose visitor waits on a socket here. Costs nothing while nobody waits."""

    def __init__(self, db: Database, hub: Hub) -> None:
        self._db = db
        self._hub = hub
        self._waiting: dict[int, tuple[int | None, Place | None]] = {}
        self._bell = asyncio.Event()
        hub.overhearers.append(self._overhear)

    def follow(self, workspace_id: int | None, conversation_id: int) -> None:
        """The visitor of this conversation waits: a socket came back while it was queued."""
        self._waiting[conversation_id] = (workspace_id, None)
        self._bell.set()

    def _overhear(self, conversation_id: int, frame: Frame) -> None:
        if frame.get("type") == "handled_by" and frame.get("handled_by") == "queue":
            self.follow(None, conversation_id)

    async def run(self) -> None:
        """For ever; a database that is down only makes it wait."""
        while True:
            self._bell.clear()
            if self._waiting:
                with contextlib.suppress(Problem):
                    await self.tell()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_SECONDS):
                        await self._bell.wait()
            else:
                await self._bell.wait()

    async def tell(self) -> None:
        """One look: sends `queue` frames for places that changed, forgets who waits no more or has gone."""
        for conversation_id in list(self._waiting):
            if not self._hub.is_watched(conversation_id):
                del self._waiting[conversation_id]
        await self._find_workspaces([key for key, (workspace_id, _) in self._waiting.items() if workspace_id is None])
        by_workspace: dict[int, list[int]] = {}
        for conversation_id, (workspace_id, _) in self._waiting.items():
            if workspace_id is not None:
                by_workspace.setdefault(workspace_id, []).append(conversation_id)
        for workspace_id, conversation_ids in by_workspace.items():
            async with self._db.transaction(workspace_id) as tx:
                places = await queue_places(tx, workspace_id, conversation_ids)
            for conversation_id in conversation_ids:
                self._tell_one(workspace_id, conversation_id, places.get(conversation_id))

    async def _find_workspaces(self, conversation_ids: list[int]) -> None:
        """A queued conversation has at least the line that says so; its row names the workspace."""
        if not conversation_ids:
            return
        async with self._db.crossing() as tx:
            rows = await tx.fetch(
                "select workspace_id, conversation_id from messages_after($1, $2, 1)",
                conversation_ids,
                [0] * len(conversation_ids),
            )
        for row in rows:
            self._waiting[row["conversation_id"]] = (row["workspace_id"], None)

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
