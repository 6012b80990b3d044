"""Asks a traced question again, with other settings or today's knowledge, and compares; nothing is stored."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import msgspec
from msgspec import Struct

from yingke.assistants.ask import answer_unseen
from yingke.assistants.engine import Engine, Reply, Said
from yingke.assistants.trace_view import TraceCandidate, TraceView, get_trace, show_trace
from yingke.conversations.shapes import CitationView, MakerView
from yingke.kit.db import Database, Transaction
from yingke.kit.errors import not_found
from yingke.knowledge.entry import Audience

HISTORY = 8
_PIECES = re.compile(r"[\u4e00-\u9fff]|[^\s\u4e00-\u9fff]+|\s+")


class TextDifference(Struct):
    """A piece of the two answers: `kind` same, gone (only in the earlier one) or new (only in the later one)."""

    kind: Literal["same", "gone", "new"]
    text: str


class ReplayView(Struct):
    """The new answer beside the stored one. `gained` and `lost`: candidates that only one of them found."""

    answer: str
    citations: list[CitationView]
    generated_by: MakerView
    offers_person: bool
    before: TraceView
    after: TraceView
    gained: list[TraceCandidate]
    lost: list[TraceCandidate]
    is_same_decision: bool
    differences: list[TextDifference]


@dataclass(frozen=True)
class Otherwise:
    """What is to be different; None leaves it as it is for customers now."""

    at: datetime | None = None
    threshold: float | None = None
    engine: Literal["embedded", "chat"] | None = None
    audience: Audience = "customer"


@dataclass(frozen=True)
class _Asked:
    texts: tuple[str, ...]
    history: tuple[Said, ...]
    shop_id: int | None
    language: str


async def replay(db: Database, engine: Engine, workspace_id: int, trace_id: int, otherwise: Otherwise) -> ReplayView:
    """Against the knowledge of now, or as of `at`. Raises 404."""
    async with db.transaction(workspace_id) as tx:
        before = await get_trace(tx, workspace_id, trace_id)
        asked = await _asked(tx, workspace_id, trace_id)
    settings: dict[str, Any] = {"engine": otherwise.engine, "audience": otherwise.audience}
    if otherwise.threshold is not None:
        settings["answering"] = {"threshold": otherwise.threshold}
    reply = await answer_unseen(
        db, engine, workspace_id, asked.texts, shop_id=asked.shop_id, language=asked.language, history=asked.history,
        at=otherwise.at, settings=settings,
    )  # fmt: skip
    async with db.transaction(workspace_id) as tx:
        after = await show_trace(tx, workspace_id, reply.trace, before.id, reply.text)
    return _compare(before, after, reply)


async def _asked(tx: Transaction, workspace_id: int, trace_id: int) -> _Asked:
    """The messages of the turn and what was said before them: from the log, or from the trace of a trial."""
    row = await tx.fetchrow(
        "select t.conversation_id, t.through_seq, t.data, c.shop_id, c.language from traces t"
        " left join conversations c on c.workspace_id = t.workspace_id and c.id = t.conversation_id"
        " where t.workspace_id = $1 and t.id = $2",
        workspace_id,
        trace_id,
    )
    if row is None:
        raise not_found()
    if row["conversation_id"] is None:
        return _asked_alone(row["data"])
    said = await tx.fetch(
        "select author, text, citations from messages where workspace_id = $1 and conversation_id = $2 and seq <= $3"
        " and author <> 'system' and text is not null order by seq desc limit $4",
        workspace_id,
        row["conversation_id"],
        row["through_seq"] or 0,
        HISTORY,
    )
    texts: list[str] = []
    for at, message in enumerate(said):
        if message["author"] != "contact":
            return _Asked(tuple(reversed(texts)), _history(said[at:]), row["shop_id"], row["language"])
        texts.append(message["text"])
    return _Asked(tuple(reversed(texts)), (), row["shop_id"], row["language"])


def _history(said: list[Any]) -> tuple[Said, ...]:
    return tuple(
        Said(one["author"], one["text"], tuple(int(c["passage_id"]) for c in one["citations"] or () if c.get("passage_id")))
        for one in reversed(said)
    )  # fmt: skip


def _asked_alone(data: Mapping[str, Any]) -> _Asked:
    asked = data.get("asked") or {}
    history = tuple(Said(author, text) for author, text in asked.get("history") or [])
    shop_id = asked.get("shop_id")
    text = asked.get("text") or data.get("question") or ""
    return _Asked((text,), history, int(shop_id) if shop_id else None, asked.get("language") or "zh-CN")


def _compare(before: TraceView, after: TraceView, reply: Reply) -> ReplayView:
    old, new = ({one.passage_id for one in view.candidates} for view in (before, after))
    return ReplayView(
        answer=reply.text,
        citations=msgspec.convert(reply.citations, list[CitationView]),
        generated_by=msgspec.convert(reply.generated_by, MakerView),
        offers_person=reply.offers_person,
        before=before,
        after=after,
        gained=[one for one in after.candidates if one.passage_id not in old],
        lost=[one for one in before.candidates if one.passage_id not in new],
        is_same_decision=before.decision.answer == after.decision.answer,
        differences=differences(before.said or "", reply.text),
    )


def differences(old: str, new: str) -> list[TextDifference]:
    """Chinese character by character, other writing word by word."""
    left, right = _PIECES.findall(old), _PIECES.findall(new)
    found: list[TextDifference] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(TextDifference("same", "".join(left[a:b])))
            continue
        if b > a:
            found.append(TextDifference("gone", "".join(left[a:b])))
        if d > c:
            found.append(TextDifference("new", "".join(right[c:d])))
    return found
