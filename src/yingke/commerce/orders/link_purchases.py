"""Links an order to the conversation that came before it, when the same customer bought within the days set (F144)."""

from yingke.kit.db import Database

DEFAULT_DAYS = 3
_WORKSPACES = "select id from list_workspace_ids() as id"
# The same customer: the shop's signed id of him, or the phone that he is known by. The last talk before the order counts.
_LINK = """
insert into order_links (workspace_id, conversation_id, order_id, how)
select $1, talk.id, o.id, 'bought_after'
from orders o
cross join lateral (
  select c.id from (
    select i.id from channel_accounts a
    join identities i on i.workspace_id = $1 and i.channel_account_id = a.id and i.external_id = o.buyer_external_id
    where a.workspace_id = $1 and i.is_verified
    union
    select i.id from contacts k join identities i on i.workspace_id = $1 and i.contact_id = k.id
    where k.workspace_id = $1 and length(o.phone) >= 7 and k.phone is not null
      and right(regexp_replace(k.phone, '[^0-9]', '', 'g'), 11) = right(o.phone, 11)
  ) as who
  join conversations c on c.workspace_id = $1 and c.identity_id = who.id
  where c.created_at <= o.ordered_at and (o.shop_id is null or c.shop_id = o.shop_id)
    and coalesce(c.last_message_at, c.created_at) > o.ordered_at - make_interval(days => $2)
  order by c.created_at desc, c.id desc limit 1
) as talk
where o.workspace_id = $1 and o.state <> 'cancelled' and o.ordered_at > now() - make_interval(days => $2 + 7)
  and not exists (select 1 from order_links l where l.workspace_id = $1 and l.order_id = o.id and l.how = 'bought_after')
on conflict do nothing
returning order_id
"""


async def link_purchases(db: Database, workspace_id: int) -> int:
    """How many orders of the last days were linked now. Safe to run again and beside itself."""
    async with db.transaction(workspace_id) as tx:
        days = await tx.fetchval("select link_days from order_policies where workspace_id = $1", workspace_id)
        return len(await tx.fetch(_LINK, workspace_id, DEFAULT_DAYS if days is None else days))


async def link_all_purchases(db: Database) -> None:
    """Every workspace in turn; what runs by the clock."""
    async with db.system() as tx:
        rows = await tx.fetch(_WORKSPACES)
    for row in rows:
        await link_purchases(db, row["id"])
