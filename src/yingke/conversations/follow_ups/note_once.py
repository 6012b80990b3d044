"""What an assistant notes for people: once for an order and kind while it is still to do."""

import asyncpg

from yingke.conversations.follow_ups.follow_up import Item, open_follow_up
from yingke.kit.db import Transaction

_SAME = """
select * from follow_ups where workspace_id = $1 and conversation_id = $2 and kind = $3
  and order_id is not distinct from $4 and state in ('open', 'doing', 'waiting') order by id limit 1
"""
_LOCK = "select pg_advisory_xact_lock(hashtextextended($1, 3))"


async def note_once(tx: Transaction, workspace_id: int, item: Item) -> asyncpg.Record:
    """The item that is there already, or a new one that nobody has taken yet. Raises like `open_follow_up`."""
    await tx.execute(_LOCK, f"{workspace_id}:{item.conversation_id}")
    same = await tx.fetchrow(_SAME, workspace_id, item.conversation_id, item.kind, item.order_id)
    return same if same is not None else await open_follow_up(tx, workspace_id, item, None)
