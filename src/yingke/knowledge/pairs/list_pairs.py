"""Reads pairs for screens and programs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from yingke.kit.db import Transaction
from yingke.kit.ids import show_id
from yingke.knowledge.entry import Audience
from yingke.knowledge.qa_pairs import Origin
from yingke.knowledge.title import show_title

State = Literal["proposed", "live", "rejected", "retired"]
_FROM = (
    " from qa_pairs q left join documents d on d.workspace_id = q.workspace_id and d.id = q.document_id"
    " left join conversations c on c.workspace_id = q.workspace_id and c.id = q.conversation_id"
    " where q.workspace_id = $1 and q.deleted_at is null and q.retired_for is distinct from 'merged'"
    # What a deleted document proposed waits with it.
    " and (q.state <> 'proposed' or q.origin <> 'document' or d.deleted_at is null and d.id is not null)"
)
_COLUMNS = (
    "q.id, q.external_id, q.questions, q.answer, q.answers, q.machine_languages, q.audience, q.shop_ids, q.valid_from,"
    " q.valid_to, q.state, q.origin, q.maker, q.document_id, d.name as document, q.source_heading, q.source_quote,"
    " c.id as conversation_id, q.duplicate_of, q.similarity, q.retired_for, q.is_edited, q.is_demo, q.before_merge,"
    " q.reviewed_at, q.created_at, q.updated_at"
)


class PairSource(Struct):
    """`document_id` null: the document is gone. `heading` is joined by " › "; `quote` stands in it word for word."""

    document_id: str | None
    document: str
    heading: str
    quote: str


class PairView(Struct):
    """`answers` by language tag; those in `machine_languages` were translated by a model and not looked at yet.
    `maker` is rule:… or model:…, empty for what people wrote. `retired_for` is changed or deleted."""

    id: str
    external_id: str | None
    questions: list[str]
    answer: str
    answers: dict[str, str]
    machine_languages: list[str]
    audience: Audience
    shop_ids: list[str] | None
    valid_from: datetime | None
    valid_to: datetime | None
    state: State
    origin: Origin
    maker: str
    source: PairSource | None
    conversation_id: str | None
    duplicate_of: str | None
    similarity: float | None
    retired_for: Literal["changed", "deleted"] | None
    is_edited: bool
    is_merged: bool
    is_demo: bool
    reviewed_at: datetime | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Filter:
    """Everything None or empty: all pairs. `missing` is a language tag without an answer of its own."""

    state: State | None = None
    origin: Origin | None = None
    document_id: int | None = None
    text: str = ""
    missing: str = ""


async def list_pairs(tx: Transaction, workspace_id: int, wanted: Filter, before: int | None, limit: int) -> list[Any]:
    """Newest first, those with an id below `before`."""
    where, values = _conditions(wanted)
    rows = await tx.fetch(
        f"select {_COLUMNS}{_FROM} and q.id < $2{where} order by q.id desc limit {int(limit)}",
        workspace_id,
        before or 2**63 - 1,
        *values,
    )
    return list(rows)


async def list_ids(tx: Transaction, workspace_id: int, wanted: Filter, limit: int) -> list[int]:
    """The newest of those that fit."""
    where, values = _conditions(wanted)
    rows = await tx.fetch(
        f"select q.id{_FROM} and q.id < $2{where} order by q.id desc limit {int(limit)}",
        workspace_id,
        2**63 - 1,
        *values,
    )
    return [row["id"] for row in rows]


async def count_matching(tx: Transaction, workspace_id: int, wanted: Filter) -> int:
    where, values = _conditions(wanted)
    return int(await tx.fetchval(f"select count(*){_FROM} and q.id < $2{where}", workspace_id, 2**63 - 1, *values))


async def find_pairs(tx: Transaction, workspace_id: int, pair_ids: list[int]) -> dict[int, Any]:
    """Rows by id; what is gone is left out."""
    rows = await tx.fetch(f"select {_COLUMNS}{_FROM} and q.id = any($2)", workspace_id, pair_ids)
    return {row["id"]: row for row in rows}


def _conditions(wanted: Filter) -> tuple[str, list[Any]]:
    """SQL after the fixed conditions, and its values from $3 on."""
    where, values = "", []
    for condition, value in (
        ("q.state = {}", wanted.state),
        ("q.origin = {}", wanted.origin),
        ("q.document_id = {}", wanted.document_id),
        (
            "(position(lower({0}) in lower(q.answer)) > 0 or position(lower({0}) in lower(array_to_string(q.questions, E'\\n'))) > 0)",
            wanted.text or None,
        ),
        ("not q.answers ? {}", wanted.missing or None),
    ):
        if value is not None:
            values.append(value)
            where += " and " + condition.format(f"${len(values) + 2}")
    return where, values


def show_pair(row: Any) -> PairView:
    source = None
    if row["document_id"] is not None or row["source_quote"]:
        source = PairSource(
            show_id(row["document_id"]) if row["document_id"] is not None else None,
            show_title(row["document"]) if row["document"] else "",
            row["source_heading"],
            row["source_quote"],
        )
    return PairView(
        id=show_id(row["id"]),
        external_id=row["external_id"],
        questions=row["questions"],
        answer=row["answer"],
        answers=row["answers"],
        machine_languages=row["machine_languages"],
        audience=row["audience"],
        shop_ids=[show_id(shop) for shop in row["shop_ids"]] if row["shop_ids"] is not None else None,
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        state=row["state"],
        origin=row["origin"],
        maker=row["maker"],
        source=source,
        conversation_id=show_id(row["conversation_id"]) if row["conversation_id"] is not None else None,
        duplicate_of=show_id(row["duplicate_of"]) if row["duplicate_of"] is not None else None,
        similarity=round(row["similarity"], 3) if row["similarity"] is not None else None,
        retired_for=row["retired_for"],
        is_edited=row["is_edited"],
        is_merged=row["before_merge"] is not None,
        is_demo=row["is_demo"],
        reviewed_at=row["reviewed_at"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )
