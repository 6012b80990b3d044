"""Exchanges what can be found: the old passages of a document go and the new ones come in one transaction."""

from typing import Any

from yingke.kit.db import Transaction
from yingke.kit.ids import show_id
from yingke.kit.jobs import enqueue
from yingke.knowledge.documents import tell_document
from yingke.knowledge.golden.changed import knowledge_changed
from yingke.knowledge.library import raise_version
from yingke.knowledge.pairs.retire import retire_pairs

KEPT_VERSIONS = 6
"""The live one and five before it keep their passages, so that going back or comparing needs no encoder."""
KEPT_FILES = 50
AFTER_ALL_ELSE = -10
"""Of a hundred files that come at once all are learned before the first is compared."""
_LEARNED = ("indexing", "checking")
# What a reader sees: a new title of the file alone changes no passage.
_SAID = "md5(concat_ws(chr(31), kind, heading, text))"


async def put_live(tx: Transaction, workspace_id: int, document_id: int, version: int) -> bool:
    """True when `version` answers from this commit on: no question sees both versions, or neither.

    False, and nothing is changed, when a newer version has come, or the document was paused, cancelled or deleted.
    """
    row = await tx.fetchrow(
        "select name, version, state, reason, live_version, deleted_at from documents"
        " where workspace_id = $1 and id = $2 for update",
        workspace_id,
        document_id,
    )
    if row is None or row["version"] != version or row["deleted_at"] is not None or not _may_go_live(row):
        return False
    changes = await _count_changes(tx, workspace_id, document_id, version, row["live_version"])
    await _exchange(tx, workspace_id, document_id, version)
    await _note(tx, workspace_id, document_id, version, changes)
    await _forget_old(tx, workspace_id, document_id)
    await retire_pairs(tx, workspace_id, document_id)
    await tell_document(tx, workspace_id, document_id)
    await _set_in_motion(tx, workspace_id, document_id, version)
    await knowledge_changed(tx, workspace_id, "document", f"document:{show_id(document_id)}", row["name"])
    await raise_version(tx, workspace_id, only_adds=row["live_version"] is None)
    return True


def _may_go_live(row: Any) -> bool:
    if row["state"] == "held":
        return (row["reason"] or {}).get("code") == "golden_gate"
    return row["state"] in _LEARNED


async def _count_changes(
    tx: Transaction, workspace_id: int, document_id: int, version: int, before: int | None
) -> dict[str, int]:
    """Passages added, removed and kept against the version that is live now, told apart by their content."""
    row = await tx.fetchrow(
        f"with fresh as (select {_SAID} as said, count(*) as n from passages"
        "  where workspace_id = $1 and document_id = $2 and version = $3 group by 1),"
        f" old as (select {_SAID} as said, count(*) as n from passages"
        "  where workspace_id = $1 and document_id = $2 and version = $4 group by 1)"
        " select coalesce(sum(fresh.n), 0)::int as fresh, coalesce(sum(old.n), 0)::int as old,"
        " coalesce(sum(least(fresh.n, old.n)) filter (where fresh.n is not null and old.n is not null), 0)::int as kept"
        " from fresh full join old using (said)",
        workspace_id,
        document_id,
        version,
        before if before is not None and before != version else 0,
    )
    assert row is not None
    return {"added": row["fresh"] - row["kept"], "removed": row["old"] - row["kept"], "kept": row["kept"]}


async def _exchange(tx: Transaction, workspace_id: int, document_id: int, version: int) -> None:
    await tx.execute(
        "update passages set is_live = (version = $3)"
        " where workspace_id = $1 and document_id = $2 and is_live <> (version = $3)",
        workspace_id,
        document_id,
        version,
    )


async def _note(tx: Transaction, workspace_id: int, document_id: int, version: int, changes: dict[str, int]) -> None:
    count = changes["added"] + changes["kept"]
    await tx.execute(
        "update document_versions set retired_at = now()"
        " where workspace_id = $1 and document_id = $2 and version <> $3 and live_at is not null and retired_at is null",
        workspace_id,
        document_id,
        version,
    )
    await tx.execute(
        "update document_versions set live_at = now(), retired_at = null, passages = $4, changes = $5"
        " where workspace_id = $1 and document_id = $2 and version = $3",
        workspace_id,
        document_id,
        version,
        count,
        changes,
    )
    await tx.execute(
        "update documents set state = 'ready', step = 'index', progress = 1, reason = null, passages = $2,"
        " live_version = $3, ready_at = now(), synced_at = now(), updated_at = now() where id = $1",
        document_id,
        count,
        version,
    )


async def _forget_old(tx: Transaction, workspace_id: int, document_id: int) -> None:
    """Passages of all but the last versions that answered; beyond `KEPT_FILES` the file goes too."""
    await tx.execute(
        "delete from passages where workspace_id = $1 and document_id = $2 and not is_live and version not in"
        " (select version from document_versions where workspace_id = $1 and document_id = $2 and live_at is not null"
        f" order by version desc limit {KEPT_VERSIONS})",
        workspace_id,
        document_id,
    )
    await tx.execute(
        "with gone as (delete from document_versions where workspace_id = $1 and document_id = $2 and version in"
        "  (select version from document_versions where workspace_id = $1 and document_id = $2"
        f"   order by version desc offset {KEPT_FILES}) returning file_id)"
        " update files f set used_at = null from gone where f.workspace_id = $1 and f.id = gone.file_id"
        "  and not exists (select 1 from document_versions v where v.workspace_id = $1 and v.document_id = $2"
        f"  and v.file_id = f.id and v.version > (select max(version) - {KEPT_FILES} from document_versions"
        "  where workspace_id = $1 and document_id = $2))",
        workspace_id,
        document_id,
    )


async def _set_in_motion(tx: Transaction, workspace_id: int, document_id: int, version: int) -> None:
    """Pairs are proposed from the new text, and it is compared with what other documents say."""
    data = {"document_id": document_id, "version": version}
    ref = f"{document_id}:{version}"
    await enqueue(
        tx, workspace_id, kind="propose_pairs", lane=f"pairs:{workspace_id}", ref=ref, data=data, priority=-10
    )
    await enqueue(
        tx,
        workspace_id,
        kind="find_contradictions",
        lane=f"contradict:{workspace_id}",
        ref=ref,
        data=data,
        priority=AFTER_ALL_ELSE,
    )
