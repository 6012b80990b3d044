"""Moves a workspace that has grown into the database's search, keeps it in step, and takes it out when it has shrunk."""

import asyncio
from typing import Any

from yingke.kit.db import Database
from yingke.kit.jobs import Job
from yingke.knowledge.index import prepare
from yingke.knowledge.knowledge_version import raise_version
from yingke.knowledge.large.counted import Counting
from yingke.knowledge.large.terms_kept import Stored, store
from yingke.knowledge.large.wish_fit import LARGE, SMALL_AGAIN
from yingke.knowledge.read_entries import COLUMNS, FOUND, SOURCES, entry_of
from yingke.knowledge.recipe import recipe

PAGE = 200
_COUNTED_PAGE = 2000
# Words are counted anew when a twentieth of the passages has changed: rarities hardly move before that.
_STALE_SHARE = 0.05
_AT_ONCE = 16
_SCOPE = "coalesce(p.document_id, scope_of_pair(q.audience, q.shop_ids, q.valid_from, q.valid_to))"
_MISSING = (
    f"select p.id from {SOURCES} where p.workspace_id = $1 and p.is_live and {FOUND} and not exists"
    " (select 1 from large_passages l join large_prepared r on r.workspace_id = l.workspace_id"
    f" and r.passage_id = l.passage_id where l.workspace_id = $1 and l.passage_id = p.id and r.recipe = $2 and l.scope = {_SCOPE})"
    " order by p.id"
)
_ROWS = (
    f"select {COLUMNS}, p.embedding, {_SCOPE} as scope from {SOURCES}"
    f" where p.workspace_id = $1 and p.id = any($2) and p.is_live and {FOUND}"
)
_STILL_FOUND = f"select p.id from {SOURCES} where p.workspace_id = $1 and p.id = any($2) and p.is_live and {FOUND}"
_PUT = (
    "insert into large_passages (workspace_id, passage_id, scope, terms, embedding)"
    " values ($1, $2, $3, array_to_tsvector($4::text[]), $5)"
    " on conflict (workspace_id, passage_id) do update set scope = excluded.scope, terms = excluded.terms"
    # A row that is written again is put into both indexes again.
    " where (large_passages.scope, large_passages.terms) is distinct from (excluded.scope, excluded.terms)"
)
_PUT_PREPARED = (
    "insert into large_prepared (workspace_id, passage_id, recipe, hashes, counts, lengths, reading)"
    " values ($1, $2, $3, $4, $5, $6, $7) on conflict (workspace_id, passage_id) do update set recipe = excluded.recipe,"
    " hashes = excluded.hashes, counts = excluded.counts, lengths = excluded.lengths, reading = excluded.reading"
)
_TABLES = ("large_prepared", "large_passages")


async def fit_large(db: Database, job: Job, *, large: int = LARGE, small_again: int = SMALL_AGAIN) -> None:
    """The handler of jobs of kind "fit_large". What an earlier try stored stays; run it as often as you like."""
    workspace_id = job.workspace_id
    async with db.transaction(workspace_id) as tx:
        count = int(
            await tx.fetchval(f"select count(*) from {SOURCES} where p.workspace_id = $1 and p.is_live and {FOUND}", workspace_id)
        )  # fmt: skip
        is_in = await tx.fetchval("select true from large_workspaces where workspace_id = $1", workspace_id)
        if is_in is None and count > large:
            await tx.execute("insert into large_workspaces (workspace_id) values ($1)", workspace_id)
            is_in = True
    if is_in and count < small_again:
        await _leave(db, workspace_id)
    elif is_in:
        await _keep_in_step(db, workspace_id)


async def _leave(db: Database, workspace_id: int) -> None:
    """First it is searched in memory again, then what is no longer needed goes."""
    async with db.transaction(workspace_id) as tx:
        await tx.execute("delete from large_workspaces where workspace_id = $1", workspace_id)
        await raise_version(tx, workspace_id)
    for table in _TABLES:
        while await _delete_some(db, workspace_id, table):
            pass


async def _delete_some(db: Database, workspace_id: int, table: str) -> bool:
    async with db.transaction(workspace_id) as tx:
        done = await tx.execute(
            f"delete from {table} where workspace_id = $1 and passage_id in"
            f" (select passage_id from {table} where workspace_id = $1 limit 2000)",
            workspace_id,
        )
    return bool(done != "DELETE 0")


