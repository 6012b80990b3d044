"""Whether golden questions may hold a change back, and how many may get worse."""

from dataclasses import dataclass

from yingke.kit.db import Transaction
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller


@dataclass(frozen=True)
class Gate:
    """`most_worse`: a change goes through while no more questions than this get worse."""

    is_on: bool = False
    most_worse: int = 0


async def read_gate(tx: Transaction, workspace_id: int) -> Gate:
    kept = await tx.fetchval("select gate from knowledge_settings where workspace_id = $1", workspace_id) or {}
    return Gate(bool(kept.get("is_on", False)), int(kept.get("most_worse", 0)))


async def set_gate(tx: Transaction, caller: Caller, gate: Gate) -> None:
    values = {"is_on": gate.is_on, "most_worse": gate.most_worse}
    await tx.execute(
        "insert into knowledge_settings (workspace_id, gate) values ($1, $2)"
        " on conflict (workspace_id) do update set gate = excluded.gate, updated_at = now()",
        caller.workspace_id,
        values,
    )
    await record_audit(tx, caller, "golden_gate.set", "", values)
