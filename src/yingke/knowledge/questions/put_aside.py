"""A cluster that needs no answer is put aside, and comes back when that was a mistake."""

from yingke.kit.db import Transaction
from yingke.kit.ids import show_id
from yingke.knowledge.questions.clusters import get_cluster
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller


async def put_aside(tx: Transaction, caller: Caller, cluster_id: int, is_aside: bool) -> None:
    """Putting aside twice is once. Raises 404."""
    cluster = await get_cluster(tx, caller.workspace_id, cluster_id)
    if (cluster["dismissed_at"] is not None) == is_aside:
        return
    await tx.execute(
        "update question_clusters set dismissed_at = case when $3 then now() end, dismissed_by = case when $3 then $4::bigint end"
        " where workspace_id = $1 and id = $2",
        caller.workspace_id,
        cluster_id,
        is_aside,
        caller.agent_id,
    )
    action = "question.dismissed" if is_aside else "question.restored"
    await record_audit(tx, caller, action, f"question:{show_id(cluster_id)}")
