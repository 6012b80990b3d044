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
    for key in ("conversation_id", "past_conversation_id"):
        # A talk is read again with every message: what is known of it already is no write.
        by_key = {
            (getattr(row, key), row.seq or 0, row.text[:500]): row
            for row in rows
            if (row.conversation_id is None) == (key == "past_conversation_id")
        }
        if by_key:
            new += await _put(tx, workspace_id, key, list(by_key.values()))
    if new:
        await enqueue(
            tx, workspace_id, kind="follow_questions", lane=f"questions:{workspace_id}", ref="follow", priority=PRIORITY
        )
    return new


async def _put(tx: Transaction, workspace_id: int, key: str, rows: Sequence[AskedQuestion]) -> int:
    put = await tx.fetch(
        f"insert into asked_questions as old (workspace_id, text, origin, {key}, seq, shop_id, outcome, confidence, asked_at)"
        " select $1, n.text, $2, n.talk_id, n.seq, n.shop_id, n.outcome, n.confidence, n.asked_at"
        " from unnest($3::text[], $4::bigint[], $5::int[], $6::bigint[], $7::text[], $8::real[], $9::timestamptz[])"
        " with ordinality as n (text, talk_id, seq, shop_id, outcome, confidence, asked_at, place) order by n.place"
        f" on conflict (workspace_id, {key}, seq, md5(text)) where {key} is not null do update set"
        " outcome = excluded.outcome, confidence = excluded.confidence"
        " where (old.outcome, old.confidence) is distinct from (excluded.outcome, excluded.confidence)"
        " returning xmax = 0 as is_new",
        workspace_id,
        "past" if key == "past_conversation_id" else "live",
        [row.text[:500] for row in rows],
        [getattr(row, key) for row in rows],
        [row.seq or 0 for row in rows],
        [row.shop_id for row in rows],
        [row.outcome for row in rows],
        [row.confidence for row in rows],
        [row.asked_at for row in rows],
    )
    return sum(row["is_new"] for row in put)
