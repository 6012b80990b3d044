"""Puts the models that a workspace chose beside its index."""

from typing import Any

import numpy as np
import structlog
from numpy.typing import NDArray

from yingke.kit.db import Database
from yingke.kit.secrets import SealBroken
from yingke.knowledge.outside.choice import EmbeddingChoice, read_choice
from yingke.knowledge.outside.outside import Outside, OutsideModels
from yingke.knowledge.outside.wish_learn import wish_learn

_log = structlog.get_logger(__name__)
_PAGE = 1000


async def open_outside(
    db: Database, models: OutsideModels, workspace_id: int, stored: Any, passage_ids: list[int] | None
) -> Outside | None:
    """None when nothing was chosen or nothing can be used yet: then the embedded encoder alone decides.

    `passage_ids` are the index's entries in order; None where the outside model has no say, in a large workspace.
    """
    choice = read_choice(stored)
    embedding, reranker = choice.embedding, choice.reranker
    vectors = None
    if embedding is not None and embedding.is_allowed and embedding.is_ready and passage_ids:
        vectors = await _vectors(db, workspace_id, embedding, passage_ids)
    try:
        outside = Outside(
            models.embedding(workspace_id, embedding) if embedding is not None and vectors is not None else None,
            vectors,
            models.reranker(workspace_id, reranker) if reranker is not None and reranker.is_allowed else None,
        )
    except SealBroken:
        _log.warning("search key cannot be opened", workspace=workspace_id)
        return None
    return outside if outside.embedding or outside.reranker else None


async def _vectors(
    db: Database, workspace_id: int, choice: EmbeddingChoice, passage_ids: list[int]
) -> NDArray[np.float32] | None:
    """One row for each passage, or None while any has no vector in this space: two spaces are never mixed."""
    found: dict[int, Any] = {}
    last = 0
    while True:
        async with db.transaction(workspace_id) as tx:
            rows = await tx.fetch(
                "select passage_id, embedding from passage_embeddings where workspace_id = $1 and space = $2"
                f" and passage_id > $3 order by passage_id limit {_PAGE}",
                workspace_id,
                choice.space,
                last,
            )
        found |= {row["passage_id"]: row["embedding"] for row in rows}
        if len(rows) < _PAGE:
            break
        last = rows[-1]["passage_id"]
    if any(passage_id not in found for passage_id in passage_ids):
        async with db.transaction(workspace_id) as tx:
            await wish_learn(tx, workspace_id)
        return None
    return np.stack([found[passage_id] for passage_id in passage_ids]).astype(np.float32)
