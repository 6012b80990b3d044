"""A person decides about pairs: live, rejected, or back to be looked at again."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from yingke.kit.db import Database, Transaction
from yingke.kit.errors import conflict, not_found
from yingke.kit.ids import show_id
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.golden.changed import knowledge_changed
from yingke.knowledge.library import raise_version
from yingke.knowledge.qa_pairs import mean_directions, store_passage
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller

Decision = Literal["approve", "reject", "reopen"]
MOST_AT_ONCE = 200
Vector = NDArray[np.float32] | NDArray[np.float16]
# Whose document is gone has nothing to show as its source, and waits with it.
_MAY = (
    " and q.deleted_at is null and q.retired_for is distinct from 'merged'"
    " and (q.state <> 'proposed' or q.origin <> 'document' or exists (select 1 from documents d"
    "   where d.workspace_id = q.workspace_id and d.id = q.document_id and d.deleted_at is null))"
)


async def review(
    db: Database, encoder: Encoder, caller: Caller, pair_ids: Sequence[int], decision: Decision
) -> list[int]:
    """The ids that changed, in their order; what is gone or already so is left out. At most 200 at once.

    approve: proposed, rejected or retired → live; a retired one lets go of its document, for a person vouches for it.
    reject: proposed or live → rejected. reopen: live or rejected → proposed.
    """
    wanted = list(dict.fromkeys(pair_ids))[:MOST_AT_ONCE]
    if decision != "approve":
        async with db.transaction(caller.workspace_id) as tx:
            return await _take_back(tx, caller, wanted, decision)
    async with db.transaction(caller.workspace_id) as tx:
        missing = await tx.fetch(
            "select q.id, q.questions from qa_pairs q where q.workspace_id = $1 and q.id = any($2)"
            f" and q.state <> 'live' and q.vector is null{_MAY}",
            caller.workspace_id,
            wanted,
        )
    fresh = await mean_directions(encoder, [row["questions"] for row in missing])
    known: dict[int, tuple[list[str], Vector]] = {
        row["id"]: (row["questions"], vector) for row, vector in zip(missing, fresh, strict=True)
    }
    async with db.transaction(caller.workspace_id) as tx:
        return await _approve(tx, caller, wanted, known)


async def review_one(db: Database, encoder: Encoder, caller: Caller, pair_id: int, decision: Decision) -> None:
    """Raises 404; 409 when another person was quicker."""
    async with db.transaction(caller.workspace_id) as tx:
        await get_pair(tx, caller.workspace_id, pair_id)
    if not await review(db, encoder, caller, [pair_id], decision):
        raise conflict(
            "pair_reviewed",
            "这条问答刚刚有人处理过了，请刷新看看。",
            "Somebody has just decided about this pair. Reload the list.",
        )


async def get_pair(tx: Transaction, workspace_id: int, pair_id: int) -> Any:
    """The row, locked. Raises 404, also for a deleted pair."""
    row = await tx.fetchrow(
        "select * from qa_pairs where workspace_id = $1 and id = $2 and deleted_at is null for update",
        workspace_id,
        pair_id,
    )
    if row is None:
        raise not_found()
    return row


async def _approve(
    tx: Transaction, caller: Caller, wanted: Sequence[int], known: dict[int, tuple[list[str], Vector]]
) -> list[int]:
    """A pair whose questions were changed meanwhile is left out, like one that is live already."""
    rows = await tx.fetch(
        "select q.id, q.questions, q.answer, q.vector from qa_pairs q where q.workspace_id = $1 and q.id = any($2)"
        f" and q.state <> 'live'{_MAY} order by q.id for update of q",
        caller.workspace_id,
        wanted,
    )
    done: list[int] = []
    for row in rows:
        questions, vector = known.get(row["id"], (row["questions"], row["vector"]))
        if vector is None or questions != row["questions"]:
            continue
        await tx.execute(
            "update qa_pairs set source_hash = case when state = 'retired' then null else source_hash end,"
            " state = 'live', retired_for = null, vector = $3, reviewed_by = $2, reviewed_at = now(),"
            " updated_at = now() where id = $1",
            row["id"],
            caller.agent_id,
            vector,
        )
        await store_passage(tx, caller.workspace_id, row["id"], row["questions"], row["answer"], vector)
        done.append(row["id"])
    await _say(tx, caller, "approved", done)
    return [pair_id for pair_id in wanted if pair_id in set(done)]


async def _take_back(tx: Transaction, caller: Caller, wanted: Sequence[int], decision: Decision) -> list[int]:
    before, after = (["proposed", "live"], "rejected") if decision == "reject" else (["live", "rejected"], "proposed")
    rows = await tx.fetch(
        "update qa_pairs q set state = $3, reviewed_by = case when $3 = 'rejected' then $5::bigint end,"
        " reviewed_at = case when $3 = 'rejected' then now() end, updated_at = now()"
        f" where q.workspace_id = $1 and q.id = any($2) and q.state = any($4){_MAY} returning q.id",
        caller.workspace_id,
        wanted,
        after,
        before,
        caller.agent_id,
    )
    done = {row["id"] for row in rows}
    gone = await tx.fetch(
        "delete from passages where workspace_id = $1 and qa_pair_id = any($2) returning id",
        caller.workspace_id,
        list(done),
    )
    await _say(tx, caller, "rejected" if decision == "reject" else "reopened", list(done), changes=bool(gone))
    return [pair_id for pair_id in wanted if pair_id in done]


async def _say(tx: Transaction, caller: Caller, what: str, done: list[int], *, changes: bool = True) -> None:
    """`changes`: what customers are answered is another one now."""
    if not done:
        return
    target = f"qa_pair:{show_id(done[0])}" if len(done) == 1 else ""
    await record_audit(tx, caller, f"qa_pairs.{what}", target, {"count": len(done)})
    if changes:
        await knowledge_changed(tx, caller.workspace_id, "pair", f"qa_pair:{show_id(done[0])}", what)
        await raise_version(tx, caller.workspace_id)
