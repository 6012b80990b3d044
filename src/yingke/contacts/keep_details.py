"""What a customer tells of himself is kept beside his contact, each value once; it is his word and nobody's proof.

It never becomes the contact's own phone or address: by those orders are matched, and anybody can claim a number.
"""

from collections.abc import Sequence

from yingke.kit.db import Transaction

MOST_OF_A_KIND = 5
MOST_VALUE = 254
_KEEP = """
with who as (
  select c.identity_id, i.contact_id from conversations c
  join identities i on i.workspace_id = c.workspace_id and i.id = c.identity_id
  where c.workspace_id = $1 and c.id = $2
), kept as (
  insert into told_details (workspace_id, identity_id, kind, value, conversation_id, seq, reason)
  select $1, who.identity_id, told.kind, told.value, $2, $5, $6
  from who, unnest($3::text[], $4::text[]) as told (kind, value)
  on conflict (workspace_id, identity_id, kind, value) do update set told_at = now()
  returning identity_id, kind, value, xmax = 0 as is_new
), announced as (
  insert into events (workspace_id, type, data)
  select $1, 'contact_updated', jsonb_build_object('contact_id', who.contact_id::text) from who
  where exists (select 1 from kept where is_new)
)
select kept.*, (select count(*) from told_details d
  where d.workspace_id = $1 and d.identity_id = kept.identity_id and d.kind = kept.kind) as had
from kept
"""


async def keep_details(
    tx: Transaction,
    workspace_id: int,
    conversation_id: int,
    seq: int,
    details: Sequence[tuple[str, str]],
    reason: str = "",
) -> list[tuple[str, str]]:
    """`details` are (kind, value) told in message `seq`; returns those that were new.

    Done twice it changes nothing. The event `contact_updated` is written when something is new. The newest
    MOST_OF_A_KIND of each kind stay.
    """
    if not details:
        return []
    kinds, values = zip(*dict.fromkeys(details), strict=True)
    rows = await tx.fetch(
        _KEEP, workspace_id, conversation_id, list(kinds), [value[:MOST_VALUE] for value in values], seq, reason
    )
    new = [(row["kind"], row["value"]) for row in rows if row["is_new"]]
    had = {row["kind"]: row["had"] for row in rows}
    if any(had[kind] + kinds.count(kind) > MOST_OF_A_KIND for kind, _ in new):
        await _drop_oldest(tx, workspace_id, rows[0]["identity_id"])
    return new


async def _drop_oldest(tx: Transaction, workspace_id: int, identity_id: int) -> None:
    await tx.execute(
        "delete from told_details d using (select id, row_number() over (partition by kind order by told_at desc, id desc)"
        " as place from told_details where workspace_id = $1 and identity_id = $2) as ranked"
        " where d.workspace_id = $1 and d.id = ranked.id and ranked.place > $3",
        workspace_id,
        identity_id,
        MOST_OF_A_KIND,
    )
