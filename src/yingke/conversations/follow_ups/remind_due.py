"""The job `follow_up_due`: says once for each due time that something is to be done."""

from datetime import datetime

from yingke.kit.db import Database, after_commit
from yingke.kit.events import record_event
from yingke.kit.ids import show_id
from yingke.kit.jobs import Job
from yingke.kit.live import Hub


async def remind_due(db: Database, hub: Hub, job: Job) -> None:
    """The event `follow_up_due` {follow_up_id, agent_id, due_at}; nothing when it is done or due at another time now."""
    due_at = datetime.fromisoformat(job.data["due_at"])
    async with db.transaction(job.workspace_id) as tx:
        row = await tx.fetchrow(
            "update follow_ups set reminded_for = due_at where workspace_id = $1 and id = $2 and due_at = $3"
            " and state not in ('done', 'dropped') and reminded_for is distinct from due_at"
            " returning id, conversation_id, agent_id",
            job.workspace_id,
            job.data["id"],
            due_at,
        )
        if row is None:
            return
        agent = row["agent_id"]
        data = {
            "follow_up_id": show_id(row["id"]),
            "agent_id": show_id(agent) if agent is not None else None,
            "due_at": due_at.isoformat(),
        }
        await record_event(tx, job.workspace_id, "follow_up_due", data, conversation_id=row["conversation_id"])
        after_commit(lambda: hub.ring("events"))
