"""Reads agents the way screens show them."""

from typing import Any

import msgspec

from yingke.kit.db import Transaction
from yingke.kit.errors import not_found
from yingke.kit.ids import show_id
from yingke.kit.secrets import Secrets
from yingke.workspaces.avatar import avatar_url
from yingke.workspaces.shapes import AgentSettings, AgentView

ONLINE_SECONDS = 30

_SELECT = (
    "select a.id, a.workspace_id, a.name, a.work_name, a.email, a.role, a.avatar_file_id, a.settings, a.presence,"
    " a.disabled_at, exists (select 1 from agent_presence p where p.workspace_id = a.workspace_id and p.agent_id = a.id"
    f" and p.last_seen > now() - interval '{ONLINE_SECONDS} seconds') as is_seen from agents a"
)


async def get_agent(tx: Transaction, secrets: Secrets, agent_id: int, *, with_settings: bool = False) -> AgentView:
    """Raises 404."""
    row = await tx.fetchrow(_SELECT + " where a.id = $1", agent_id)
    if row is None:
        raise not_found()
    return _view(row, secrets, with_settings)


async def list_agents(tx: Transaction, secrets: Secrets) -> list[AgentView]:
    """All agents of the workspace, disabled ones last."""
    rows = await tx.fetch(_SELECT + " order by a.disabled_at is not null, a.id limit 1000")
    return [_view(row, secrets, False) for row in rows]


def _view(row: Any, secrets: Secrets, with_settings: bool) -> AgentView:
    return AgentView(
        id=show_id(row["id"]),
        name=row["name"],
        work_name=row["work_name"],
        email=row["email"],
        role=row["role"],
        avatar_url=avatar_url(secrets, row["workspace_id"], row["avatar_file_id"]),
        state=row["presence"] if row["is_seen"] else "offline",
        disabled=row["disabled_at"] is not None,
        settings=msgspec.convert(row["settings"], AgentSettings, strict=False) if with_settings else msgspec.UNSET,
    )
