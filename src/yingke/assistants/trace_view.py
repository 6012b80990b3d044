"""A stored trace with the texts it points at, as the screen shows it."""

from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

from yingke.kit.db import Transaction
from yingke.kit.errors import not_found
from yingke.kit.ids import show_id
from yingke.knowledge.title import show_title

LONGEST_TEXT = 400


class TraceStep(Struct):
    """From `first_token` on only for a model: milliseconds, why it ended, tries, tokens in and out, what failed."""

    name: str
    milliseconds: float
    first_token: float | UnsetType = UNSET
    finish: str | UnsetType = UNSET
    attempts: int | UnsetType = UNSET
    tokens: list[int] | UnsetType = UNSET
    error: str | UnsetType = UNSET


class TraceCandidate(Struct):
    """Scores 0..1. A passage that was replaced or deleted since has no text."""

    passage_id: str
    document_id: str | None
    document: str
    heading: str
    text: str
    lexical: float
    vector: float
    score: float
    rank: int
    quoted: bool


class TraceDecision(Struct):
    answer: bool
    confidence: float | None
    reasons: list[str]


class TraceView(Struct):
    """`milliseconds` is the whole of it."""

    id: str
    question: str
    understood: list[str]
    engine: str
    model: str | None
    steps: list[TraceStep]
    candidates: list[TraceCandidate]
    decision: TraceDecision
    said: str | None
    milliseconds: float


async def get_trace(tx: Transaction, workspace_id: int, trace_id: int) -> TraceView:
    """Raises 404."""
    row = await tx.fetchrow(
        "select id, conversation_id, through_seq, data from traces where workspace_id = $1 and id = $2",
        workspace_id,
        trace_id,
    )
    if row is None:
        raise not_found()
    data = row["data"]
    said = data.get("said")
    if said is None and row["conversation_id"] is not None:
        said = await tx.fetchval(
            "select text from messages where conversation_id = $1 and seq > $2 and trace_id = $3",
            row["conversation_id"],
            row["through_seq"] or 0,
            trace_id,
        )
    decision = data.get("decision") or {}
    return TraceView(
        id=show_id(row["id"]),
        question=data.get("question", ""),
        understood=data.get("understood") or [],
        engine=data.get("engine", "notice"),
        model=data.get("model"),
        steps=msgspec.convert(data.get("steps") or [], list[TraceStep]),
        candidates=await _candidates(tx, workspace_id, data.get("found") or []),
        decision=TraceDecision(
            bool(decision.get("answer")), decision.get("confidence"), list(decision.get("reasons") or [])
        ),
        said=said,
        milliseconds=data.get("milliseconds", 0.0),
    )


async def _candidates(tx: Transaction, workspace_id: int, found: list[list[Any]]) -> list[TraceCandidate]:
    rows = await tx.fetch(
        "select p.id, p.document_id, p.heading, left(p.text, $3) as text, d.name from passages p"
        " left join documents d on d.workspace_id = p.workspace_id and d.id = p.document_id"
        " where p.workspace_id = $1 and p.id = any($2)",
        workspace_id,
        [one[0] for one in found],
        LONGEST_TEXT,
    )
    known = {row["id"]: row for row in rows}
    return [_candidate(one, rank, known.get(one[0])) for rank, one in enumerate(found, start=1)]


def _candidate(found: list[Any], rank: int, row: Any) -> TraceCandidate:
    passage_id, lexical, vector, score, quoted = found
    is_of_document = row is not None and row["document_id"] is not None
    return TraceCandidate(
        passage_id=show_id(passage_id),
        document_id=show_id(row["document_id"]) if is_of_document else None,
        document=show_title(row["name"]) if is_of_document else "",
        heading=row["heading"] if row is not None else "",
        text=row["text"] if row is not None else "",
        lexical=lexical,
        vector=vector,
        score=score,
        rank=rank,
        quoted=quoted,
    )
