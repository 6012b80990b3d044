"""Which shops' conversations somebody may see: owners, admins and programs all, agents those they serve."""

from yingke.kit.db import Transaction
from yingke.kit.errors import not_found

SEES_ALL = ("owner", "admin", "program")


async def visible_shops(tx: Transaction, workspace_id: int, agent_id: int | None, role: str) -> list[int] | None:
    """Shop ids; None = every shop of the workspace."""
    if role in SEES_ALL or agent_id is None:
        return None
    rows = await tx.fetch(
        "select id from shops s where workspace_id = $1 and (all_agents or exists"
        " (select 1 from shop_agents x where x.workspace_id = $1 and x.shop_id = s.id and x.agent_id = $2))",
        workspace_id,
        agent_id,
    )
    return [row["id"] for row in rows]


async def check_visible(tx: Transaction, workspace_id: int, conversation_id: int, shops: list[int] | None) -> None:
    """Raises 404 for a conversation of another workspace or of a shop that is not among `shops`."""
    shop = await tx.fetchval(
        "select shop_id from conversations where workspace_id = $1 and id = $2", workspace_id, conversation_id
    )
    if shop is None or (shops is not None and shop not in shops):
        raise not_found()
