"""Pairs follow the document they were made from: what it no longer says is not answered any more."""

from yingke.kit.db import Transaction
from yingke.knowledge.library import raise_version

_GONE = "select case when d.deleted_at is not null then 'deleted' end from documents d where d.workspace_id = $1 and d.id = $2"
# A passage may have changed around the sentence that the pair quotes; where the sentence stands unchanged under the
# same heading the pair holds, and is tied to the passage as it is now.
_TIE_AGAIN = (
    "update qa_pairs q set source_hash = p.content_hash from passages p"
    " where q.workspace_id = $1 and q.document_id = $2 and q.deleted_at is null and q.source_hash is not null"
    " and p.workspace_id = $1 and p.document_id = $2 and p.is_live and p.heading = q.source_heading"
    " and q.source_quote <> '' and position(q.source_quote in p.text) > 0"
    " and not exists (select 1 from passages o where o.workspace_id = $1 and o.document_id = $2 and o.is_live"
    "   and o.content_hash = q.source_hash)"
)
_HOLDS = (
    "exists (select 1 from passages p where p.workspace_id = $1 and p.document_id = $2 and p.is_live"
    " and p.content_hash = q.source_hash)"
)


async def retire_pairs(tx: Transaction, workspace_id: int, document_id: int) -> int:
    """How many pairs are answered from no longer. Call it in the transaction that changes the document: a version
    goes live, is rolled back, deleted or restored, or its audience, shops or dates change.

    Live pairs whose passage is gone become retired and are found no more from this commit on; those that were retired
    for that and whose passage is back (a roll-back) are live again; proposed ones whose passage is gone are dropped.
    """
    gone = await tx.fetchval(_GONE, workspace_id, document_id)
    if gone is None:
        await tx.execute(_TIE_AGAIN, workspace_id, document_id)
    retired = await tx.fetch(
        "update qa_pairs q set state = 'retired', retired_for = coalesce($3, 'changed'), updated_at = now()"
        " where q.workspace_id = $1 and q.document_id = $2 and q.state = 'live' and q.deleted_at is null"
        f" and q.source_hash is not null and ($3::text is not null or not {_HOLDS}) returning q.id",
        workspace_id,
        document_id,
        gone,
    )
    back = []
    if gone is None:
        back = await tx.fetch(
            "update qa_pairs q set state = 'live', retired_for = null, updated_at = now()"
            " where q.workspace_id = $1 and q.document_id = $2 and q.state = 'retired' and q.deleted_at is null"
            f" and q.retired_for in ('changed', 'deleted') and {_HOLDS} returning q.id",
            workspace_id,
            document_id,
        )
        await tx.execute(
            "update qa_pairs q set deleted_at = now(), fingerprint = null"
            " where q.workspace_id = $1 and q.document_id = $2"
            f" and q.state = 'proposed' and q.deleted_at is null and q.source_hash is not null and not {_HOLDS}",
            workspace_id,
            document_id,
        )
    await _set_found(tx, workspace_id, [row["id"] for row in retired], False)
    await _set_found(tx, workspace_id, [row["id"] for row in back], True)
    followed = await _follow_scope(tx, workspace_id, document_id)
    if retired or back or followed:
        await raise_version(tx, workspace_id)
    return len(retired)


async def _set_found(tx: Transaction, workspace_id: int, pair_ids: list[int], is_live: bool) -> None:
    if pair_ids:
        await tx.execute(
            "update passages set is_live = $3 where workspace_id = $1 and qa_pair_id = any($2)",
            workspace_id,
            pair_ids,
            is_live,
        )


async def _follow_scope(tx: Transaction, workspace_id: int, document_id: int) -> bool:
    """What only agents may read never stays in a pair for customers, even where a person chose the pair's scope."""
    changed = await tx.fetch(
        "update qa_pairs q set audience = d.audience,"
        " shop_ids = case when q.has_own_scope then q.shop_ids else d.shop_ids end,"
        " valid_from = case when q.has_own_scope then q.valid_from else d.valid_from end,"
        " valid_to = case when q.has_own_scope then q.valid_to else d.valid_to end"
        " from documents d where q.workspace_id = $1 and q.document_id = $2 and d.workspace_id = $1 and d.id = $2"
        " and q.deleted_at is null and q.source_hash is not null and (q.audience <> d.audience"
        "   and (not q.has_own_scope or d.audience = 'staff')"
        "   or not q.has_own_scope and (q.shop_ids, q.valid_from, q.valid_to)"
        "     is distinct from (d.shop_ids, d.valid_from, d.valid_to)) returning q.id",
        workspace_id,
        document_id,
    )
    return bool(changed)
