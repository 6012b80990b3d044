"""What an admin does with a connection: add, change, pause, resume, read anew, take away."""

from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from yingke.commerce.connections.connection import Connection, get_connection, list_connections
from yingke.commerce.connections.form import Filled, fill_form
from yingke.commerce.connections.purge import queue_purge
from yingke.commerce.connections.registry import find_provider
from yingke.commerce.connections.sync import queue_sync
from yingke.commerce.providers.pieces.connected import Connected
from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input, conflict
from yingke.kit.events import record_event
from yingke.kit.ids import show_id
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings
from yingke.kit.text import clean_line
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller

MOST_CONNECTIONS = 50


@dataclass(frozen=True, slots=True)
class Keeper:
    """What sealing and judging addresses needs."""

    secrets: Secrets
    settings: Settings

    def seal(self, secret: dict[str, str]) -> bytes:
        return self.secrets.seal(msgspec.json.encode(secret))

    def filled(self, row: Connection) -> Filled:
        return Filled(row.settings, msgspec.json.decode(self.secrets.open(row.secret), type=dict[str, str]))


@dataclass(frozen=True, slots=True)
class Wish:
    """What is given is changed. `form` holds the values of the provider's fields."""

    name: str | UnsetType = UNSET
    shop_ids: list[int] | UnsetType | None = UNSET
    form: dict[str, Any] | UnsetType = UNSET


def get_provider(name: str) -> type[Connected]:
    """Raises 400."""
    kind = find_provider(name)
    if kind is None:
        raise bad_input({"provider": "没有这种平台 / no such platform"})
    return kind


async def add_connection(tx: Transaction, caller: Caller, keeper: Keeper, provider: str, wish: Wish) -> int:
    """The id; its first sync begins at once. Raises 400, 422."""
    kind = get_provider(provider)
    await tx.execute("select id from workspaces where id = $1 for update", caller.workspace_id)
    if len(await list_connections(tx, caller.workspace_id)) >= MOST_CONNECTIONS:
        raise bad_input({"provider": f"最多 {MOST_CONNECTIONS} 个 / at most {MOST_CONNECTIONS}"})
    filled = fill_form(kind, keeper.settings, {} if wish.form is UNSET else wish.form)
    connection_id: int = await tx.fetchval(
        "insert into shop_connections (workspace_id, provider, name, shop_ids, settings, secret, created_by)"
        " values ($1, $2, $3, $4, $5, $6, $7) returning id",
        caller.workspace_id,
        kind.name,
        clean_line(wish.name or kind.zh, 80, field="name", min_chars=1),
        None if wish.shop_ids is UNSET else wish.shop_ids,
        filled.settings,
        keeper.seal(filled.secret),
        caller.agent_id,
    )
    await queue_sync(tx, caller.workspace_id, connection_id)
    await _record(tx, caller, "created", connection_id, kind.name)
    data = {"connection_id": show_id(connection_id), "provider": kind.name}
    await record_event(tx, caller.workspace_id, "shop_connected", data)
    return connection_id


async def change_connection(tx: Transaction, caller: Caller, keeper: Keeper, connection_id: int, wish: Wish) -> None:
    """New keys or addresses are tried at once; another choice of shops reaches the mirror with a full read. Raises 400,
    404, 422."""
    row = await get_connection(tx, caller.workspace_id, connection_id, is_locked=True)
    kind = get_provider(row.provider)
    before = keeper.filled(row)
    filled = before if wish.form is UNSET else fill_form(kind, keeper.settings, wish.form, before)
    shop_ids = row.shop_ids if wish.shop_ids is UNSET else wish.shop_ids
    is_new = filled != before
    await tx.execute(
        "update shop_connections set name = $3, shop_ids = $4, settings = $5, secret = $6,"
        " generation = generation + 1, token = case when $7 then null else token end,"
        " token_until = case when $7 then null else token_until end,"
        " state = case when $7 and state = 'reconnect' then 'failing' else state end, updated_at = now()"
        " where workspace_id = $1 and id = $2",
        row.workspace_id,
        row.id,
        row.name if wish.name is UNSET else clean_line(wish.name, 80, field="name", min_chars=1),
        shop_ids,
        filled.settings,
        keeper.seal(filled.secret),
        is_new,
    )
    # A run that was under way stops at the new generation, so another takes its place.
    await queue_sync(tx, row.workspace_id, row.id, is_full=is_new or shop_ids != row.shop_ids)
    await _record(tx, caller, "changed", row.id, row.provider, {"keys": is_new})


