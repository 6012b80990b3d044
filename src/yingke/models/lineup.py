"""The order of endpoints: set, switched to one, and taken back to how it was."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input, conflict, not_found
from yingke.kit.ids import show_id
from yingke.models.endpoints import abroad_not_confirmed, get_endpoint, list_endpoints, same_origin
from yingke.models.keep_lineup import keep_lineup
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller


async def reorder_endpoints(tx: Transaction, caller: Caller, ids: Sequence[int]) -> None:
    """`ids` are all endpoints in their new order. Raises 400 when they are not all and only those."""
    rows = await list_endpoints(tx, caller.workspace_id)
    if sorted(ids) != sorted(row["id"] for row in rows):
        raise bad_input({"ids": "every endpoint once / 每个接口都要有，且只有一次"})
    await _set_order(tx, caller.workspace_id, ids)
    await keep_lineup(tx, caller, "reordered")
    await record_audit(tx, caller, "model_lineup.reordered", "model_lineup", {"ids": [show_id(one) for one in ids]})


async def switch_to(tx: Transaction, caller: Caller, endpoint_id: int) -> int:
    """From now on this endpoint answers customers first; the others stay behind it. The version to go back from.

    Raises 404, 409 without consent to a place abroad.
    """
    row = await get_endpoint(tx, caller.workspace_id, endpoint_id)
    if row["location"] == "abroad" and row["abroad_confirmed_at"] is None:
        raise abroad_not_confirmed()
    purposes = list(dict.fromkeys(("answer", *row["purposes"])))
    await tx.execute(
        "update model_endpoints set is_enabled = true, purposes = $3, updated_at = now()"
        " where workspace_id = $1 and id = $2",
        caller.workspace_id,
        endpoint_id,
        purposes,
    )
    others = [one["id"] for one in await list_endpoints(tx, caller.workspace_id) if one["id"] != endpoint_id]
    await _set_order(tx, caller.workspace_id, [endpoint_id, *others])
    version = await keep_lineup(tx, caller, "switched", endpoint_id)
    await record_audit(tx, caller, "model_lineup.switched", f"model_endpoint:{show_id(endpoint_id)}")
    return version


@dataclass(frozen=True)
class Restored:
    """`missing`: names of endpoints that are deleted since; `keyless`: those that moved and need their key again."""

    version: int
    missing: tuple[str, ...]
    keyless: tuple[str, ...]


async def list_lineups(tx: Transaction, workspace_id: int, before: int | None, limit: int) -> list[Any]:
    """Newest first, with the name of who did it."""
    return list(
        await tx.fetch(
            "select l.*, a.name as agent_name from model_lineups l"
            " left join agents a on a.workspace_id = l.workspace_id and a.id = l.agent_id"
            " where l.workspace_id = $1 and l.version < $2 order by l.version desc limit $3",
            workspace_id,
            before or 2**31 - 1,
            limit,
        )
    )


async def restore_lineup(tx: Transaction, caller: Caller, version: int) -> Restored:
    """Order, purposes, models and prices as they were then. A key is never sent to another host, and nothing abroad is
    enabled without consent. Raises 404, 409 for the version that is in force."""
    row = await tx.fetchrow(
        "select endpoints, version = (select max(version) from model_lineups where workspace_id = $1) as is_now"
        " from model_lineups where workspace_id = $1 and version = $2",
        caller.workspace_id,
        version,
    )
    if row is None:
        raise not_found()
    if row["is_now"]:
        raise conflict("lineup_in_force", "现在用的就是这一版。", "This version is in force already.")
    now = {one["id"]: one for one in await list_endpoints(tx, caller.workspace_id)}
    then = [one for one in row["endpoints"] if one["id"] in now]
    missing = tuple(one["name"] for one in row["endpoints"] if one["id"] not in now)
    keyless = []
    for one in then:
        if not await _restore_one(tx, caller.workspace_id, one, now[one["id"]]):
            keyless.append(one["name"])
    known = {one["id"] for one in then}
    # What did not exist then stays, behind the others and switched off.
    newer = [id for id in now if id not in known]
    await tx.execute(
        "update model_endpoints set is_enabled = false, updated_at = now() where workspace_id = $1 and id = any($2)",
        caller.workspace_id,
        newer,
    )
    await _set_order(tx, caller.workspace_id, [*(one["id"] for one in then), *newer])
    new_version = await keep_lineup(tx, caller, "restored")
    await record_audit(tx, caller, "model_lineup.restored", "model_lineup", {"version": version})
    return Restored(new_version, missing, tuple(keyless))


async def _restore_one(tx: Transaction, workspace_id: int, then: Any, now: Any) -> bool:
    """False when the address moved to another host since and the key had to be forgotten."""
    is_same = same_origin(then["base_url"], now["base_url"])
    has_consent = then["location"] != "abroad" or (is_same and now["abroad_confirmed_at"] is not None)
    had_key = now["api_key"] is not None
    await tx.execute(
        "update model_endpoints set name = $3, base_url = $4, model = $5, location = $6, filing_number = $7,"
        " is_enabled = $8, provider = $9, purposes = $10, can_use_tools = $11, currency = $12, price_in = $13,"
        " price_cached = $14, price_out = $15, api_key = case when $16 then api_key end,"
        " abroad_confirmed_at = case when $16 then abroad_confirmed_at end,"
        " abroad_confirmed_by = case when $16 then abroad_confirmed_by end, last_check = null, updated_at = now()"
        " where workspace_id = $1 and id = $2",
        workspace_id,
        then["id"],
        then["name"],
        then["base_url"],
        then["model"],
        then["location"],
        then["filing_number"],
        then["is_enabled"] and has_consent and (is_same or not had_key),
        then["provider"],
        then["purposes"],
        then["can_use_tools"],
        then["currency"],
        then["price_in"],
        then["price_cached"],
        then["price_out"],
        is_same,
    )
    return is_same or not had_key


async def _set_order(tx: Transaction, workspace_id: int, ids: Sequence[int]) -> None:
    await tx.execute(
        "update model_endpoints e set position = o.place from unnest($2::bigint[]) with ordinality as o(id, place)"
        " where e.workspace_id = $1 and e.id = o.id",
        workspace_id,
        list(ids),
    )
