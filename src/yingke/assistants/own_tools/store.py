"""A merchant's tools as rows: written, switched, changed, brought back to an earlier version, deleted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from yingke.assistants.own_tools.config import MOST_TOOLS, OwnToolConfig
from yingke.commerce.providers.pieces.door import origin_of
from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input, conflict, not_found
from yingke.kit.ids import show_id
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller

_COLUMNS = "id, version, config, secret, is_on, made_by, created_at, changed_at"
LONGEST_SECRET = 2000


@dataclass(frozen=True, slots=True)
class StoredTool:
    """`secret` is sealed."""

    id: int
    version: int
    config: OwnToolConfig
    secret: bytes
    is_on: bool
    made_by: int | None
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Written:
    """What goes into a row: the checked config, its sealed headers, the vectors of its examples."""

    config: OwnToolConfig
    secret: bytes
    vectors: bytes


async def list_tools(tx: Transaction, workspace_id: int) -> list[StoredTool]:
    """The oldest first; at most MOST_TOOLS."""
    rows = await tx.fetch(
        f"select {_COLUMNS} from own_tools where workspace_id = $1 and deleted_at is null order by id", workspace_id
    )
    return [_tool(row) for row in rows]


async def get_tool(tx: Transaction, workspace_id: int, tool_id: int, *, is_locked: bool = False) -> StoredTool:
    """Raises 404."""
    row = await tx.fetchrow(
        f"select {_COLUMNS} from own_tools where workspace_id = $1 and id = $2 and deleted_at is null"
        + (" for update" if is_locked else ""),
        workspace_id,
        tool_id,
    )
    if row is None:
        raise not_found()
    return _tool(row)


async def add_tool(tx: Transaction, caller: Caller, written: Written, *, is_on: bool) -> int:
    """The id. Raises 400 beyond MOST_TOOLS."""
    await tx.execute("select id from workspaces where id = $1 for update", caller.workspace_id)
    if len(await list_tools(tx, caller.workspace_id)) >= MOST_TOOLS:
        raise bad_input({"name": f"最多 {MOST_TOOLS} 个自有工具 / at most {MOST_TOOLS} tools of your own"})
    tool_id: int = await tx.fetchval(
        "insert into own_tools (workspace_id, config, secret, vectors, is_on, made_by)"
        " values ($1, $2, $3, $4, $5, $6) returning id",
        caller.workspace_id,
        msgspec.to_builtins(written.config),
        written.secret,
        written.vectors,
        is_on,
        caller.agent_id,
    )
    await _keep_version(tx, caller, tool_id, 1, written.config)
    await _note(tx, caller, "created", tool_id, {"name": written.config.name})
    return tool_id


async def change_tool(tx: Transaction, caller: Caller, tool_id: int, written: Written, based_on: int | None) -> None:
    """The next version serves. Raises 404, 409 when somebody else has changed it since `based_on`."""
    before = await get_tool(tx, caller.workspace_id, tool_id, is_locked=True)
    if based_on is not None and based_on != before.version:
        raise conflict(
            "changed_meanwhile",
            "别人刚刚改过这个工具，请刷新后再改。",
            "Somebody else has just changed this tool. Reload it first.",
        )
    await tx.execute(
        "update own_tools set version = version + 1, config = $3, secret = $4, vectors = $5, made_by = $6,"
        " changed_at = now() where workspace_id = $1 and id = $2",
        caller.workspace_id,
        tool_id,
        msgspec.to_builtins(written.config),
        written.secret,
        written.vectors,
        caller.agent_id,
    )
    await _keep_version(tx, caller, tool_id, before.version + 1, written.config)
    await _note(tx, caller, "changed", tool_id, {"name": written.config.name, "version": before.version + 1})


async def switch_tool(tx: Transaction, caller: Caller, tool_id: int, *, is_on: bool) -> None:
    """Holds in every process within ten seconds. Raises 404."""
    before = await get_tool(tx, caller.workspace_id, tool_id, is_locked=True)
    if before.is_on == is_on:
        return
    await tx.execute(
        "update own_tools set is_on = $3, changed_at = now() where workspace_id = $1 and id = $2",
        caller.workspace_id,
        tool_id,
        is_on,
    )
    await _note(tx, caller, "switched_on" if is_on else "switched_off", tool_id, {"name": before.config.name})


async def remove_tool(tx: Transaction, caller: Caller, tool_id: int) -> None:
    """Its keys are forgotten at once. Raises 404."""
    before = await get_tool(tx, caller.workspace_id, tool_id, is_locked=True)
    await tx.execute(
        "update own_tools set deleted_at = now(), changed_at = now(), is_on = false, secret = ''"
        " where workspace_id = $1 and id = $2",
        caller.workspace_id,
        tool_id,
    )
    await _note(tx, caller, "deleted", tool_id, {"name": before.config.name})


async def list_versions(tx: Transaction, workspace_id: int, tool_id: int) -> list[Any]:
    """The newest first, at most 50. Raises 404."""
    await get_tool(tx, workspace_id, tool_id)
    return list(
        await tx.fetch(
            "select v.number, v.config, v.made_by, v.made_at, coalesce(a.work_name, '') as made_by_name"
            " from own_tool_versions v left join agents a on a.workspace_id = v.workspace_id and a.id = v.made_by"
            " where v.workspace_id = $1 and v.tool_id = $2 order by v.number desc limit 50",
            workspace_id,
            tool_id,
        )
    )


async def find_version(tx: Transaction, workspace_id: int, tool_id: int, number: int) -> OwnToolConfig:
    """Raises 404."""
    config = await tx.fetchval(
        "select config from own_tool_versions where workspace_id = $1 and tool_id = $2 and number = $3",
        workspace_id,
        tool_id,
        number,
    )
    if config is None:
        raise not_found()
    return msgspec.convert(config, OwnToolConfig)


def keep_headers(
    config: OwnToolConfig, given: dict[str, str], before: OwnToolConfig | None, kept: dict[str, str]
) -> dict[str, str]:
    """Header → value. One that is left empty keeps its value, unless the address leads to another server: a key that was
    given for one never goes to another. Raises 400 where a value is missing."""
    is_same = before is not None and origin_of(before.url) == origin_of(config.url)
    values = {name: given.get(name, "").strip() or (kept.get(name, "") if is_same else "") for name in config.headers}
    empty = next((name for name, value in values.items() if not value), None)
    if empty is not None:
        raise bad_input({"headers": f"请填写 {empty} 的值 / fill in the value of {empty}"})
    if any(len(value) > LONGEST_SECRET or not value.isprintable() for value in values.values()):
        raise bad_input({"headers": "请求头的值太长或含有不能用的字符 / a value is too long or cannot be sent"})
    return values


async def _keep_version(tx: Transaction, caller: Caller, tool_id: int, number: int, config: OwnToolConfig) -> None:
    await tx.execute(
        "insert into own_tool_versions (workspace_id, tool_id, number, config, made_by) values ($1, $2, $3, $4, $5)",
        caller.workspace_id,
        tool_id,
        number,
        msgspec.to_builtins(config),
        caller.agent_id,
    )


async def _note(tx: Transaction, caller: Caller, what: str, tool_id: int, data: dict[str, Any]) -> None:
    await record_audit(tx, caller, f"own_tool.{what}", f"own_tool:{show_id(tool_id)}", data)


def _tool(row: Any) -> StoredTool:
    return StoredTool(**{**dict(row), "config": msgspec.convert(row["config"], OwnToolConfig)})
