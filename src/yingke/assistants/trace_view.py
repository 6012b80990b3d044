"""A stored trace with the texts it points at, as the screen shows it."""

from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

from yingke.assistants.why import Why, why
from yingke.kit.db import Transaction
from yingke.kit.errors import not_found
from yingke.kit.ids import show_id
from yingke.knowledge.answerable import THRESHOLD
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
    """Scores 0..1; ranks from 1 among the candidates looked at closely, null in old traces. A passage that was
    replaced or deleted since has no text."""

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
    lexical_rank: int | None = None
    vector_rank: int | None = None


class TraceDecision(Struct):
    answer: bool
    confidence: float | None
    reasons: list[str]


class TraceCorrection(Struct):
    """What was typed and what it was read as. `kind`: typo, pinyin, traditional."""

    kind: str
    was: str
    now: str


class TraceAsk(Struct):
    """One question of the message. `band`: answer, ask_back or hand_over; `missing`: what the best passage lacks."""

    text: str
    confidence: float
    band: str
    missing: list[str]
    why: list[Why]


class TraceSkill(Struct):
    """Who answered which part: the name of a skill, or knowledge."""

    text: str
    skill: str


class TraceTool(Struct):
    """One call of a tool. `outcome` is ok or a code of what stood in the way."""

    name: str
    outcome: str
    milliseconds: float


class TraceOwnTool(Struct):
    """A merchant's own tool: its name, what it was asked for (contact details masked), what came of it."""

    tool: str
    inputs: dict[str, str]
    outcome: str


class TraceView(Struct):
    """`milliseconds` is the whole of it; `line` the probability from which on it answers; `at` the moment whose
    knowledge was asked for, when it was not the present."""

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
    corrections: list[TraceCorrection]
    asks: list[TraceAsk]
    line: float | None
    knowledge_version: int | None
    language: str
    at: str | None
    intent: str | None
    mood: str | None
    skills: list[TraceSkill]
    tools: list[TraceTool]
    own_tools: list[TraceOwnTool]


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
    return await show_trace(tx, workspace_id, data, show_id(row["id"]), said)


async def show_trace(tx: Transaction, workspace_id: int, data: dict[str, Any], id: str, said: str | None) -> TraceView:
    """The stored `data` of a trace with the texts it points at."""
    decision = data.get("decision") or {}
    understood = data.get("understood") or []
    return TraceView(
        id=id,
        question=data.get("question", ""),
        understood=understood,
        engine=data.get("engine", "notice"),
        model=data.get("model"),
        steps=msgspec.convert(data.get("steps") or [], list[TraceStep]),
        candidates=await _candidates(tx, workspace_id, data.get("found") or []),
        decision=TraceDecision(
            bool(decision.get("answer")), decision.get("confidence"), list(decision.get("reasons") or [])
        ),
        said=said,
        milliseconds=data.get("milliseconds", 0.0),
        corrections=[TraceCorrection(*one) for one in data.get("noted") or []],
        asks=_asks(data, understood or [data.get("question", "")]),
        line=data.get("line"),
        knowledge_version=data.get("knowledge"),
        language=data.get("language", "zh"),
        at=data.get("at"),
        intent=_label(data.get("intent")),
        mood=_label(data.get("mood")),
        skills=[TraceSkill(*one) for one in data.get("skills") or []],
        tools=[TraceTool(*one) for one in data.get("tools") or []],
        own_tools=msgspec.convert(data.get("own_tools") or [], list[TraceOwnTool]),
    )


def _label(stored: Any) -> str | None:
    """Of [label, confidence], or of a label alone."""
    first = stored[0] if isinstance(stored, list) and stored else stored
    return first if isinstance(first, str) else None


def _asks(data: dict[str, Any], texts: list[str]) -> list[TraceAsk]:
    line = data.get("line") or THRESHOLD
    return [
        TraceAsk(text, confidence, band, missing, why(signals, confidence, line, missing))
        for text, (confidence, band, _, missing, signals) in zip(texts, data.get("asks") or [], strict=False)
    ]


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
    passage_id, lexical, vector, score, quoted = found[:5]
    lexical_rank, vector_rank = found[5:7] if len(found) >= 7 else (None, None)
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
        lexical_rank=lexical_rank,
        vector_rank=vector_rank,
    )
