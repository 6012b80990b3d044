"""What an agent wants to know of an order at a glance."""

from collections.abc import Mapping, Sequence
from typing import Any

from yingke.kit.db import Transaction

ParcelAndRequest = Mapping[str, Any]
"""`parcel_state`, `request_kind`, `request_state`, each of the newest one, or None."""

_NEWEST = """
select o.id, p.state as parcel_state, r.kind as request_kind, r.state as request_state
from unnest($2::bigint[]) as o(id)
left join lateral (
  select state from shipments where workspace_id = $1 and order_id = o.id order by id desc limit 1
) as p on true
left join lateral (
  select kind, state from order_requests where workspace_id = $1 and order_id = o.id order by id desc limit 1
) as r on true
"""


async def parcels_and_requests(
    tx: Transaction, workspace_id: int, order_ids: Sequence[int]
) -> dict[int, ParcelAndRequest]:
    """One entry for every order asked for."""
    rows = await tx.fetch(_NEWEST, workspace_id, list(order_ids))
    return {row["id"]: dict(row) for row in rows}
