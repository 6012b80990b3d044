"""What an owner does with a document after it was added. Each change of what can be found raises the version."""

from datetime import datetime

from msgspec import UNSET, UnsetType

from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input, conflict, not_found
from yingke.kit.ids import show_id
from yingke.kit.jobs import enqueue
from yingke.kit.text import clean_line
from yingke.knowledge.documents import Rank, lock_document, rank_number, tell_document
from yingke.knowledge.entry import Audience
from yingke.knowledge.golden.changed import knowledge_changed
from yingke.knowledge.library import raise_version
from yingke.knowledge.pairs.retire import retire_pairs
from yingke.knowledge.versions.begin_version import queue_version
from yingke.knowledge.versions.put_live import put_live
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller

PURGE = "purge_document"
UNDO_DAYS = 7


async def change_document(
    tx: Transaction,
    caller: Caller,
    document_id: int,
    *,
    name: str | UnsetType = UNSET,
    audience: Audience | UnsetType = UNSET,
    shop_ids: list[int] | UnsetType | None = UNSET,
    valid_from: datetime | UnsetType | None = UNSET,
    valid_to: datetime | UnsetType | None = UNSET,
    rank: Rank | UnsetType = UNSET,
    dates_found: UnsetType | None = UNSET,
) -> None:
    """Changes what is given; `dates_found` None turns the suggestion down. Holds from the next question on.

    Raises 400, 404.
    """
    row = await lock_document(tx, document_id)
    starts = row["valid_from"] if valid_from is UNSET else valid_from
    ends = row["valid_to"] if valid_to is UNSET else valid_to
    _check_validity(starts, ends)
    await tx.execute(
        "update documents set name = $2, audience = $3, shop_ids = $4, valid_from = $5, valid_to = $6, rank = $7,"
        " dates_found = $8, updated_at = now() where id = $1",
        document_id,
        row["name"] if name is UNSET else clean_line(name, 200, field="name", min_chars=1),
        row["audience"] if audience is UNSET else audience,
        row["shop_ids"] if shop_ids is UNSET else shop_ids,
        starts,
        ends,
        row["rank"] if rank is UNSET else rank_number(rank),
        row["dates_found"] if dates_found is UNSET and valid_from is UNSET and valid_to is UNSET else None,
    )
    if row["state"] == "held" and row["reason"]["code"] == "looks_internal" and audience is not UNSET:
        # Choosing the audience is the decision that was waited for.
        await queue_version(tx, caller.workspace_id, document_id, row["version"], is_released=True)
    await tell_document(tx, caller.workspace_id, document_id)
    if audience is not UNSET and audience != row["audience"]:
        await record_audit(
            tx, caller, "document.audience_changed", f"document:{show_id(document_id)}", {"audience": audience}
        )
    if rank is not UNSET and rank_number(rank) != row["rank"]:
        await record_audit(tx, caller, "document.rank_changed", f"document:{show_id(document_id)}", {"rank": rank})
    await _tell_change(tx, caller, document_id, row["name"])


async def release_document(tx: Transaction, caller: Caller, document_id: int, audience: Audience | None = None) -> None:
    """A person has looked at a held document: it is learned for `audience`, or the one it has. Raises 404, 409."""
    row = await lock_document(tx, document_id)
    if row["state"] != "held":
        raise conflict("document_not_held", "这个文件不在等待确认。", "This document is not waiting for a decision.")
    chosen = audience or row["audience"]
    await tx.execute("update documents set audience = $2, is_released = true where id = $1", document_id, chosen)
    # What the golden questions held back is learned already.
    if not await put_live(tx, caller.workspace_id, document_id, row["version"]):
        await queue_version(tx, caller.workspace_id, document_id, row["version"], is_released=True)
    await tell_document(tx, caller.workspace_id, document_id)
    await record_audit(tx, caller, "document.released", f"document:{show_id(document_id)}", {"audience": chosen})
    if chosen != row["audience"]:
        await retire_pairs(tx, caller.workspace_id, document_id)
        await raise_version(tx, caller.workspace_id)


async def retry_document(tx: Transaction, caller: Caller, document_id: int) -> None:
    """Learns a failed document once more. Raises 404, 409."""
    row = await lock_document(tx, document_id)
    if row["state"] != "failed":
        raise conflict("document_not_failed", "这个文件没有失败，不用重试。", "This document has not failed.")
    await queue_version(tx, caller.workspace_id, document_id, row["version"], is_released=row["is_released"])
    await tell_document(tx, caller.workspace_id, document_id)


async def delete_document(tx: Transaction, caller: Caller, document_id: int) -> None:
    """Nothing is answered from it any more; for a week it can be restored. Raises 404."""
    row = await lock_document(tx, document_id)
    await tx.execute("update documents set deleted_at = now() where id = $1", document_id)
    await enqueue_purge(tx, caller.workspace_id, document_id)
    await tell_document(tx, caller.workspace_id, document_id)
    await record_audit(tx, caller, "document.deleted", f"document:{show_id(document_id)}")
    await _tell_change(tx, caller, document_id, row["name"])


async def enqueue_purge(tx: Transaction, workspace_id: int, document_id: int) -> None:
    """After the days of grace it goes for good, unless it was restored."""
    due = await tx.fetchval("select now() + make_interval(days => $1)", UNDO_DAYS)
    await enqueue(
        tx,
        workspace_id,
        kind=PURGE,
        lane=f"doc:{document_id}",
        ref=str(document_id),
        data={"document_id": document_id},
        run_at=due,
    )


async def restore_document(tx: Transaction, caller: Caller, document_id: int) -> None:
    """Takes a deletion back. Raises 404 when it is gone for good."""
    row = await tx.fetchrow(
        "update documents set deleted_at = null where workspace_id = $1 and id = $2 and deleted_at is not null"
        " returning name, state, version, is_released",
        caller.workspace_id,
        document_id,
    )
    if row is None:
        raise not_found()
    if row["state"] in ("queued", "parsing", "indexing", "checking", "cancelled"):
        # Its job found it deleted and went.
        await queue_version(tx, caller.workspace_id, document_id, row["version"], is_released=row["is_released"])
    await tell_document(tx, caller.workspace_id, document_id)
    await record_audit(tx, caller, "document.restored", f"document:{show_id(document_id)}")
    await _tell_change(tx, caller, document_id, row["name"])


def _check_validity(starts: datetime | None, ends: datetime | None) -> None:
    for field, moment in (("valid_from", starts), ("valid_to", ends)):
        if moment is not None and moment.tzinfo is None:
            raise bad_input({field: "needs a time zone / 缺少时区"})
    if starts is not None and ends is not None and ends <= starts:
        raise bad_input({"valid_to": "before valid_from / 早于开始时间"})


async def _tell_change(tx: Transaction, caller: Caller, document_id: int, name: str) -> None:
    await retire_pairs(tx, caller.workspace_id, document_id)
    await knowledge_changed(tx, caller.workspace_id, "document", f"document:{show_id(document_id)}", name)
    await raise_version(tx, caller.workspace_id)
