"""Compares what became live with what was known: the job that follows every new version."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from yingke.kit.db import Database, Transaction
from yingke.kit.jobs import Job
from yingke.knowledge.contradictions.find_clashes import Clash, find_clashes
from yingke.knowledge.contradictions.prefer import statement_of
from yingke.knowledge.entry import Entry, Scope
from yingke.knowledge.index import query_for
from yingke.knowledge.large.find import find
from yingke.knowledge.library import Library
from yingke.knowledge.title import show_title

MOST_PASSAGES = 400
MOST_SHOPS = 20
NEIGHBOURS = 8
_QUERY_CHARS = 160


@dataclass(frozen=True)
class _Source:
    """What is compared: a document, or one QA pair."""

    workspace_id: int
    document_id: int | None
    qa_pair_id: int | None
    shops: tuple[int | None, ...]
    at: datetime
    own_names: tuple[str, ...]
    fresh: list[Entry]


async def find_contradictions(db: Database, library: Library, job: Job) -> None:
    """The handler of jobs of kind "find_contradictions"; data is {document_id, version} or {qa_pair_id}. Idempotent.

    Only passages that the version before did not have are compared, with what is near them, so a large document costs
    no more than `MOST_PASSAGES` searches; what was decided about a passage stays decided when its words return.
    """
    async with db.transaction(job.workspace_id) as tx:
        if not await _is_current(tx, job):
            return
        await _follow_passages(tx, job.workspace_id, job.data.get("document_id"))
        source = await _read_source(tx, job)
    found = await _compare(library, source) if source.fresh else []
    async with db.transaction(job.workspace_id) as tx:
        if not await _is_current(tx, job):
            return
        sides = await _read_sides(tx, job.workspace_id, [one.id for pair in found for one in pair[:2]])
        for one, other, clash in found:
            await _keep(tx, job.workspace_id, sides, one, other, clash)
        await _forget_gone(tx, job.workspace_id)


async def _is_current(tx: Transaction, job: Job) -> bool:
    if "qa_pair_id" in job.data:
        return True
    live = await tx.fetchval(
        "select live_version from documents where id = $1 and deleted_at is null", job.data["document_id"]
    )
    return bool(live == job.data["version"])


async def _follow_passages(tx: Transaction, workspace_id: int, document_id: int | None) -> None:
    """A passage that the new version repeats is another row; contradictions follow its content."""
    for side in ("left", "right"):
        await tx.execute(
            f"update contradictions c set {side}_passage_id = fresh.id from passages old join passages fresh"
            " on fresh.workspace_id = old.workspace_id and fresh.document_id = old.document_id"
            " and fresh.content_hash = old.content_hash and fresh.is_live"
            f" where c.workspace_id = $1 and old.workspace_id = $1 and old.id = c.{side}_passage_id"
            " and old.document_id = $2 and not old.is_live",
            workspace_id,
            document_id,
        )


async def _read_source(tx: Transaction, job: Job) -> _Source:
    document_id, qa_pair_id = job.data.get("document_id"), job.data.get("qa_pair_id")
    rows = await tx.fetch(
        "select p.id, p.kind, p.heading, p.text, p.search_text, p.row, p.embedding, d.name,"
        " case when d.id is null then q.shop_ids else d.shop_ids end as shop_ids,"
        " greatest(now(), case when d.id is null then q.valid_from else d.valid_from end) as at"
        " from passages p left join documents d on d.workspace_id = p.workspace_id and d.id = p.document_id"
        " left join qa_pairs q on q.workspace_id = p.workspace_id and q.id = p.qa_pair_id"
        " where p.workspace_id = $1 and p.is_live and (p.document_id = $2 or p.qa_pair_id = $3)"
        " and not exists (select 1 from passages o where o.workspace_id = $1 and o.document_id = $2"
        "  and o.content_hash = p.content_hash and o.version = (select max(v.version) from document_versions v"
        "  where v.workspace_id = $1 and v.document_id = $2 and v.live_at is not null and v.version < $4))"
        " order by p.ordinal limit $5",
        job.workspace_id,
        document_id,
        qa_pair_id,
        job.data.get("version", 0),
        MOST_PASSAGES,
    )
    names = await tx.fetch("select name from shops union select name from workspaces where id = $1", job.workspace_id)
    every = await tx.fetch("select id from shops where archived_at is null order by id limit $1", MOST_SHOPS)
    shops = rows[0]["shop_ids"] if rows and rows[0]["shop_ids"] else [row["id"] for row in every]
    return _Source(
        job.workspace_id,
        document_id,
        qa_pair_id,
        tuple(shops) or (None,),
        rows[0]["at"] if rows else await tx.fetchval("select now()"),
        tuple(sorted(row["name"] for row in names)),
        [_entry(row, document_id) for row in rows],
    )


def _entry(row: Any, document_id: int | None) -> Entry:
    return Entry(
        id=row["id"],
        text=row["text"],
        search_text=row["search_text"],
        vector=row["embedding"],
        heading=row["heading"],
        kind=row["kind"],
        row=row["row"],
        document_id=document_id,
        document_title=show_title(row["name"]) if row["name"] else "",
    )


async def _compare(library: Library, source: _Source) -> list[tuple[Entry, Entry, Clash]]:
    """One search at a time: each takes a millisecond of the loop, questions of customers come between."""
    index = await library.current(source.workspace_id)
    found: dict[tuple[int, int, str], tuple[Entry, Entry, Clash]] = {}
    for entry in source.fresh[: max(1, MOST_PASSAGES // len(source.shops))]:
        text = f"{entry.heading.rpartition(' › ')[2]} {entry.text}"[:_QUERY_CHARS]
        query = query_for(text, np.asarray(entry.vector, dtype=np.float32))
        near: dict[int, Entry] = {}
        for shop_id in source.shops:
            scope = Scope(source.at, shop_id, "staff")
            hits = await find(index, [query], scope=scope, limit=NEIGHBOURS)
            near |= {hit.entry.id: hit.entry for hit in hits[0]}
            await asyncio.sleep(0)
        others = [other for other in near.values() if _is_other(source, entry, other)]
        for other, clash in await asyncio.to_thread(_clashes, entry, others, source.own_names):
            found[min(entry.id, other.id), max(entry.id, other.id), clash.about] = (entry, other, clash)
    return list(found.values())


def _is_other(source: _Source, entry: Entry, other: Entry) -> bool:
    return other.id != entry.id and (other.document_id is None or other.document_id != source.document_id)


def _clashes(entry: Entry, others: Sequence[Entry], own_names: tuple[str, ...]) -> list[tuple[Entry, Clash]]:
    mine = statement_of(entry)
    return [(other, clash) for other in others for clash in find_clashes(mine, statement_of(other), own_names)]


async def _read_sides(tx: Transaction, workspace_id: int, ids: Sequence[int]) -> dict[int, str]:
    """Passage → whose it is, for those still live; a pair made from a document is that document's."""
    rows = await tx.fetch(
        "select p.id, p.document_id, p.qa_pair_id, q.document_id as made_from from passages p"
        " left join qa_pairs q on q.workspace_id = p.workspace_id and q.id = p.qa_pair_id"
        " where p.workspace_id = $1 and p.id = any($2) and p.is_live",
        workspace_id,
        list(ids),
    )
    return {
        row["id"]: f"document:{row['document_id'] or row['made_from']}"
        if row["document_id"] or row["made_from"]
        else f"pair:{row['qa_pair_id']}"
        for row in rows
    }


