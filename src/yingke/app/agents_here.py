"""Agents whose workbench is open in this process: presence written in one go, changes told to colleagues."""

import asyncio
import contextlib
from collections import Counter

from yingke.app.agent_end import AgentEnd
from yingke.kit.db import Database
from yingke.kit.errors import Problem
from yingke.kit.ids import show_id
from yingke.routing.presence import list_present
from yingke.workspaces.presence import TOUCH_SECONDS, touch_presence
from yingke.workspaces.wake_routing import wake_routing
from yingke.workspaces.watch_agent import watch_agent


class AgentsHere:
    """`process` names this process in `agent_presence`."""

    def __init__(self, db: Database, process: str) -> None:
        self._db = db
        self._process = process
        self._open: Counter[tuple[int, int]] = Counter()
        self._sockets: dict[int, set[AgentEnd]] = {}
        self._known: dict[int, dict[int, str]] = {}

    async def enter(self, socket: AgentEnd) -> None:
        """The agent is there from now on; should his machine die, somebody notices within a minute."""
        self._sockets.setdefault(socket.workspace_id, set()).add(socket)
        if socket.agent_id is None:
            return
        self._open[(socket.workspace_id, socket.agent_id)] += 1
        await touch_presence(self._db, self._process, [(socket.workspace_id, socket.agent_id, None)])
        async with self._db.transaction(socket.workspace_id) as tx:
            await watch_agent(tx, socket.workspace_id, socket.agent_id)
            await wake_routing(tx, socket.workspace_id)
        await self._tell(socket.workspace_id)

    def leave(self, socket: AgentEnd) -> None:
        """The row is left to age: a page that reloads is back before anybody could notice."""
        sockets = self._sockets.get(socket.workspace_id, set())
        sockets.discard(socket)
        if not sockets:
            self._sockets.pop(socket.workspace_id, None)
            self._known.pop(socket.workspace_id, None)
        if socket.agent_id is not None:
            key = (socket.workspace_id, socket.agent_id)
            self._open[key] -= 1
            if self._open[key] <= 0:
                del self._open[key]

    async def run(self) -> None:
        """Every 10 s, for ever."""
        while True:
            await asyncio.sleep(TOUCH_SECONDS)
            with contextlib.suppress(Problem):
                await touch_presence(self._db, self._process, [(*key, None) for key in self._open])
                for workspace_id in list(self._sockets):
                    await self._tell(workspace_id)

    async def _tell(self, workspace_id: int) -> None:
        async with self._db.transaction(workspace_id) as tx:
            now = {one.agent_id: one.state for one in await list_present(tx, workspace_id)}
        before = self._known.get(workspace_id, {})
        self._known[workspace_id] = now
        changed = {agent: now.get(agent, "offline") for agent in before.keys() | now.keys()}
        for agent_id, state in changed.items():
            if before.get(agent_id, "offline") == state:
                continue
            for socket in self._sockets.get(workspace_id, ()):
                socket.outbox.put({"type": "presence", "agent_id": show_id(agent_id), "state": state})
