"""The floor of a shop under chaos: agents at their workbenches, and a stranger who polls what the API says of it."""

import asyncio
import contextlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import asyncpg

from benchmarks.product import Product
from tests.journeys.people import PATIENCE, Agent
from yingke.kit.postgres.run import find_cluster

Frame = dict[str, Any]


class Desk:
    """One agent with any number of tabs; a tab that is cut says no goodbye."""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent
        self.id = str(agent.me["agent"]["id"])
        self.tabs: list[aiohttp.ClientWebSocketResponse] = []
        self.cursor: str | None = None
        self.events: list[Frame] = []
        self._reading: list[asyncio.Task[None]] = []

    async def open_tab(self) -> aiohttp.ClientWebSocketResponse:
        socket = await self.agent.http.ws_connect("/v1/stream", headers={"Cookie": self.agent._cookie()})
        hello = {"type": "hello", "csrf_token": self.agent.me["csrf_token"]}
        await socket.send_json({**hello, "after": self.cursor} if self.cursor else hello)
        while (frame := await socket.receive_json(timeout=PATIENCE))["type"] != "ready":
            pass
        self.cursor = self.cursor or frame["cursor"]
        self.tabs.append(socket)
        self._reading.append(asyncio.create_task(self._read(socket)))
        return socket

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        with contextlib.suppress(ConnectionError, aiohttp.ClientError):
            async for item in socket:
                if item.type == aiohttp.WSMsgType.TEXT and (frame := item.json())["type"] == "event":
                    self.cursor = frame["cursor"]
                    self.events.append(frame)

    def cut(self, tab: aiohttp.ClientWebSocketResponse | None = None) -> None:
        """The machine is gone: no closing frame, the connection just ends."""
        for socket in [tab] if tab is not None else list(self.tabs):
            self.tabs.remove(socket)
            transport = socket._writer.transport
            if transport is not None:
                transport.abort()

    async def leave(self) -> None:
        self.cut()
        await asyncio.gather(*self._reading, return_exceptions=True)
        await self.agent.close()


async def grow_older(product: Product, workspace_id: str, agent_id: str, seconds: float) -> None:
    """As if the agent's last sign of life had been `seconds` earlier: spares a test the waiting, nothing else."""
    await _execute(
        product,
        "update agent_presence set last_seen = last_seen - make_interval(secs => $2) where agent_id = $1",
        int(agent_id),
        seconds,
        workspace_id=workspace_id,
    )


async def bring_forward(product: Product, schedule: str) -> None:
    """As if the time of a schedule had come: spares a test the waiting, nothing else."""
    await _execute(product, "update schedules set next_at = now() where kind = $1", schedule)


async def hurry(product: Product, workspace_id: str, job: str) -> None:
    """As if the time of a workspace's waiting jobs of a kind had come."""
    await _execute(
        product, "update jobs set run_at = now() where kind = $1 and run_at > now()", job, workspace_id=workspace_id
    )


async def _execute(product: Product, statement: str, *values: object, workspace_id: str = "0") -> None:
    cluster = find_cluster(product.folder / "data")
    assert cluster is not None
    connection = await asyncpg.connect(cluster.dsn("yingke_app"))
    try:
        async with connection.transaction():
            await connection.execute(f"set local app.workspace_id = '{int(workspace_id)}'")
            await connection.execute(statement, *values)
    finally:
        await connection.close()


@dataclass
class Watch:
    """Polls every open conversation through the API and writes down what must never be seen."""

    owner: Agent
    most: int
    own_hands: set[str] = field(default_factory=set)
    """Agents who take conversations over by themselves: a limit binds what is given, not what somebody takes."""
    looks: int = 0
    wrong: list[str] = field(default_factory=list)
    is_over: bool = False

    async def run(self) -> None:
        while not self.is_over:
            await self.look()
            await asyncio.sleep(0.1)

    async def look(self) -> list[Frame]:
        talks: list[Frame] = []
        after = ""
        while True:
            page = await self.owner.get(f"/v1/conversations?status=open&limit=200{after}")
            talks += page["items"]
            if page["next"] is None:
                break
            after = f"&after={page['next']}"
        loads = Counter(one["agent"]["id"] for one in talks if one["agent"] is not None)
        self.looks += 1
        for one in talks:
            self._judge(one)
        self.wrong += [
            f"{agent} has {count} of {self.most}"
            for agent, count in loads.items()
            if count > self.most and agent not in self.own_hands
        ]
        return talks

    def _judge(self, one: Frame) -> None:
        by, agent = one["handled_by"], one["agent"]
        if (by == "agent") != (agent is not None):
            self.wrong.append(f"{one['id']} is handled by {by} and has the agent {agent}")
        if by == "queue" and one["queued_at"] is None:
            self.wrong.append(f"{one['id']} waits and stands in no queue")
        if by == "agent" and one["queued_at"] is not None:
            self.wrong.append(f"{one['id']} has an agent and stands in the queue")
