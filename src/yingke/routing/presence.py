"""Who of the team is there, by what their sockets wrote last; judged by the database's clock."""

from dataclasses import dataclass
from datetime import datetime

from yingke.kit.db import Transaction

ONLINE_SECONDS = 30
GONE_SECONDS = 45
PRESENT = ("online", "busy")
"""States in which somebody will see the queue; "away" and "offline" are people who said that they will not."""

_SERVING = (
    " from agents a join lateral (select p.state, p.last_seen from agent_presence p"
    " where p.workspace_id = a.workspace_id and p.agent_id = a.id order by p.last_seen desc limit 1) seen on true"
    " where a.workspace_id = $1 and a.disabled_at is null and seen.last_seen > now() - make_interval(secs => $2)"
)


@dataclass(frozen=True)
class Present:
    agent_id: int
    state: str
    """online, busy, away or offline."""
    last_seen: datetime


async def list_present(tx: Transaction, workspace_id: int, shop_id: int | None = None) -> list[Present]:
    """Agents seen within 30 s; with a shop, those who serve it."""
    rows = await tx.fetch(
        f"select a.id, seen.state, seen.last_seen {_SERVING}"
        " and ($3::bigint is null or exists (select 1 from shops s where s.id = $3 and s.all_agents)"
        " or exists (select 1 from shop_agents x where x.workspace_id = $1 and x.shop_id = $3 and x.agent_id = a.id))"
        " order by a.id",
        workspace_id,
        ONLINE_SECONDS,
        shop_id,
    )
    return [Present(row["id"], row["state"], row["last_seen"]) for row in rows]


async def is_anybody_there(tx: Transaction, workspace_id: int, shop_id: int) -> bool:
    """True when an agent of the shop is online or busy."""
    return any(one.state in PRESENT for one in await list_present(tx, workspace_id, shop_id))
