"""Finds the conversations of a shadow run, newest first, and reads them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from yingke.assistants.shadow.cases_of import Spoken, Talk
from yingke.kit.db import Transaction

MOST_TALKS = 20_000


async def list_talk_ids(
    tx: Transaction, workspace_id: int, import_id: int | None, start: datetime | None, end: datetime | None
) -> list[int]:
    """Of one import, or the workspace's own conversations in which an agent spoke; those that began in [start, end)."""
    if import_id is not None:
        rows = await tx.fetch(
            "select id from past_conversations where workspace_id = $1 and import_id = $2"
            " and ($3::timestamptz is null or started_at >= $3) and ($4::timestamptz is null or started_at < $4)"
            f" order by started_at desc nulls last, id desc limit {MOST_TALKS}",
            workspace_id,
            import_id,
            start,
            end,
        )
    else:
        rows = await tx.fetch(
            "select c.id from conversations c where c.workspace_id = $1 and ($2::timestamptz is null or c.created_at >= $2)"
            " and ($3::timestamptz is null or c.created_at < $3)"
            " and exists (select 1 from messages m where m.conversation_id = c.id and m.author = 'agent')"
            f" order by c.created_at desc, c.id desc limit {MOST_TALKS}",
            workspace_id,
            start,
            end,
        )
    return [row["id"] for row in rows]


async def read_talks(tx: Transaction, workspace_id: int, import_id: int | None, ids: Sequence[int]) -> list[Talk]:
    """In the order of `ids`."""
    if import_id is not None:
        rows = await tx.fetch(
            "select past_conversation_id as id, seq, sender as author, text, sent_at as at from past_messages"
            " where workspace_id = $1 and past_conversation_id = any($2) order by 1, 2",
            workspace_id,
            list(ids),
        )
        shop = await tx.fetchval("select shop_id from past_imports where id = $1", import_id)
        shops: dict[int, int | None] = dict.fromkeys(ids, shop)
    else:
        rows = await tx.fetch(
            "select conversation_id as id, seq, author, text, created_at as at from messages where workspace_id = $1"
            " and conversation_id = any($2) and text is not null and recalled_at is null order by 1, 2",
            workspace_id,
            list(ids),
        )
        heads = await tx.fetch(
            "select id, shop_id from conversations where workspace_id = $1 and id = any($2)", workspace_id, list(ids)
        )
        shops = {row["id"]: row["shop_id"] for row in heads}
    return _talks(rows, ids, shops, is_past=import_id is not None)


def _talks(rows: Sequence[Any], ids: Sequence[int], shops: dict[int, int | None], *, is_past: bool) -> list[Talk]:
    spoken: defaultdict[int, list[Spoken]] = defaultdict(list)
    for row in rows:
        spoken[row["id"]].append(Spoken(row["seq"], row["author"], row["text"], row["at"]))
    return [
        Talk(id if is_past else None, None if is_past else id, shops.get(id), tuple(spoken[id]))
        for id in ids
        if id in spoken
    ]
