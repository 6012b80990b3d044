"""Keeps what customers asked, each question of each conversation once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from yingke.kit.db import Transaction
from yingke.kit.jobs import enqueue

Outcome = Literal["answered", "unanswered", "handed_off", "badly_rated", "by_agent"]
PRIORITY = -10


@dataclass(frozen=True)
class AskedQuestion:
    """One question as it was asked. `text` is masked by the writer; exactly one of the conversation ids is set.

    `outcome` is what followed: answered by the assistant, unanswered, handed to a person, answered but disliked,
    answered by an agent. `confidence` 0..1 of the assistant's answer.
    """

    text: str
    asked_at: datetime
    outcome: Outcome
    conversation_id: int | None = None
    past_conversation_id: int | None = None
    seq: int | None = None
    shop_id: int | None = None
    confidence: float | None = None


async def add_asked(tx: Transaction, workspace_id: int, rows: Sequence[AskedQuestion]) -> int:
    """How many were new; of those known the outcome is brought up to date. They are sorted into clusters by a job."""
    new = 0
    for row in rows:
        is_past = row.conversation_id is None
        key = "past_conversation_id" if is_past else "conversation_id"
        new += await tx.fetchval(
            "insert into asked_questions (workspace_id, text, origin, conversation_id, past_conversation_id, seq, shop_id,"
            " outcome, confidence, asked_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
            f" on conflict (workspace_id, {key}, seq, md5(text)) where {key} is not null do update set"
            " outcome = excluded.outcome, confidence = excluded.confidence returning (xmax = 0)::int",
            workspace_id,
            row.text[:500],
            "past" if is_past else "live",
            row.conversation_id,
            row.past_conversation_id,
            row.seq or 0,
            row.shop_id,
            row.outcome,
            row.confidence,
            row.asked_at,
        )
    if new:
        await enqueue(
            tx, workspace_id, kind="follow_questions", lane=f"questions:{workspace_id}", ref="follow", priority=PRIORITY
        )
    return new
