"""Which conversation is about which order, or came before it."""

from typing import Literal

from yingke.kit.db import Transaction

How = Literal["asked", "bought_after", "by_hand"]


async def link_order(tx: Transaction, workspace_id: int, conversation_id: int, order_id: int, how: How) -> bool:
    """True when the two were not linked before; how they first were stays. Both are known to be of this workspace."""
    found = await tx.fetchval(
        "insert into order_links (workspace_id, conversation_id, order_id, how) values ($1, $2, $3, $4)"
        " on conflict do nothing returning true",
        workspace_id,
        conversation_id,
        order_id,
        how,
    )
    return bool(found)


async def unlink_order(tx: Transaction, workspace_id: int, conversation_id: int, order_id: int) -> bool:
    """True when a link made by hand was there and is gone; how else two came together is not undone."""
    gone = await tx.fetchval(
        "delete from order_links where workspace_id = $1 and conversation_id = $2 and order_id = $3 and how = 'by_hand'"
        " returning true",
        workspace_id,
        conversation_id,
        order_id,
    )
    return bool(gone)
