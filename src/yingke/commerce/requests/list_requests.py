"""Requests for a list, the newest first."""

from collections.abc import Sequence
from typing import Any

from yingke.commerce.requests.request_view import COLUMNS
from yingke.kit.db import Transaction


async def list_requests(
    tx: Transaction,
    workspace_id: int,
    shops: list[int] | None,
    *,
    state: str | None = None,
    kind: str | None = None,
    order_id: int | None = None,
    conversation_id: int | None = None,
    after: int | None = None,
    limit: int = 50,
) -> Sequence[Any]:
    """At most `limit` + 1 rows with `order_number`; `shops`: those the caller sees, None = all."""
    rows: Sequence[Any] = await tx.fetch(
        f"select {', '.join('r.' + name for name in COLUMNS.split(', '))}, o.number as order_number from order_requests r"
        " left join orders o on o.workspace_id = r.workspace_id and o.id = r.order_id where r.workspace_id = $1"
        " and ($2::bigint[] is null or o.shop_id is null or o.shop_id = any($2)) and ($3::text is null or r.state = $3)"
        " and ($4::text is null or r.kind = $4) and ($5::bigint is null or r.order_id = $5)"
        " and ($6::bigint is null or r.conversation_id = $6) and ($7::bigint is null or r.id < $7)"
        " order by r.id desc limit $8",
        workspace_id,
        shops,
        state,
        kind,
        order_id,
        conversation_id,
        after,
        limit + 1,
    )
    return rows
