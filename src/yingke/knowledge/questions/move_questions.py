"""A person sorts better than we did: one question goes elsewhere, or two clusters become one."""

import numpy as np

from yingke.kit.db import Database, Transaction
from yingke.kit.errors import bad_input, not_found
from yingke.kit.ids import show_id
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.fold import fold
from yingke.knowledge.questions.clusters import get_cluster
from yingke.knowledge.questions.sort import count_again, move_all
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller


async def move_question(
    db: Database, encoder: Encoder, caller: Caller, cluster_id: int, asked_id: int, to_id: int | None
) -> int:
    """Moves one question with all that say it in the same words; the id of the cluster it is in now. Without `to_id`
    it stands for a cluster of its own. Raises 400, 404."""
    async with db.transaction(caller.workspace_id) as tx:
        text = await tx.fetchval(
            "select text from asked_questions where workspace_id = $1 and id = $2 and cluster_id = $3",
            caller.workspace_id,
            asked_id,
            cluster_id,
        )
    if text is None:
        raise not_found()
    vector = (await encoder.encode_many([fold(text)]))[0]
    async with db.transaction(caller.workspace_id) as tx:
        cluster = await get_cluster(tx, caller.workspace_id, cluster_id)
        if to_id is None:
            to_id = await _found(tx, caller.workspace_id, text, vector)
        else:
            await get_cluster(tx, caller.workspace_id, to_id)
        await tx.execute(
            "update asked_questions set cluster_id = $4 where workspace_id = $1 and cluster_id = $2 and text = $3",
            caller.workspace_id,
            cluster_id,
            text,
            to_id,
        )
        await _settle(tx, caller, cluster["id"], text, to_id)
    return to_id


async def merge_clusters(tx: Transaction, caller: Caller, cluster_id: int, into_id: int) -> None:
    """All questions of the one belong to the other from now on. Raises 400 for a cluster with itself, 404."""
    if cluster_id == into_id:
        raise bad_input({"to_id": "another one / 请选另一组问题"})
    lost = await get_cluster(tx, caller.workspace_id, cluster_id)
    kept = await get_cluster(tx, caller.workspace_id, into_id)
    weight = kept["embedding"].astype(np.float32) * kept["times"] + lost["embedding"].astype(np.float32) * lost["times"]
    await tx.execute(
        "update question_clusters set embedding = $3, checked_version = null where workspace_id = $1 and id = $2",
        caller.workspace_id,
        into_id,
        weight / max(float(np.linalg.norm(weight)), 1e-6),
    )
    await move_all(tx, caller.workspace_id, cluster_id, into_id)
    await count_again(tx, caller.workspace_id, into_id)
    await record_audit(tx, caller, "question.merged", f"question:{show_id(into_id)}", {"merged": show_id(cluster_id)})


async def _found(tx: Transaction, workspace_id: int, text: str, vector: object) -> int:
    return int(
        await tx.fetchval(
            "insert into question_clusters (workspace_id, question, embedding) values ($1, $2, $3) returning id",
            workspace_id,
            text,
            vector,
        )
    )


async def _settle(tx: Transaction, caller: Caller, from_id: int, text: str, to_id: int) -> None:
    """Counts both again; a cluster that lost the question it is shown by shows another, an empty one goes."""
    await count_again(tx, caller.workspace_id, to_id)
    other = await tx.fetchval(
        "select text from asked_questions where workspace_id = $1 and cluster_id = $2 group by text"
        " order by count(*) desc, max(asked_at) desc limit 1",
        caller.workspace_id,
        from_id,
    )
    if other is None:
        await tx.execute(
            "delete from question_clusters where workspace_id = $1 and id = $2", caller.workspace_id, from_id
        )
    else:
        await tx.execute(
            "update question_clusters set question = case when question = $3 then $4 else question end,"
            " checked_version = null where workspace_id = $1 and id = $2",
            caller.workspace_id,
            from_id,
            text,
            other,
        )
        await count_again(tx, caller.workspace_id, from_id)
    await record_audit(tx, caller, "question.moved", f"question:{show_id(from_id)}", {"to": show_id(to_id)})
