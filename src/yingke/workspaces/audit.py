"""The record of what matters: who did what, when, from where. Only ever added to."""

from typing import Any

from yingke.kit.db import Transaction
from yingke.workspaces.caller import Caller


async def record_audit(
    tx: Transaction, caller: Caller, action: str, target: str = "", data: dict[str, Any] | None = None
) -> None:
    """Adds one entry in the open transaction.

    `action` is "noun.past" such as "api_key.created"; `target` is "noun:id". `data` never holds a secret.
    """
    await tx.execute(
        "insert into audit_log (workspace_id, agent_id, api_key_id, action, target, data, address)"
        " values ($1, $2, $3, $4, $5, $6, $7)",
        caller.workspace_id,
        caller.agent_id,
        caller.api_key_id,
        action,
        target,
        data or {},
        caller.address,
    )