async def _keep_in_step(db: Database, workspace_id: int) -> None:
    now = recipe()
    async with db.transaction(workspace_id) as tx:
        missing = [row["id"] for row in await tx.fetch(_MISSING, workspace_id, now)]
    for start in range(0, len(missing), PAGE):
        async with db.transaction(workspace_id) as tx:
            rows = await tx.fetch(_ROWS, workspace_id, missing[start : start + PAGE])
        await _put(db, workspace_id, rows)
    for table in _TABLES:
        await _delete_gone(db, workspace_id, table)
    async with db.transaction(workspace_id) as tx:
        count = int(await tx.fetchval("select count(*) from large_passages where workspace_id = $1", workspace_id))
        state = await tx.fetchrow("select * from large_workspaces where workspace_id = $1", workspace_id)
    if state is None:
        return
    if state["recipe"] != now or abs(count - state["counted"]) > _STALE_SHARE * max(1, state["counted"]):
        counting = await _count(db, workspace_id)
        terms = await asyncio.to_thread(counting.pack)
        async with db.transaction(workspace_id) as tx:
            await tx.execute(
                "update large_workspaces set terms = $2, counted = $3, recipe = $4, updated_at = now()"
                " where workspace_id = $1",
                workspace_id,
                terms,
                counting.count,
                now,
            )
    async with db.transaction(workspace_id) as tx:
        was_ready = await tx.fetchval(
            "update large_workspaces n set is_ready = true, passages = $2, updated_at = now() from large_workspaces o"
            " where n.workspace_id = $1 and o.workspace_id = n.workspace_id returning o.is_ready",
            workspace_id,
            count,
        )
        if was_ready is False:
            await raise_version(tx, workspace_id)


async def _delete_gone(db: Database, workspace_id: int, table: str) -> None:
    """Page by page: right after a large filling no planner knows yet how much there is to join."""
    last, page = 0, list[int]()
    while last == 0 or len(page) == _COUNTED_PAGE:
        async with db.transaction(workspace_id) as tx:
            page = [
                row["passage_id"]
                for row in await tx.fetch(
                    f"select passage_id from {table} where workspace_id = $1 and passage_id > $2"
                    f" order by passage_id limit {_COUNTED_PAGE}",
                    workspace_id,
                    last,
                )
            ]
            live = {row["id"] for row in await tx.fetch(_STILL_FOUND, workspace_id, page)}
            gone = [passage_id for passage_id in page if passage_id not in live]
            if gone:
                await tx.execute(
                    f"delete from {table} where workspace_id = $1 and passage_id = any($2)", workspace_id, gone
                )
        if not page:
            return
        last = page[-1]


async def _put(db: Database, workspace_id: int, rows: list[Any]) -> None:
    stored: list[Stored] = []
    for start in range(0, len(rows), _AT_ONCE):
        stored += await asyncio.to_thread(_prepare, rows[start : start + _AT_ONCE])
        # Answers of customers go first: preparing holds the interpreter.
        await asyncio.sleep(0.002)
    both = list(zip(rows, stored, strict=True))
    now = recipe()
    async with db.transaction(workspace_id) as tx:
        await tx.executemany(
            _PUT, [(workspace_id, row["id"], row["scope"], one.searched, row["embedding"]) for row, one in both]
        )
        await tx.executemany(
            _PUT_PREPARED,
            [(workspace_id, row["id"], now, one.hashes, one.counts, one.lengths, one.reading) for row, one in both],
        )


def _prepare(rows: list[Any]) -> list[Stored]:
    entries = [entry_of(row, row["embedding"]) for row in rows]
    return [store(entry, prepare(entry)) for entry in entries]


async def _count(db: Database, workspace_id: int) -> Counting:
    counting, last = Counting(), 0
    while True:
        async with db.transaction(workspace_id) as tx:
            rows = await tx.fetch(
                "select passage_id, hashes, lengths from large_prepared where workspace_id = $1 and passage_id > $2"
                f" order by passage_id limit {_COUNTED_PAGE}",
                workspace_id,
                last,
            )
        await asyncio.to_thread(counting.add, rows)
        if len(rows) < _COUNTED_PAGE:
            return counting
        last = rows[-1]["passage_id"]
