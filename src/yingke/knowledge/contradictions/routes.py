"""Contradictions over HTTP: the list, and what is decided about each."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from litestar import get, post
from litestar.params import Parameter
from msgspec import Struct

from yingke.kit.db import Database, Transaction
from yingke.kit.ids import read_id, show_id
from yingke.knowledge.contradictions.list_contradictions import (
    ContradictionState,
    ContradictionView,
    Wanted,
    Which,
    count_contradictions,
    get_contradiction,
    list_contradictions,
    show_contradiction,
)
from yingke.knowledge.contradictions.settle import ignore, reopen, settle
from yingke.workspaces.caller import Caller
from yingke.workspaces.require import require
from yingke.workspaces.shapes import Page

READ = [require(role="agent", scope="knowledge:read")]
WRITE = [require(role="admin", scope="knowledge:write")]
TAGS = ["knowledge"]


class Settlement(Struct):
    """`keep` is the side that is right."""

    keep: Which


class ContradictionCounts(Struct):
    open: int
    settled: int
    ignored: int


@get("/v1/knowledge/contradictions", guards=READ, tags=TAGS)
async def get_contradictions(
    db: Database,
    caller: Caller,
    limit: int = 20,
    after: str | None = None,
    wanted_state: Annotated[ContradictionState, Parameter(query="state")] = "open",
    document_id: str | None = None,
) -> Page[ContradictionView]:
    """Newest first; `state` is open (the default), settled or ignored."""
    limit = min(max(limit, 1), 100)
    wanted = Wanted(wanted_state, read_id(document_id) if document_id else None)
    async with db.transaction(caller.workspace_id) as tx:
        rows = await list_contradictions(tx, caller.workspace_id, wanted, read_id(after) if after else None, limit + 1)
    return Page(
        [show_contradiction(row) for row in rows[:limit]],
        show_id(rows[limit - 1]["id"]) if len(rows) > limit else None,
    )


@get("/v1/knowledge/contradiction-counts", guards=READ, tags=TAGS)
async def get_contradiction_counts(db: Database, caller: Caller) -> ContradictionCounts:
    async with db.transaction(caller.workspace_id) as tx:
        return ContradictionCounts(**await count_contradictions(tx, caller.workspace_id))


@post("/v1/knowledge/contradictions/{id:str}/settlement", guards=WRITE, tags=TAGS, status_code=200)
async def post_settlement(id: str, data: Settlement, db: Database, caller: Caller) -> ContradictionView:
    """That side's document gets the higher rank, so it answers wherever the two disagree."""
    return await _changed(db, caller, id, lambda tx: settle(tx, caller, read_id(id), data.keep))


@post("/v1/knowledge/contradictions/{id:str}/dismissal", guards=WRITE, tags=TAGS, status_code=200)
async def post_dismissal(id: str, db: Database, caller: Caller) -> ContradictionView:
    return await _changed(db, caller, id, lambda tx: ignore(tx, caller, read_id(id)))


@post("/v1/knowledge/contradictions/{id:str}/reopening", guards=WRITE, tags=TAGS, status_code=200)
async def post_reopening(id: str, db: Database, caller: Caller) -> ContradictionView:
    return await _changed(db, caller, id, lambda tx: reopen(tx, caller, read_id(id)))


async def _changed(
    db: Database, caller: Caller, id: str, change: Callable[[Transaction], Awaitable[None]]
) -> ContradictionView:
    async with db.transaction(caller.workspace_id) as tx:
        await change(tx)
        return show_contradiction(await get_contradiction(tx, caller.workspace_id, read_id(id)))


ROUTES = [get_contradictions, get_contradiction_counts, post_settlement, post_dismissal, post_reopening]
