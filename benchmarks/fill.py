"""Millions of stored messages in closed conversations of one workspace."""

import time

import asyncpg

from benchmarks.product import Product
from yingke.kit.postgres.run import find_cluster

IN_EACH = 40
_STATEMENT = """
with k as (insert into contacts (workspace_id) select $1 from generate_series(1, $4) returning id),
 i as (insert into identities (workspace_id, contact_id, channel_account_id) select $1, id, $3 from k returning id),
 c as (insert into conversations (workspace_id, shop_id, channel_account_id, identity_id, status, last_seq,
         last_contact_seq, answered_through_seq, contact_messages, closed_at, last_message_at)
       select $1, $2, $3, id, 'closed', $5, $5 - 1, $5 - 1, $5 / 2, now(), now() - random() * interval '300 days'
       from i returning id, identity_id)
insert into messages (workspace_id, conversation_id, seq, author, sender_id, type, text, client_message_id)
select $1, c.id, n, case when n % 2 = 1 then 'contact' else 'assistant' end, case when n % 2 = 1 then c.identity_id end,
  'text', '第' || n || '句:请问这款多久可以发货,能不能今天发', case when n % 2 = 1 then 'f' || n end
from c cross join generate_series(1, $5) n
"""


async def fill_messages(product: Product, count: int) -> tuple[int, float]:
    """Returns (messages stored, seconds)."""
    cluster = find_cluster(product.folder / "data")
    assert cluster is not None
    workspace, shop = int(product.workspace["workspace_id"]), int(product.workspace["shop_id"])
    connection = await asyncpg.connect(cluster.dsn())
    began, stored = time.monotonic(), 0
    try:
        account = await connection.fetchval("select id from channel_accounts where shop_id = $1", shop)
        while stored < count:
            size = min(2500, (count - stored + IN_EACH - 1) // IN_EACH)
            await connection.execute(_STATEMENT, workspace, shop, account, size, IN_EACH)
            stored += size * IN_EACH
        await connection.execute("analyze")
    finally:
        await connection.close()
    return stored, time.monotonic() - began