async def _keep(
    tx: Transaction, workspace_id: int, sides: dict[int, str], one: Entry, other: Entry, clash: Clash
) -> None:
    if one.id not in sides or other.id not in sides or sides[one.id] == sides[other.id]:
        return
    ordered = sorted(
        ((sides[one.id], clash.left_says, one.id), (sides[other.id], clash.right_says, other.id)),
        key=lambda side: side[0],
    )
    told = "\x1f".join(part for side in ordered for part in side[:2])
    await tx.execute(
        "insert into contradictions (workspace_id, left_passage_id, right_passage_id, about, left_says, right_says,"
        " fingerprint) values ($1, $2, $3, $4, $5, $6, $7) on conflict (workspace_id, fingerprint) do update"
        " set left_passage_id = excluded.left_passage_id, right_passage_id = excluded.right_passage_id",
        workspace_id,
        ordered[0][2],
        ordered[1][2],
        clash.about,
        ordered[0][1],
        ordered[1][1],
        hashlib.blake2b(told.encode(), digest_size=16).digest(),
    )


async def _forget_gone(tx: Transaction, workspace_id: int) -> None:
    """Open ones of which a side is not said any more. What a person decided is kept for the day it is said again."""
    await tx.execute(
        "delete from contradictions c where c.workspace_id = $1 and c.state = 'open' and 2 >"
        " (select count(*) from passages p where p.workspace_id = $1 and p.is_live"
        "  and p.id in (c.left_passage_id, c.right_passage_id))",
        workspace_id,
    )
