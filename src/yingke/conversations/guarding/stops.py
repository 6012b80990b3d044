"""The record of what was stopped, changed, or said in spite of a warning."""

from typing import Any, Literal

import asyncpg

from yingke.kit.db import JsonList, Transaction
from yingke.kit.redact import mask

Speaker = Literal["assistant", "agent", "saved_reply", "card"]
Outcome = Literal["blocked", "rewritten", "confirmed"]
LONGEST = 1_000


async def record_stop(
    tx: Transaction,
    workspace_id: int,
    speaker: Speaker,
    outcome: Outcome,
    text: str,
    found: list[dict[str, Any]],
    *,
    conversation_id: int | None = None,
    agent_id: int | None = None,
) -> None:
    """Personal numbers are starred out before the text is kept. Nothing is kept for a conversation that is not there."""
    await tx.execute(
        "insert into guard_stops (workspace_id, conversation_id, speaker, agent_id, outcome, text, found)"
        " select $1, $2, $3, $4, $5, $6, $7 where $2::bigint is null or exists"
        " (select 1 from conversations where workspace_id = $1 and id = $2)",
        workspace_id,
        conversation_id,
        speaker,
        agent_id,
        outcome,
        mask(text)[:LONGEST],
        JsonList(found[:20]),
    )


async def list_stops(
    tx: Transaction, workspace_id: int, before: int | None, limit: int, shops: list[int] | None = None
) -> list[asyncpg.Record]:
    """Newest first, below the id `before`, with the name of who spoke; only of `shops` unless None."""
    return list(
        await tx.fetch(
            "select s.id, s.conversation_id, s.speaker, s.outcome, s.text, s.found, s.created_at, a.work_name"
            " from guard_stops s left join agents a on a.workspace_id = s.workspace_id and a.id = s.agent_id"
            " where s.workspace_id = $1 and ($2::bigint is null or s.id < $2)"
            " and ($4::bigint[] is null or s.conversation_id is null or exists (select 1 from conversations c"
            "  where c.workspace_id = $1 and c.id = s.conversation_id and c.shop_id = any($4)))"
            " order by s.id desc limit $3",
            workspace_id,
            before,
            limit,
            shops,
        )
    )
