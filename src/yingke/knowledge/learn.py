"""Turns passages into vectors and stores them aside, a batch a transaction, so that any line may be the last."""

import time
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yingke.kit.db import Database, Transaction
from yingke.knowledge.documents import tell_document
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.fold import fold
from yingke.knowledge.split import Passage

BATCH = 64
TELL_SECONDS = 0.25
Vector = NDArray[np.floating[Any]]


async def learn(
    db: Database, encoder: Encoder, workspace_id: int, document_id: int, version: int, passages: Sequence[Passage]
) -> bool:
    """Stores `passages` as `version`. False when it was overtaken by a newer one, paused, cancelled or deleted.

    What an earlier try stored is kept; a passage whose content is unchanged keeps its vector.
    """
    stored = await _begin(db, workspace_id, document_id, version, passages)
    if stored is None:
        return await _give_up(db, workspace_id, document_id, version)
    told = time.monotonic()
    for start in range(0, len(passages), BATCH):
        batch = [passage for passage in passages[start : start + BATCH] if passage.ordinal not in stored]
        if not batch:
            continue
        vectors = await _vectors(db, encoder, workspace_id, document_id, batch)
        async with db.transaction(workspace_id) as tx:
            if not await is_wanted(tx, document_id, version):
                break
            await _store(tx, workspace_id, document_id, version, batch, vectors)
            if time.monotonic() - told >= TELL_SECONDS:
                told = time.monotonic()
                await _set_progress(tx, document_id, version, (start + len(batch)) / len(passages))
                await tell_document(tx, workspace_id, document_id)
    else:
        return True
    return await _give_up(db, workspace_id, document_id, version)


async def _begin(
    db: Database, workspace_id: int, document_id: int, version: int, passages: Sequence[Passage]
) -> set[int] | None:
    """The ordinals that an earlier try stored; what it stored from another reading of the file goes. None: stop."""
    expected = {passage.ordinal: passage.content_hash for passage in passages}
    async with db.transaction(workspace_id) as tx:
        if not await is_wanted(tx, document_id, version):
            return None
        rows = await tx.fetch(
            "select id, ordinal, content_hash from passages"
            " where workspace_id = $1 and document_id = $2 and version = $3 and not is_live",
            workspace_id,
            document_id,
            version,
        )
        kept = {row["ordinal"] for row in rows if expected.get(row["ordinal"]) == row["content_hash"]}
        await tx.execute(
            "delete from passages where id = any($1)", [row["id"] for row in rows if row["ordinal"] not in kept]
        )
        await tx.execute(
            "update documents set state = 'indexing', step = 'index', progress = $2, updated_at = now() where id = $1",
            document_id,
            len(kept) / max(1, len(passages)),
        )
        await tell_document(tx, workspace_id, document_id)
    return kept


async def is_wanted(tx: Transaction, document_id: int, version: int) -> bool:
    """Whether this version is still wanted; holds the document's row, so that pausing waits for this batch only."""
    row = await tx.fetchrow("select version, state, deleted_at from documents where id = $1 for update", document_id)
    return (
        row is not None
        and row["version"] == version
        and row["state"] in ("queued", "parsing", "indexing")
        and row["deleted_at"] is None
    )


async def _give_up(db: Database, workspace_id: int, document_id: int, version: int) -> bool:
    """What was stored of a version that will never be wanted again goes; a paused one keeps it."""
    async with db.transaction(workspace_id) as tx:
        await tx.execute(
            "delete from passages where workspace_id = $1 and document_id = $2 and version = $3 and not is_live"
            " and not exists (select 1 from documents d where d.id = $2 and d.version = $3)"
            " and not exists (select 1 from document_versions v where v.workspace_id = $1 and v.document_id = $2"
            "  and v.version = $3 and v.live_at is not null)",
            workspace_id,
            document_id,
            version,
        )
    return False


async def _vectors(
    db: Database, encoder: Encoder, workspace_id: int, document_id: int, batch: Sequence[Passage]
) -> list[Vector]:
    async with db.transaction(workspace_id) as tx:
        rows = await tx.fetch(
            "select distinct on (content_hash) content_hash, embedding from passages"
            " where workspace_id = $1 and document_id = $2 and content_hash = any($3)",
            workspace_id,
            document_id,
            [passage.content_hash for passage in batch],
        )
    known: dict[bytes, Vector] = {row["content_hash"]: row["embedding"] for row in rows}
    missing = [passage for passage in batch if passage.content_hash not in known]
    fresh = await encoder.encode_many([fold(passage.vector_text) for passage in missing])
    known |= {passage.content_hash: vector for passage, vector in zip(missing, fresh, strict=True)}
    return [known[passage.content_hash] for passage in batch]


async def _store(
    tx: Transaction,
    workspace_id: int,
    document_id: int,
    version: int,
    batch: Sequence[Passage],
    vectors: Sequence[Vector],
) -> None:
    await tx.executemany(
        "insert into passages (workspace_id, document_id, version, ordinal, kind, heading, text, search_text, row, page,"
        " content_hash, embedding) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        " on conflict (workspace_id, document_id, version, ordinal) do nothing",
        [
            (
                workspace_id,
                document_id,
                version,
                passage.ordinal,
                passage.kind,
                passage.heading,
                passage.text,
                passage.search_text,
                passage.row,
                passage.page,
                passage.content_hash,
                vector,
            )
            for passage, vector in zip(batch, vectors, strict=True)
        ],
    )


async def _set_progress(tx: Transaction, document_id: int, version: int, progress: float) -> None:
    await tx.execute(
        "update documents set progress = $3 where id = $1 and version = $2", document_id, version, min(1.0, progress)
    )
