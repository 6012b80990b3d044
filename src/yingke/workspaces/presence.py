"""Who is there: what an agent chose, and when a process last saw them connected."""

from collections.abc import Sequence

from yingke.kit.db import Database, Transaction
from yingke.kit.events import record_event
from yingke.kit.ids import show_id
from yingke.workspaces.caller import Caller
from yingke.workspaces.wake_routing import wake_routing

TOUCH_SECONDS = 10


async def choose_presence(tx: Transaction, caller: Caller, state: str) -> None:
    """online, busy, away or offline; kept until the agent chooses again, shown while a socket is open."""
    changed = await tx.fetchval(
        "update agents set presence = $2 where id = $1 and presence <> $2 returning true", caller.agent_id, state
    )
    if not changed:
        return
    await tx.execute("update agent_presence set state = $2 where agent_id = $1", caller.agent_id, state)
    data = {"agent_id": show_id(caller.agent_id or 0), "state": state}
    await record_event(tx, caller.workspace_id, "agent_updated", data)
    if state == "online":
        await wake_routing(tx, caller.workspace_id)


async def touch_presence(db: Database, process: str, connected: Sequence[tuple[int, int, str | None]]) -> None:
    """One write for all agents connected to this process: (workspace, agent, state or None for the chosen one).

    Called every `TOUCH_SECONDS`; an agent not touched for 30 s is offline. Pairs that do not belong together are
    left out.
    """
    if not connected:
        return
    workspaces, agents, states = zip(*sorted(set(connected), key=lambda one: one[:2]), strict=True)
    async with db.crossing() as tx:
        await tx.execute("select touch_presence($1, $2, $3, $4)", process, list(workspaces), list(agents), list(states))


async def end_presence(db: Database, workspace_id: int, agent_id: int, process: str) -> None:
    """The agent's last socket of this process has closed."""
    async with db.transaction(workspace_id) as tx:
        await tx.execute("delete from agent_presence where agent_id = $1 and process = $2", agent_id, process)
