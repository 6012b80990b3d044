"""The orders of a customer whom the shop itself has signed in."""

from yingke.commerce.orders.load_orders import load_orders
from yingke.commerce.orders.order_view import OrderView
from yingke.kit.db import Transaction

# Whose ids are whose: a customer number means something in one place only, and 17 of one platform is not 17 of another.
# So the signed id counts for the built-in shop's orders and those of the only connected shop; where there are several, the
# site signs "<connection id>:<buyer id>". An order of no shop is taken for this site's only where there is no other.
_OWN = """
select o.id from identities i
join channel_accounts a on a.workspace_id = i.workspace_id and a.id = i.channel_account_id
join orders o on o.workspace_id = i.workspace_id
  and o.buyer_external_id in (i.external_id, split_part(i.external_id, ':', 2))
where i.workspace_id = $1 and i.id = $2 and i.is_verified and i.external_id is not null and (
  (i.external_id = o.connection_id::text || ':' || o.buyer_external_id and (o.shop_id is null or o.shop_id = a.shop_id))
  or (i.external_id = o.buyer_external_id
    and (o.shop_id = a.shop_id or (o.shop_id is null
      and (select count(*) from shops s where s.workspace_id = $1 and s.archived_at is null) = 1))
    and (o.connection_id is null
      or (select array_agg(c.id) from shop_connections c
          where c.workspace_id = $1 and c.deleted_at is null and c.provider <> 'kuaidi100') = array[o.connection_id])))
order by o.ordered_at desc, o.id desc limit $3
"""


async def orders_of(tx: Transaction, workspace_id: int, identity_id: int, limit: int = 10) -> list[OrderView]:
    """The newest first. Empty for anybody whom the shop has not vouched for by a signed token.

    `identity_id` is the one of the session or the conversation, never one that somebody wrote.
    """
    return await load_orders(tx, workspace_id, await ids_of(tx, workspace_id, identity_id, limit))


async def ids_of(tx: Transaction, workspace_id: int, identity_id: int, limit: int = 10) -> list[int]:
    """As `orders_of`, without reading the orders."""
    return [row["id"] for row in await tx.fetch(_OWN, workspace_id, identity_id, limit)]
