"""An admin changes, archives or re-keys a shop."""

from typing import Any

from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input, conflict, not_found
from yingke.kit.events import record_event
from yingke.kit.ids import read_id, show_id
from yingke.kit.secrets import Secrets, token
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller
from yingke.workspaces.check_shop import read_shop_change
from yingke.workspaces.shop_shapes import ShopChange

COLUMNS = (
    "name", "domains", "languages", "greeting", "suggested_questions", "privacy", "look", "hours", "assistant",
    "reopen_hours", "all_agents",
)  # fmt: skip


async def change_shop(tx: Transaction, caller: Caller, shop_id: int, change: ShopChange) -> None:
    """Changes what is given. Raises 400 for bad input, 404 for no such shop."""
    values = read_shop_change(change)
    await lock_shop(tx, shop_id)
    for column in COLUMNS:
        if column in values:
            await tx.execute(f"update shops set {column} = $2 where id = $1", shop_id, values[column])
    if isinstance(change.agent_ids, list):
        await _set_agents(tx, caller, shop_id, change.agent_ids)
    changed = sorted(values) + (["agent_ids"] if isinstance(change.agent_ids, list) else [])
    await _told(tx, caller, shop_id, "shop.changed", {"fields": changed})


async def archive_shop(tx: Transaction, caller: Caller, shop_id: int) -> None:
    """Closes the shop's doors and keeps its history. Raises 404, and 409 for the last shop."""
    await lock_shop(tx, shop_id)
    if await tx.fetchval("select count(*) from shops where archived_at is null") == 1:
        raise conflict("last_shop", "至少要保留一个店铺。", "The last shop cannot be removed.")
    await tx.execute("update shops set archived_at = now() where id = $1", shop_id)
    await _told(tx, caller, shop_id, "shop.archived", {})


async def renew_site_secret(tx: Transaction, secrets: Secrets, caller: Caller, shop_id: int) -> str:
    """A new secret, shown this once; identity tokens signed with the old one stop working. Raises 404."""
    await lock_shop(tx, shop_id)
    secret = token("yss_")
    await tx.execute("update shops set site_secret = $2 where id = $1", shop_id, secrets.seal(secret))
    await _told(tx, caller, shop_id, "shop.secret_renewed", {})
    return secret


async def lock_shop(tx: Transaction, shop_id: int) -> None:
    """All shops of the workspace in one order, so that two removals at once cannot both leave the other one."""
    rows = await tx.fetch("select id from shops where archived_at is null order by id for update")
    if shop_id not in {row["id"] for row in rows}:
        raise not_found()


async def _set_agents(tx: Transaction, caller: Caller, shop_id: int, agent_ids: list[str]) -> None:
    wanted = sorted({read_id(text) for text in agent_ids})
    known = await tx.fetchval("select count(*) from agents where id = any($1::bigint[])", wanted)
    if known != len(wanted):
        raise bad_input({"agent_ids": "没有这位客服 / no such agent"})
    await tx.execute("delete from shop_agents where shop_id = $1", shop_id)
    await tx.execute(
        "insert into shop_agents (workspace_id, shop_id, agent_id) select $1, $2, unnest($3::bigint[])",
        caller.workspace_id,
        shop_id,
        wanted,
    )


async def _told(tx: Transaction, caller: Caller, shop_id: int, action: str, data: dict[str, Any]) -> None:
    await record_audit(tx, caller, action, f"shop:{show_id(shop_id)}", data)
    await record_event(tx, caller.workspace_id, "shop_updated", {"shop_id": show_id(shop_id)})
