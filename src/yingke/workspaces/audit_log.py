"""Reads the audit log, newest first."""

from yingke.kit.db import Transaction
from yingke.kit.ids import read_id, show_id
from yingke.workspaces.shapes import AuditAgent, AuditView, Page


async def list_audit_log(tx: Transaction, after: str | None, limit: int) -> Page[AuditView]:
    """Entries older than the one `after` names. Raises 404 for an `after` that is not an id."""
    rows = await tx.fetch(
        "select l.id, l.agent_id, a.name, a.work_name, l.api_key_id, l.action, l.target, l.data, l.address,"
        " l.created_at"
        " from audit_log l left join agents a on a.id = l.agent_id and a.workspace_id = l.workspace_id"
        " where $1::bigint is null or l.id < $1 order by l.id desc limit $2",
        None if after is None else read_id(after),
        limit + 1,
    )
    items = [
        AuditView(
            id=show_id(row["id"]),
            agent=None
            if row["agent_id"] is None
            else AuditAgent(show_id(row["agent_id"]), row["name"] or "", row["work_name"] or ""),
            api_key_id=None if row["api_key_id"] is None else show_id(row["api_key_id"]),
            action=row["action"],
            target=row["target"],
            data=row["data"],
            address=row["address"],
            created_at=row["created_at"],
        )
        for row in rows[:limit]
    ]
    return Page(items, items[-1].id if len(rows) > limit else None)
