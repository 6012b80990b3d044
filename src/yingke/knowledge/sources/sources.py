"""What an owner does with a source: add, change, pause, delete with its documents, and take that back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from msgspec import UNSET, UnsetType

from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input, conflict, not_found
from yingke.kit.ids import show_id
from yingke.kit.text import clean_line
from yingke.knowledge.change_document import change_document, delete_document, restore_document
from yingke.knowledge.entry import Audience
from yingke.knowledge.sources.addresses import LONGEST_URL, plain_url
from yingke.knowledge.sources.sync import plan_next, queue_sync
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller

Kind = Literal["page", "site", "sitemap"]
MOST_SOURCES = 100
MOST_PAGES = 1000
MOST_HOURS = 24 * 30


@dataclass(frozen=True, slots=True)
class Settings:
    """What may be chosen; UNSET is left as it is. `every_hours` None: not watched."""

    audience: Audience | UnsetType = UNSET
    shop_ids: list[int] | UnsetType | None = UNSET
    every_hours: int | UnsetType | None = UNSET
    most_pages: int | UnsetType = UNSET


async def add_source(tx: Transaction, caller: Caller, kind: Kind, url: str, wish: Settings) -> int:
    """The id; it is fetched at once. Raises 400, 409 when it is there already."""
    address = plain_url(clean_line(url, LONGEST_URL, field="url", min_chars=1))
    if address is None:
        raise bad_input(
            {"url": "请填写完整网址，例如 https://example.com/help / a whole address such as https://example.com/help"}
        )
    _check(wish)
    known = await tx.fetch(
        "select kind, url from knowledge_sources where workspace_id = $1 and deleted_at is null", caller.workspace_id
    )
    if len(known) >= MOST_SOURCES:
        raise bad_input({"url": f"最多 {MOST_SOURCES} 个来源 / at most {MOST_SOURCES} sources"})
    if any((row["kind"], row["url"]) == (kind, address) for row in known):
        raise conflict("source_exists", "这个网址已经添加过了。", "This address has been added already.")
    source_id: int = await tx.fetchval(
        "insert into knowledge_sources (workspace_id, kind, url, audience, shop_ids, every_hours, most_pages, added_by)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8) returning id",
        caller.workspace_id,
        kind,
        address,
        "customer" if wish.audience is UNSET else wish.audience,
        None if wish.shop_ids is UNSET else wish.shop_ids,
        None if wish.every_hours is UNSET else wish.every_hours,
        1 if kind == "page" else 200 if wish.most_pages is UNSET else wish.most_pages,
        caller.agent_id,
    )
    await queue_sync(tx, caller.workspace_id, source_id)
    await record_audit(tx, caller, "source.added", f"source:{show_id(source_id)}", {"url": address})
    return source_id


async def change_source(tx: Transaction, caller: Caller, source_id: int, wish: Settings) -> None:
    """Audience and shops hold for its documents too, from the next question on. Raises 400, 404."""
    row = await lock_source(tx, caller.workspace_id, source_id)
    _check(wish)
    await tx.execute(
        "update knowledge_sources set audience = $2, shop_ids = $3, every_hours = $4, most_pages = $5,"
        " updated_at = now() where id = $1",
        source_id,
        row["audience"] if wish.audience is UNSET else wish.audience,
        row["shop_ids"] if wish.shop_ids is UNSET else wish.shop_ids,
        row["every_hours"] if wish.every_hours is UNSET else wish.every_hours,
        row["most_pages"] if wish.most_pages is UNSET or row["kind"] == "page" else wish.most_pages,
    )
    if wish.audience is not UNSET or wish.shop_ids is not UNSET:
        for document_id in await _documents(tx, caller.workspace_id, source_id):
            await change_document(tx, caller, document_id, audience=wish.audience, shop_ids=wish.shop_ids)
    if wish.every_hours is not UNSET and wish.every_hours != row["every_hours"]:
        await _plan(tx, caller.workspace_id, source_id)
    await record_audit(tx, caller, "source.changed", f"source:{show_id(source_id)}")


async def sync_now(tx: Transaction, caller: Caller, source_id: int) -> None:
    """Raises 404, 409 while it is paused."""
    row = await lock_source(tx, caller.workspace_id, source_id)
    if row["state"] == "paused":
        raise conflict("source_paused", "这个来源已暂停，请先恢复。", "This source is paused. Resume it first.")
    await tx.execute(
        "update knowledge_sources set state = case when state = 'fetching' then state else 'queued' end,"
        " updated_at = now() where id = $1",
        source_id,
    )
    await queue_sync(tx, caller.workspace_id, source_id)


async def pause_source(tx: Transaction, caller: Caller, source_id: int) -> None:
    """Not fetched until it is resumed; its documents go on answering. Raises 404."""
    await lock_source(tx, caller.workspace_id, source_id)
    await tx.execute("update knowledge_sources set state = 'paused', updated_at = now() where id = $1", source_id)
    await record_audit(tx, caller, "source.paused", f"source:{show_id(source_id)}")


async def resume_source(tx: Transaction, caller: Caller, source_id: int) -> None:
    """Fetched at once. Raises 404; nothing happens when it is not paused."""
    row = await lock_source(tx, caller.workspace_id, source_id)
    if row["state"] == "paused":
        await tx.execute("update knowledge_sources set state = 'queued', updated_at = now() where id = $1", source_id)
        await queue_sync(tx, caller.workspace_id, source_id)
        await record_audit(tx, caller, "source.resumed", f"source:{show_id(source_id)}")


async def delete_source(tx: Transaction, caller: Caller, source_id: int) -> None:
    """Its documents go too; for a week all of it can be restored. Raises 404."""
    await lock_source(tx, caller.workspace_id, source_id)
    for document_id in await _documents(tx, caller.workspace_id, source_id):
        await delete_document(tx, caller, document_id)
    await tx.execute("update knowledge_sources set deleted_at = now(), updated_at = now() where id = $1", source_id)
    await record_audit(tx, caller, "source.deleted", f"source:{show_id(source_id)}")


async def restore_source(tx: Transaction, caller: Caller, source_id: int) -> None:
    """With the documents that went with it. Raises 404 when it is not deleted."""
    deleted_at: datetime | None = await tx.fetchval(
        "select deleted_at from knowledge_sources where workspace_id = $1 and id = $2 and deleted_at is not null"
        " for update",
        caller.workspace_id,
        source_id,
    )
    if deleted_at is None:
        raise not_found()
    await tx.execute("update knowledge_sources set deleted_at = null, state = 'ready' where id = $1", source_id)
    rows = await tx.fetch(
        "select id from documents where workspace_id = $1 and source_id = $2 and deleted_at = $3 order by id",
        caller.workspace_id,
        source_id,
        deleted_at,
    )
    for row in rows:
        await restore_document(tx, caller, row["id"])
    await _plan(tx, caller.workspace_id, source_id)
    await record_audit(tx, caller, "source.restored", f"source:{show_id(source_id)}")


async def lock_source(tx: Transaction, workspace_id: int, source_id: int) -> Any:
    """The row. Raises 404."""
    row = await tx.fetchrow(
        "select * from knowledge_sources where workspace_id = $1 and id = $2 and deleted_at is null for update",
        workspace_id,
        source_id,
    )
    if row is None:
        raise not_found()
    return row


async def _plan(tx: Transaction, workspace_id: int, source_id: int) -> None:
    due = await tx.fetchval(
        "update knowledge_sources set next_check_at = now() + make_interval(hours => every_hours) where id = $1"
        " returning next_check_at",
        source_id,
    )
    await plan_next(tx, workspace_id, source_id, due)


async def _documents(tx: Transaction, workspace_id: int, source_id: int) -> list[int]:
    rows = await tx.fetch(
        "select id from documents where workspace_id = $1 and source_id = $2 and deleted_at is null order by id",
        workspace_id,
        source_id,
    )
    return [row["id"] for row in rows]


def _check(wish: Settings) -> None:
    if isinstance(wish.every_hours, int) and not 1 <= wish.every_hours <= MOST_HOURS:
        raise bad_input({"every_hours": f"1–{MOST_HOURS}"})
    if isinstance(wish.most_pages, int) and not 1 <= wish.most_pages <= MOST_PAGES:
        raise bad_input({"most_pages": f"1–{MOST_PAGES}"})
