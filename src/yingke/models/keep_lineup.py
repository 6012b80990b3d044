"""Keeps the line-up of endpoints as it stands after a change, without keys, so that one can go back."""

from yingke.kit.db import Transaction
from yingke.workspaces.caller import Caller

FIELDS = (
    "id", "name", "base_url", "model", "location", "filing_number", "is_enabled", "provider", "position", "purposes",
    "can_use_tools", "currency", "price_in", "price_cached", "price_out",
)  # fmt: skip
MOST_VERSIONS = 100


async def keep_lineup(tx: Transaction, caller: Caller, reason: str, endpoint_id: int | None = None) -> int:
    """The new version's number. Changes of one workspace follow each other: its endpoints are locked in order."""
    await tx.execute("select pg_advisory_xact_lock(hashtext('model_lineup'), $1::int)", caller.workspace_id % 2**31)
    pairs = ", ".join(f"'{name}', e.{name}" for name in FIELDS)
    version: int = await tx.fetchval(
        "insert into model_lineups (workspace_id, version, endpoints, reason, endpoint_id, agent_id)"
        " select $1, coalesce((select max(version) from model_lineups where workspace_id = $1), 0) + 1,"
        f" coalesce((select jsonb_agg(jsonb_build_object({pairs}) order by e.position, e.id) from model_endpoints e"
        "   where e.workspace_id = $1), '[]'), $2, $3, $4 returning version",
        caller.workspace_id,
        reason,
        endpoint_id,
        caller.agent_id,
    )
    await tx.execute(
        "delete from model_lineups where workspace_id = $1 and version <= $2",
        caller.workspace_id,
        version - MOST_VERSIONS,
    )
    return version
