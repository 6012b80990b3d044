"""Reads contradictions for screens and programs: both sides in their own words, and which of them answers."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from msgspec import Struct

from yingke.kit.db import Transaction
from yingke.kit.errors import not_found
from yingke.kit.ids import show_id
from yingke.knowledge.documents import Rank, show_rank
from yingke.knowledge.entry import Audience

ContradictionState = Literal["open", "settled", "ignored"]
Which = Literal["left", "right"]
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def _side(side: str) -> str:
    return (
        f" {side[0]}p.id as {side}_id, {side[0]}p.heading as {side}_heading, {side[0]}p.text as {side}_text,"
        f" {side[0]}p.page as {side}_page, {side[0]}p.document_id as {side}_document, {side[0]}p.qa_pair_id as {side}_pair,"
        f" {side[0]}d.name as {side}_name, {side[0]}d.rank as {side}_rank, {side[0]}d.ready_at as {side}_at,"
        f" coalesce({side[0]}d.audience, {side[0]}q.audience) as {side}_audience"
    )


def _joins(side: str) -> str:
    s = side[0]
    return (
        f" join passages {s}p on {s}p.workspace_id = c.workspace_id and {s}p.id = c.{side}_passage_id and {s}p.is_live"
        f" left join documents {s}d on {s}d.workspace_id = c.workspace_id and {s}d.id = {s}p.document_id"
        f" left join qa_pairs {s}q on {s}q.workspace_id = c.workspace_id and {s}q.id = {s}p.qa_pair_id"
    )


# Only what one customer or one agent could be told at one time: the same audience, a shop and a moment in common.
_MEETS = (
    " and ld.deleted_at is null and rd.deleted_at is null and lq.deleted_at is null and rq.deleted_at is null"
    " and coalesce(ld.audience, lq.audience) = coalesce(rd.audience, rq.audience)"
    " and (coalesce(ld.shop_ids, lq.shop_ids) is null or coalesce(rd.shop_ids, rq.shop_ids) is null"
    "  or coalesce(ld.shop_ids, lq.shop_ids) && coalesce(rd.shop_ids, rq.shop_ids))"
    " and tstzrange(coalesce(ld.valid_from, lq.valid_from), coalesce(ld.valid_to, lq.valid_to))"
    "  && tstzrange(coalesce(rd.valid_from, rq.valid_from), coalesce(rd.valid_to, rq.valid_to))"
    " and coalesce(ld.valid_to, lq.valid_to, 'infinity') > now() and coalesce(rd.valid_to, rq.valid_to, 'infinity') > now()"
)
_FROM = f" from contradictions c{_joins('left')}{_joins('right')} where c.workspace_id = $1{_MEETS}"
_SELECT = (
    f"select c.id, c.about, c.state, c.left_says, c.right_says, c.created_at,{_side('left')},{_side('right')}{_FROM}"
)


class SideView(Struct):
    """`says` is what differs, `text` the passage it stands in. A QA pair has no document and counts more than any."""

    passage_id: str
    document_id: str | None
    qa_pair_id: str | None
    name: str | None
    rank: Rank | None
    live_at: datetime | None
    heading: str
    page: int | None
    says: str
    text: str


class ContradictionView(Struct):
    """`answers` is the side that customers are told now."""

    id: str
    about: str
    state: ContradictionState
    audience: Audience
    left: SideView
    right: SideView
    answers: Which
    created_at: datetime


@dataclass(frozen=True)
class Wanted:
    state: ContradictionState = "open"
    document_id: int | None = None


async def list_contradictions(
    tx: Transaction, workspace_id: int, wanted: Wanted, before: int | None, limit: int
) -> list[Any]:
    """Newest first, those with an id below `before`."""
    rows = await tx.fetch(
        f"{_SELECT} and c.state = $2 and ($3::bigint is null or $3 in (lp.document_id, rp.document_id)) and c.id < $4"
        " order by c.id desc limit $5",
        workspace_id,
        wanted.state,
        wanted.document_id,
        before or 2**63 - 1,
        limit,
    )
    return list(rows)


async def count_contradictions(tx: Transaction, workspace_id: int) -> dict[str, int]:
    rows = await tx.fetch(f"select c.state, count(*)::int as n{_FROM} group by c.state", workspace_id)
    return {"open": 0, "settled": 0, "ignored": 0} | {row["state"]: row["n"] for row in rows}


async def get_contradiction(tx: Transaction, workspace_id: int, contradiction_id: int) -> Any:
    """The row, held until the commit. Raises 404, also when one side is not said any more."""
    row = await tx.fetchrow(f"{_SELECT} and c.id = $2 for update of c", workspace_id, contradiction_id)
    if row is None:
        raise not_found()
    return row


def show_contradiction(row: Any) -> ContradictionView:
    return ContradictionView(
        id=show_id(row["id"]),
        about=row["about"],
        state=row["state"],
        audience=row["left_audience"],
        left=_show_side(row, "left"),
        right=_show_side(row, "right"),
        answers="left" if _standing(row, "left") >= _standing(row, "right") else "right",
        created_at=row["created_at"],
    )


def _show_side(row: Any, side: Which) -> SideView:
    document, pair = row[f"{side}_document"], row[f"{side}_pair"]
    return SideView(
        passage_id=show_id(row[f"{side}_id"]),
        document_id=show_id(document) if document is not None else None,
        qa_pair_id=show_id(pair) if pair is not None else None,
        name=row[f"{side}_name"],
        rank=show_rank(row[f"{side}_rank"]) if document is not None else None,
        live_at=row[f"{side}_at"],
        heading=row[f"{side}_heading"],
        page=row[f"{side}_page"],
        says=row[f"{side}_says"],
        text=row[f"{side}_text"],
    )


def _standing(row: Any, side: Which) -> tuple[int, datetime]:
    """As `prefer.standing` weighs it."""
    return 2 if row[f"{side}_document"] is None else row[f"{side}_rank"], row[f"{side}_at"] or _LONG_AGO
