"""Reads documents and their passages for screens and programs."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from msgspec import Struct, convert

from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input, not_found
from yingke.kit.events import record_event
from yingke.kit.ids import read_id, show_id
from yingke.knowledge.entry import Audience

State = Literal["queued", "parsing", "indexing", "checking", "ready", "failed", "held", "paused", "cancelled"]
WORKING: tuple[State, ...] = ("queued", "parsing", "indexing", "checking")
Rank = Literal["high", "normal", "low"]
_RANKS: dict[Rank, int] = {"high": 1, "normal": 0, "low": -1}
MOST_SHOPS = 200
_PLACE = re.compile(r"([0-9]{1,19})-([0-9]{1,19})")
_SELECT = (
    "select d.id, d.name, d.audience, d.shop_ids, d.state, d.step, d.progress, d.reason, d.version, d.live_version,"
    " d.passages, d.valid_from, d.valid_to, d.dates_found, d.rank, d.url, d.synced_at, d.is_demo, d.created_at,"
    " d.ready_at, f.size, d.archive_id, a.name as archive"
    " from documents d left join files f on f.workspace_id = d.workspace_id and f.id = d.file_id"
    " left join documents a on a.workspace_id = d.workspace_id and a.id = d.archive_id"
    " where d.workspace_id = $1"
)


class Reason(Struct):
    """Why a document is not ready, as a sentence that says what to do. `words` are those that made it look internal."""

    code: str
    text: str
    words: list[str] = []


class DatesFound(Struct):
    """A period that the text names; the instants are the beginning of its first and the end of its last day."""

    valid_from: datetime | None
    valid_to: datetime
    quote: str


class DocumentView(Struct):
    """`step` is parse, cut or index; `progress` 0..1 of it. `shop_ids` null means every shop. `size` in bytes.

    `live_version` answers now, null while there is none; it is below `version` while a new one is being learned, was
    held or has failed. `archive` is the zip it came in; `synced_at` when its content was last compared with its source.
    """

    id: str
    name: str
    audience: Audience
    shop_ids: list[str] | None
    state: State
    step: str
    progress: float
    reason: Reason | None
    version: int
    live_version: int | None
    passages: int
    size: int | None
    valid_from: datetime | None
    valid_to: datetime | None
    dates_found: DatesFound | None
    rank: Rank
    archive: str | None
    url: str | None
    synced_at: datetime | None
    is_demo: bool
    created_at: datetime
    ready_at: datetime | None


class PassageView(Struct):
    id: str
    document_id: str
    ordinal: int
    kind: str
    heading: str
    text: str
    page: int | None


async def get_document(tx: Transaction, workspace_id: int, document_id: int, *, is_deleted_too: bool = False) -> Any:
    """The row. Raises 404, also for a deleted document unless `is_deleted_too`."""
    row = await tx.fetchrow(
        f"{_SELECT} and d.id = $2 and (d.deleted_at is null or $3)", workspace_id, document_id, is_deleted_too
    )
    if row is None:
        raise not_found()
    return row


async def lock_document(tx: Transaction, document_id: int) -> Any:
    """The whole row, held until the commit. Raises 404."""
    row = await tx.fetchrow("select * from documents where id = $1 and deleted_at is null for update", document_id)
    if row is None:
        raise not_found()
    return row


@dataclass(frozen=True)
class Filter:
    """Which documents of a list are wanted; what is None does not matter. `text` is part of the name."""

    states: tuple[State, ...] | None = None
    audience: Audience | None = None
    shop_id: int | None = None
    text: str | None = None
    name: str | None = None


async def list_documents(
    tx: Transaction, workspace_id: int, behind: tuple[int, int] | None, limit: int, wanted: Filter = Filter()
) -> list[Any]:
    """Newest first, those behind `behind` (see `place_of`); what came in one zip stands together, where the zip came.
    A zip that was unpacked is not among them.
    """
    rows = await tx.fetch(
        f"{_SELECT} and d.deleted_at is null and not (d.is_archive and d.state = 'ready')"
        " and (coalesce(d.archive_id, d.id), -d.id) < ($2, $9)"
        " and ($4::text[] is null or d.state = any($4)) and ($5::text is null or d.audience = $5)"
        " and ($6::bigint is null or d.shop_ids is null or $6 = any(d.shop_ids))"
        " and ($7::text is null or position(lower($7) in lower(d.name)) > 0 or position(lower($7) in lower(a.name)) > 0)"
        " and ($8::text is null or d.name = $8)"
        " order by coalesce(d.archive_id, d.id) desc, d.id limit $3",
        workspace_id,
        behind[0] if behind else 2**63 - 1,
        limit,
        list(wanted.states) if wanted.states is not None else None,
        wanted.audience,
        wanted.shop_id,
        wanted.text,
        wanted.name,
        -behind[1] if behind else 0,
    )
    return list(rows)


def place_of(row: Any) -> str:
    """The cursor behind a row of the list."""
    return f"{row['archive_id'] or row['id']}-{row['id']}"


def read_place(after: str | None) -> tuple[int, int] | None:
    """The cursor that `place_of` gave. Raises 400."""
    if after is None:
        return None
    found = _PLACE.fullmatch(after)
    if found is None:
        raise bad_input({"after": "not a cursor of this list / 不是本列表给出的游标"})
    return min(int(found[1]), 2**63 - 1), min(int(found[2]), 2**63 - 1)


async def count_documents(tx: Transaction, workspace_id: int) -> dict[State, int]:
    """State → how many; states without documents are left out."""
    rows = await tx.fetch(
        "select state, count(*)::int as n from documents where workspace_id = $1 and deleted_at is null"
        " and not (is_archive and state = 'ready') group by state",
        workspace_id,
    )
    return {row["state"]: row["n"] for row in rows}


def rank_number(rank: Rank) -> int:
    return _RANKS[rank]


def show_rank(number: int) -> Rank:
    return "high" if number > 0 else "low" if number < 0 else "normal"


async def list_passages(tx: Transaction, workspace_id: int, document_id: int, after: int, limit: int) -> list[Any]:
    """The passages that can be found now, in reading order, those whose ordinal is above `after`."""
    rows = await tx.fetch(
        "select id, document_id, ordinal, kind, heading, text, page from passages"
        " where workspace_id = $1 and document_id = $2 and is_live and ordinal > $3 order by ordinal limit $4",
        workspace_id,
        document_id,
        after,
        limit,
    )
    return list(rows)


async def tell_document(tx: Transaction, workspace_id: int, document_id: int) -> None:
    """Records `document_updated` with where the document stands."""
    row = await tx.fetchrow(
        "select name, state, step, progress, reason, version, live_version, passages, deleted_at from documents"
        " where id = $1",
        document_id,
    )
    if row is None:
        return
    data = {
        "document_id": show_id(document_id),
        "name": row["name"],
        "state": row["state"],
        "step": row["step"],
        "progress": round(row["progress"], 3),
        "reason": row["reason"],
        "version": row["version"],
        "live_version": row["live_version"],
        "passages": row["passages"],
        "is_deleted": row["deleted_at"] is not None,
    }
    await record_event(tx, workspace_id, "document_updated", data)


def show_document(row: Any, language: str) -> DocumentView:
    reason, dates = row["reason"], row["dates_found"]
    return DocumentView(
        id=show_id(row["id"]),
        name=row["name"],
        audience=row["audience"],
        shop_ids=[show_id(shop) for shop in row["shop_ids"]] if row["shop_ids"] is not None else None,
        state=row["state"],
        step=row["step"],
        progress=round(row["progress"], 3),
        reason=Reason(reason["code"], reason["en" if language == "en" else "zh"], reason.get("words", []))
        if reason
        else None,
        version=row["version"],
        live_version=row["live_version"],
        passages=row["passages"],
        size=row["size"],
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        dates_found=convert(dates, DatesFound) if dates else None,
        rank=show_rank(row["rank"]),
        archive=row["archive"],
        url=row["url"],
        synced_at=row["synced_at"],
        is_demo=row["is_demo"],
        created_at=row["created_at"],
        ready_at=row["ready_at"],
    )


def show_passage(row: Any) -> PassageView:
    return PassageView(
        show_id(row["id"]), show_id(row["document_id"]), row["ordinal"], row["kind"], row["heading"], row["text"],
        row["page"],
    )  # fmt: skip


async def read_shops(tx: Transaction, texts: list[str] | None) -> list[int] | None:
    """Shop ids from outside; None (or an empty list) means every shop. Raises 400 for a shop that is not ours."""
    if not texts:
        return None
    if len(texts) > MOST_SHOPS:
        raise bad_input({"shop_ids": f"at most {MOST_SHOPS} / 最多 {MOST_SHOPS} 个"})
    wanted = sorted({read_id(text) for text in texts})
    known = await tx.fetchval("select count(*) from shops where id = any($1)", wanted)
    if known != len(wanted):
        raise bad_input({"shop_ids": "unknown shop / 没有这个店铺"})
    return wanted
