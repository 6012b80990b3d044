"""What visitors left for the morning, for the list of the workbench."""

import asyncpg

from yingke.kit.db import Transaction


async def list_left_messages(
    tx: Transaction, workspace_id: int, *, handled: bool | None, shops: list[int] | None, before_id: int, limit: int
) -> list[asyncpg.Record]:
    """Newest first, with ids below `before_id`; `handled` None = all."""
    return list(
        await tx.fetch(
            "select l.id, l.conversation_id, l.name, l.phone, l.email, l.text, l.created_at, l.handled_at,"
            " l.handled_by, a.work_name from left_messages l join conversations c on c.id = l.conversation_id"
            " left join agents a on a.workspace_id = l.workspace_id and a.id = l.handled_by"
            " where l.workspace_id = $1 and ($2::bool is null or (l.handled_at is not null) = $2)"
            " and ($3::bigint[] is null or c.shop_id = any($3)) and l.id < $4 order by l.id desc limit $5",
            workspace_id,
            handled,
            shops,
            before_id,
            limit,
        )
    )
