"""Roles, names and access of colleagues; a workspace never loses its last owner."""

from typing import Any

from yingke.kit.db import Transaction, after_commit
from yingke.kit.errors import conflict, forbidden, not_found
from yingke.kit.events import record_event
from yingke.kit.ids import show_id
from yingke.kit.text import clean_line
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller
from yingke.workspaces.known_callers import forget_agent
from yingke.workspaces.sessions import end_sessions


async def change_agent(
    tx: Transaction,
    caller: Caller,
    agent_id: int,
    *,
    role: str | None = None,
    disabled: bool | None = None,
    work_name: str | None = None,
) -> None:
    """Raises 404, 403 (an admin may not touch owners or make them), 409 `last_owner`."""
    agents = {row["id"]: row for row in await _lock_owners_and(tx, agent_id)}
    agent = agents.get(agent_id)
    if agent is None:
        raise not_found()
    if caller.role != "owner" and ("owner" in (agent["role"], role)):
        raise forbidden()
    _keep_an_owner(agents, agent_id, role, disabled)
    data = _differences(agent, role, disabled)
    if work_name is not None:
        line = clean_line(work_name, 40, field="work_name", min_chars=1)
        await tx.execute("update agents set work_name = $2 where id = $1", agent_id, line)
    if role is not None:
        await tx.execute("update agents set role = $2 where id = $1", agent_id, role)
    if disabled is not None:
        await tx.execute(
            "update agents set disabled_at = case when $2 then coalesce(disabled_at, now()) end where id = $1",
            agent_id,
            disabled,
        )
    if disabled:
        await end_sessions(tx, caller.workspace_id, agent_id)
        await tx.execute("delete from agent_presence where agent_id = $1", agent_id)
    after_commit(lambda: forget_agent(caller.workspace_id, agent_id))
    for action, entry in data.items():
        await record_audit(tx, caller, action, f"agent:{show_id(agent_id)}", entry)
    await record_event(tx, caller.workspace_id, "agent_updated", {"agent_id": show_id(agent_id)})


async def _lock_owners_and(tx: Transaction, agent_id: int) -> list[Any]:
    """Every owner and this agent, locked in one order: parallel removals see each other."""
    rows = await tx.fetch(
        "select id, role, disabled_at from agents where role = 'owner' or id = $1 order by id for update", agent_id
    )
    return list(rows)


def _keep_an_owner(agents: dict[int, Any], agent_id: int, role: str | None, disabled: bool | None) -> None:
    owners = {id for id, row in agents.items() if row["role"] == "owner" and row["disabled_at"] is None}
    loses = (role is not None and role != "owner") or bool(disabled)
    if loses and owners == {agent_id}:
        raise conflict(
            "last_owner",
            "这是最后一位所有者，请先指定另一位所有者。",
            "This is the last owner. Make somebody else an owner first.",
        )


def _differences(agent: Any, role: str | None, disabled: bool | None) -> dict[str, dict[str, str]]:
    """Audit action → data, for what really changes."""
    entries: dict[str, dict[str, str]] = {}
    if role is not None and role != agent["role"]:
        entries["agent.role_changed"] = {"from": agent["role"], "to": role}
    if disabled is not None and disabled != (agent["disabled_at"] is not None):
        entries["agent.disabled" if disabled else "agent.enabled"] = {}
    return entries
