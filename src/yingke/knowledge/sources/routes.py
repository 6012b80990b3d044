"""Sources of the web over HTTP."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Literal

from litestar import Request, Response, delete, get, patch, post
from msgspec import UNSET, Struct, UnsetType

from yingke.kit.asked_language import asked_language
from yingke.kit.db import Database, Transaction
from yingke.kit.idempotency import Sending, run_once
from yingke.kit.ids import read_id, show_id
from yingke.kit.rates import Rates
from yingke.knowledge.documents import read_shops
from yingke.knowledge.entry import Audience
from yingke.knowledge.sources.sources import (
    Kind,
    Settings,
    add_source,
    change_source,
    delete_source,
    lock_source,
    pause_source,
    restore_source,
    resume_source,
    sync_now,
)
from yingke.knowledge.title import show_title
from yingke.workspaces.caller import Caller
from yingke.workspaces.require import require
from yingke.workspaces.shapes import Page

Asking = Request[Any, Any, Any]
READ = [require(role="agent", scope="knowledge:read")]
WRITE = [require(role="admin", scope="knowledge:write")]
TAGS = ["knowledge"]
_SELECT = (
    "select s.*, (select count(*) from documents d where d.workspace_id = s.workspace_id and d.source_id = s.id"
    "   and d.deleted_at is null) as pages from knowledge_sources s where s.workspace_id = $1 and s.deleted_at is null"
)


class SourceBody(Struct):
    """`every_hours` left out: fetched once. `most_pages` counts for a site or a sitemap (200)."""

    kind: Kind
    url: str
    audience: Audience = "customer"
    shop_ids: list[str] | None = None
    every_hours: int | None = None
    most_pages: int = 200


class SourceChange(Struct):
    audience: Audience | UnsetType = UNSET
    shop_ids: list[str] | UnsetType | None = UNSET
    every_hours: int | UnsetType | None = UNSET
    most_pages: int | UnsetType = UNSET


class PageFault(Struct):
    url: str
    text: str


class SourceProgress(Struct):
    """Of the run that is going on or was the last. `faults` names the first 20 that failed."""

    found: int
    done: int
    changed: int
    gone: int
    failed: int
    faults: list[PageFault]


class SourceReason(Struct):
    code: str
    text: str


class SourceView(Struct):
    """`pages` counts its documents."""

    id: str
    kind: Kind
    url: str
    audience: Audience
    shop_ids: list[str] | None
    every_hours: int | None
    most_pages: int
    state: Literal["queued", "fetching", "ready", "failed", "paused"]
    progress: SourceProgress
    reason: SourceReason | None
    pages: int
    checked_at: datetime | None
    next_check_at: datetime | None
    created_at: datetime


class SourcePage(Struct):
    """`gone_at`: since when its address answers "not found"; it goes on answering until a person deletes it."""

    document_id: str
    name: str
    url: str
    state: str
    passages: int
    version: int
    synced_at: datetime | None
    gone_at: datetime | None


@get("/v1/knowledge/sources", guards=READ, tags=TAGS)
async def get_sources(
    request: Asking, db: Database, caller: Caller, limit: int = 50, after: str | None = None
) -> Page[SourceView]:
    """Newest first."""
    limit = min(max(limit, 1), 200)
    async with db.transaction(caller.workspace_id) as tx:
        rows = await tx.fetch(
            f"{_SELECT} and s.id < $2 order by s.id desc limit $3",
            caller.workspace_id,
            read_id(after) if after else 2**63 - 1,
            limit + 1,
        )
    views = [_show(row, asked_language(request.headers)) for row in rows[:limit]]
    return Page(views, views[-1].id if len(rows) > limit else None)


@post("/v1/knowledge/sources", guards=WRITE, tags=TAGS)
async def post_source(
    data: SourceBody, request: Asking, db: Database, rates: Rates, caller: Caller
) -> Response[SourceView]:
    """Fetched at once, in the background. `kind` page: that page alone; site: the pages that its links lead to;
    sitemap: the pages that it lists."""
    rates.check(f"sources:{caller.workspace_id}", rate=1, burst=50)

    async def add(tx: Transaction) -> str:
        shops = await read_shops(tx, data.shop_ids)
        wish = Settings(data.audience, shops, data.every_hours, data.most_pages)
        return show_id(await add_source(tx, caller, data.kind, data.url, wish))

    key = request.headers.get("idempotency-key")
    sending = Sending(caller.workspace_id, caller.owner, key, "POST /v1/knowledge/sources", data)
    result = await run_once(db, sending, str, add)
    view = await _shown(db, request, caller, result.answer)
    return Response(view, status_code=result.status)


@get("/v1/knowledge/sources/{id:str}", guards=READ, tags=TAGS)
async def get_source_view(id: str, request: Asking, db: Database, caller: Caller) -> SourceView:
    return await _shown(db, request, caller, id)


@patch("/v1/knowledge/sources/{id:str}", guards=WRITE, tags=TAGS)
async def patch_source(id: str, data: SourceChange, request: Asking, db: Database, caller: Caller) -> SourceView:
    """Audience and shops hold for its documents too."""

    async def change(tx: Transaction) -> None:
        shops = UNSET if data.shop_ids is UNSET else await read_shops(tx, data.shop_ids)
        wish = Settings(data.audience, shops, data.every_hours, data.most_pages)
        await change_source(tx, caller, read_id(id), wish)

    return await _changed(db, request, caller, id, change)


@post("/v1/knowledge/sources/{id:str}/sync", guards=WRITE, tags=TAGS, status_code=202)
async def post_sync(id: str, request: Asking, db: Database, rates: Rates, caller: Caller) -> SourceView:
    rates.check(f"sync:{caller.workspace_id}", rate=0.2, burst=20)
    return await _changed(db, request, caller, id, lambda tx: sync_now(tx, caller, read_id(id)))


@post("/v1/knowledge/sources/{id:str}/pause", guards=WRITE, tags=TAGS, status_code=200)
async def post_source_pause(id: str, request: Asking, db: Database, caller: Caller) -> SourceView:
    """Its documents go on answering."""
    return await _changed(db, request, caller, id, lambda tx: pause_source(tx, caller, read_id(id)))


@delete("/v1/knowledge/sources/{id:str}/pause", guards=WRITE, tags=TAGS, status_code=200)
async def remove_source_pause(id: str, request: Asking, db: Database, caller: Caller) -> SourceView:
    return await _changed(db, request, caller, id, lambda tx: resume_source(tx, caller, read_id(id)))


@delete("/v1/knowledge/sources/{id:str}", guards=WRITE, tags=TAGS)
async def remove_source(id: str, db: Database, caller: Caller) -> None:
    """With its documents."""
    async with db.transaction(caller.workspace_id) as tx:
        await delete_source(tx, caller, read_id(id))


@post("/v1/knowledge/sources/{id:str}/restoration", guards=WRITE, tags=TAGS, status_code=200)
async def post_source_restoration(id: str, request: Asking, db: Database, caller: Caller) -> SourceView:
    return await _changed(db, request, caller, id, lambda tx: restore_source(tx, caller, read_id(id)))


@get("/v1/knowledge/sources/{id:str}/pages", guards=READ, tags=TAGS)
async def get_source_pages(
    id: str, db: Database, caller: Caller, limit: int = 100, after: str | None = None
) -> Page[SourcePage]:
    """Its documents, in the order they were found."""
    limit = min(max(limit, 1), 200)
    async with db.transaction(caller.workspace_id) as tx:
        await lock_source(tx, caller.workspace_id, read_id(id))
        rows = await tx.fetch(
            "select id, name, url, state, passages, version, synced_at, gone_at from documents"
            " where workspace_id = $1 and source_id = $2 and deleted_at is null and id > $3 order by id limit $4",
            caller.workspace_id,
            read_id(id),
            read_id(after) if after else 0,
            limit + 1,
        )
    views = [
        SourcePage(
            show_id(row["id"]), show_title(row["name"]), row["url"], row["state"], row["passages"], row["version"],
            row["synced_at"], row["gone_at"],
        )
        for row in rows[:limit]
    ]  # fmt: skip
    return Page(views, views[-1].document_id if len(rows) > limit else None)


async def _changed(
    db: Database, request: Asking, caller: Caller, id: str, change: Callable[[Transaction], Awaitable[None]]
) -> SourceView:
    async with db.transaction(caller.workspace_id) as tx:
        await change(tx)
    return await _shown(db, request, caller, id)


async def _shown(db: Database, request: Asking, caller: Caller, id: str) -> SourceView:
    async with db.transaction(caller.workspace_id) as tx:
        await lock_source(tx, caller.workspace_id, read_id(id))
        row = await tx.fetchrow(f"{_SELECT} and s.id = $2", caller.workspace_id, read_id(id))
    return _show(row, asked_language(request.headers))


def _show(row: Any, language: str) -> SourceView:
    tongue = "en" if language == "en" else "zh"
    told = row["progress"]
    reason = row["reason"]
    return SourceView(
        id=show_id(row["id"]),
        kind=row["kind"],
        url=row["url"],
        audience=row["audience"],
        shop_ids=[show_id(shop) for shop in row["shop_ids"]] if row["shop_ids"] is not None else None,
        every_hours=row["every_hours"],
        most_pages=row["most_pages"],
        state=row["state"],
        progress=SourceProgress(
            told.get("found", 0),
            told.get("done", 0),
            told.get("changed", 0),
            told.get("gone", 0),
            told.get("failed", 0),
            [PageFault(fault["url"], fault[tongue]) for fault in told.get("faults", [])],
        ),
        reason=SourceReason(reason["code"], reason[tongue]) if reason else None,
        pages=row["pages"],
        checked_at=row["checked_at"],
        next_check_at=row["next_check_at"],
        created_at=row["created_at"],
    )


ROUTES = [
    get_sources, post_source, get_source_view, patch_source, post_sync, post_source_pause, remove_source_pause,
    remove_source, post_source_restoration, get_source_pages,
]  # fmt: skip
