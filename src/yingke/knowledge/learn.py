"""Turns passages into vectors and stores them aside, a batch a transaction, so that any line may be the last."""

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yingke.kit.db import Database, Transaction
from yingke.knowledge.documents import tell_document
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.fold import fold
from yingke.knowledge.split import Passage

BATCH, ROWS = 64, 256
PAGE = 1000
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
    known = await _known_vectors(db, workspace_id, document_id, passages)
    batches = _batches([passage for passage in passages if passage.ordinal not in stored])
    done = len(stored)
    coming = _encode_ahead(encoder, known, batches)
    try:
        async for batch, vectors in coming:
            async with db.transaction(workspace_id) as tx:
                if not await is_wanted(tx, document_id, version):
                    break
                await _store(tx, workspace_id, document_id, version, batch, vectors)
                done += len(batch)
                if time.monotonic() - told >= TELL_SECONDS:
                    told = time.monotonic()
                    await _set_progress(tx, document_id, version, done / len(passages))
                    await tell_document(tx, workspace_id, document_id)
        else:
            return True
    finally:
        await coming.aclose()
    return await _give_up(db, workspace_id, document_id, version)


def _batches(passages: Sequence[Passage]) -> list[Sequence[Passage]]:
    """Rows are short, and many of them mean the same: more of them go together."""
    batches: list[Sequence[Passage]] = []
    start = 0
    while start < len(passages):
        size = ROWS if passages[start].kind == "row" else BATCH
        batches.append(passages[start : start + size])
        start += size
    return batches


async def _encode_ahead(
    encoder: Encoder, known: dict[bytes, Vector], batches: Sequence[Sequence[Passage]]
) -> AsyncGenerator[tuple[Sequence[Passage], list[Vector]]]:
    """Each batch with its vectors; the next one is encoded while the caller stores this one."""
    said: dict[str, Vector] = {}
    ahead: asyncio.Task[list[Vector]] | None = None
    try:
        for number, batch in enumerate(batches):
            vectors = await (ahead or asyncio.create_task(_vectors(encoder, known, said, batch)))
            ahead = None
            if number + 1 < len(batches):
                ahead = asyncio.create_task(_vectors(encoder, known, said, batches[number + 1]))
            yield batch, vectors
    finally:
        if ahead is not None:
            ahead.cancel()
            await asyncio.gather(ahead, return_exceptions=True)


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


async def _known_vectors(
    db: Database, workspace_id: int, document_id: int, passages: Sequence[Passage]
) -> dict[bytes, Vector]:
    """By content: what an earlier version or an earlier try had encoded already."""
    hashes = [passage.content_hash for passage in passages]
    known: dict[bytes, Vector] = {}
    for start in range(0, len(hashes), PAGE):
        async with db.transaction(workspace_id) as tx:
            rows = await tx.fetch(
                "select distinct on (content_hash) content_hash, embedding from passages"
                " where workspace_id = $1 and document_id = $2 and content_hash = any($3)",
                workspace_id,
                document_id,
                hashes[start : start + PAGE],
            )
        known |= {row["content_hash"]: row["embedding"] for row in rows}
    return known


async def _vectors(
    encoder: Encoder, known: dict[bytes, Vector], said: dict[str, Vector], batch: Sequence[Passage]
) -> list[Vector]:
    """`said` keeps the vectors of the document's texts: rows that differ only in figures share theirs."""
    texts = {passage.content_hash: fold(passage.vector_text) for passage in batch if passage.content_hash not in known}
    missing = list({text for text in texts.values() if text not in said})
    fresh = await encoder.encode_many(missing)
    said.update(zip(missing, fresh.astype(np.float16), strict=True))
    return [
        said[texts[passage.content_hash]] if passage.content_hash in texts else known[passage.content_hash]
        for passage in batch
    ]


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