async def sync_now(tx: Transaction, caller: Caller, connection_id: int) -> None:
    """Everything anew, now. Raises 404, 409 while it is paused."""
    row = await get_connection(tx, caller.workspace_id, connection_id, is_locked=True)
    if row.state == "paused":
        raise conflict("connection_paused", "这个店铺已暂停，请先恢复。", "This shop is paused. Resume it first.")
    await tx.execute(
        "update shop_connections set state = case when state = 'reconnect' then 'failing' else state end, fails = 0"
        " where workspace_id = $1 and id = $2",
        row.workspace_id,
        row.id,
    )
    await queue_sync(tx, row.workspace_id, row.id, is_full=True)


async def pause_connection(tx: Transaction, caller: Caller, connection_id: int) -> None:
    """Nothing is asked and nothing heard until it is resumed; what was mirrored stays. Raises 404."""
    row = await get_connection(tx, caller.workspace_id, connection_id, is_locked=True)
    await tx.execute(
        "update shop_connections set state = 'paused', generation = generation + 1, updated_at = now()"
        " where workspace_id = $1 and id = $2",
        row.workspace_id,
        row.id,
    )
    await _record(tx, caller, "paused", row.id, row.provider)


async def resume_connection(tx: Transaction, caller: Caller, connection_id: int) -> None:
    """Goes on with what changed meanwhile. Raises 404."""
    row = await get_connection(tx, caller.workspace_id, connection_id, is_locked=True)
    if row.state != "paused":
        return
    await tx.execute(
        "update shop_connections set state = 'ok', reason = null, failing_since = null, fails = 0, updated_at = now()"
        " where workspace_id = $1 and id = $2",
        row.workspace_id,
        row.id,
    )
    await queue_sync(tx, row.workspace_id, row.id)
    await _record(tx, caller, "resumed", row.id, row.provider)


async def remove_connection(tx: Transaction, caller: Caller, connection_id: int, *, keeps_data: bool) -> None:
    """Its keys are forgotten at once. The mirrored products and orders stay as they are, or are taken away by a job;
    orders that a request was made for stay in any case. Raises 404."""
    row = await get_connection(tx, caller.workspace_id, connection_id, is_locked=True)
    await tx.execute(
        "update shop_connections set deleted_at = now(), secret = '', token = null, token_until = null,"
        " generation = generation + 1, updated_at = now() where workspace_id = $1 and id = $2",
        row.workspace_id,
        row.id,
    )
    if keeps_data:
        await tx.execute(
            "update products set is_listed = false, content_hash = '' where workspace_id = $1 and connection_id = $2",
            row.workspace_id,
            row.id,
        )
    else:
        await queue_purge(tx, row.workspace_id, row.id)
    data = {"connection_id": show_id(row.id), "provider": row.provider, "keeps_data": keeps_data}
    await record_event(tx, row.workspace_id, "shop_disconnected", data)
    await _record(tx, caller, "deleted", row.id, row.provider, {"keeps_data": keeps_data})


async def _record(
    tx: Transaction, caller: Caller, what: str, connection_id: int, provider: str, more: dict[str, Any] | None = None
) -> None:
    target = f"shop_connection:{show_id(connection_id)}"
    await record_audit(tx, caller, f"shop_connection.{what}", target, {"provider": provider, **(more or {})})
