"""Which shops' orders somebody may see: owners, admins and programs all, agents those they serve."""

from yingke.kit.db import Transaction
from yingke.workspaces.caller import Caller


async def seen_shops(tx: Transaction, caller: Caller) -> list[int] | None:
    """Shop ids; None = every shop of the workspace. What belongs to no shop everybody sees."""
    if caller.role != "agent" or caller.agent_id is None:
        return None
    rows = await tx.fetch(
        "select id from shops s where workspace_id = $1 and (all_agents or exists"
        " (select 1 from shop_agents x where x.workspace_id = $1 and x.shop_id = s.id and x.agent_id = $2))",
        caller.workspace_id,
        caller.agent_id,
    )
    return [row["id"] for row in rows]
