"""The versions of a workspace: one is live, one may be tried beside it, one may be a draft, the rest stays to go back to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from yingke.assistants.team_versions.config import AS_BUILT, TeamConfig, check_config, read_config
from yingke.kit.db import Transaction
from yingke.kit.errors import conflict, not_found
from yingke.kit.events import record_event
from yingke.kit.ids import show_id
from yingke.knowledge.golden.changed import knowledge_changed
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller

_COLUMNS = "id, number, state, config, percent, note, made_by, made_at, began_at"


@dataclass(frozen=True)
class Version:
    id: int
    number: int
    state: str
    config: TeamConfig
    percent: int
    note: str
    made_by: int | None
    made_at: datetime
    began_at: datetime | None


async def list_versions(tx: Transaction, workspace_id: int, limit: int = 50) -> list[Version]:
    """The newest first, the draft and the candidate among them; the live one is there however old it is."""
    rows = await tx.fetch(
        f"select {_COLUMNS} from team_versions where workspace_id = $1 order by (state = 'past'), number desc limit $2",
        workspace_id,
        limit,
    )
    return sorted((_version(row) for row in rows), key=lambda one: -one.number)


async def find_version(tx: Transaction, workspace_id: int, state: str) -> Version | None:
    """The live one, the candidate or the draft."""
    row = await tx.fetchrow(
        f"select {_COLUMNS} from team_versions where workspace_id = $1 and state = $2", workspace_id, state
    )
    return _version(row) if row is not None else None


async def get_version(tx: Transaction, workspace_id: int, version_id: int) -> Version:
    """In whatever state. Raises 404."""
    row = await tx.fetchrow(
        f"select {_COLUMNS} from team_versions where workspace_id = $1 and id = $2", workspace_id, version_id
    )
    if row is None:
        raise not_found()
    return _version(row)


async def save_draft(tx: Transaction, caller: Caller, config: TeamConfig) -> Version:
    """Replaces the draft, or begins one. Raises 400 for what is not there and for sentences that lost a placeholder."""
    row = await tx.fetchrow(
        "insert into team_versions (workspace_id, number, state, config, made_by)"
        " select $1, coalesce(max(number), 0) + 1, 'draft', $2, $3 from team_versions where workspace_id = $1"
        " on conflict (workspace_id, state) where state <> 'past'"
        " do update set config = excluded.config, made_by = excluded.made_by, made_at = now()"
        f" returning {_COLUMNS}",
        caller.workspace_id,
        msgspec.to_builtins(check_config(config)),
        caller.agent_id,
    )
    assert row is not None
    return _version(row)


async def discard_draft(tx: Transaction, caller: Caller) -> None:
    """What is live stays as it is."""
    await tx.execute("delete from team_versions where workspace_id = $1 and state = 'draft'", caller.workspace_id)


async def go_live(tx: Transaction, caller: Caller, note: str = "") -> Version:
    """The draft takes over, also from a candidate; holds in every process within ten seconds. Raises 409 without one."""
    draft = await _need(tx, caller, "draft")
    check_config(draft.config)
    return await _switch(tx, caller, draft.id, note)


async def roll_out(tx: Transaction, caller: Caller, percent: int, note: str = "") -> Version:
    """The draft is tried on a share of the conversations, or the share of the running candidate changes. Raises 409."""
    running = await find_version(tx, caller.workspace_id, "candidate")
    draft = await find_version(tx, caller.workspace_id, "draft")
    if running is not None and draft is not None:
        raise conflict(
            "roll_out_running",
            "已有一个版本在灰度，先结束它再试新的草稿。",
            "Another version is being tried; end that first.",
        )
    chosen = running or draft
    if chosen is None:
        raise conflict("no_draft", "没有可以灰度的草稿。", "There is no draft to try.")
    row = await tx.fetchrow(
        "update team_versions set state = 'candidate', percent = $3, began_at = coalesce(began_at, now()),"
        f" note = case when $4 = '' then note else $4 end where workspace_id = $1 and id = $2 returning {_COLUMNS}",
        caller.workspace_id,
        chosen.id,
        percent,
        note[:200],
    )
    assert row is not None
    await _tell(tx, caller, _version(row))
    return _version(row)


async def end_roll_out(tx: Transaction, caller: Caller, *, keep_candidate: bool, note: str = "") -> Version | None:
    """One of the two serves everybody from now on: the version now live, None for the one as built. Raises 409."""
    candidate = await _need(tx, caller, "candidate")
    if keep_candidate:
        return await _switch(tx, caller, candidate.id, note)
    await tx.execute(
        "update team_versions set state = 'past', percent = 0 where workspace_id = $1 and id = $2",
        caller.workspace_id,
        candidate.id,
    )
    live = await find_version(tx, caller.workspace_id, "live")
    await _tell(tx, caller, live)
    return live


async def roll_back(tx: Transaction, caller: Caller, version_id: int) -> Version:
    """An earlier version is live again, as a version of its own. Raises 404."""
    row = await tx.fetchrow(
        "select config, number from team_versions where workspace_id = $1 and id = $2 and state <> 'draft'",
        caller.workspace_id,
        version_id,
    )
    if row is None:
        raise not_found()
    new_id = await tx.fetchval(
        "insert into team_versions (workspace_id, number, state, config, made_by)"
        " select $1, max(number) + 1, 'past', $2, $3 from team_versions where workspace_id = $1 returning id",
        caller.workspace_id,
        row["config"],
        caller.agent_id,
    )
    return await _switch(tx, caller, new_id, f"← {row['number']}")


async def _need(tx: Transaction, caller: Caller, state: str) -> Version:
    found = await find_version(tx, caller.workspace_id, state)
    if found is None:
        raise conflict(
            f"no_{state}", "没有可以操作的版本，请刷新页面。", "There is no such version any more; reload the page."
        )
    return found


async def _switch(tx: Transaction, caller: Caller, version_id: int, note: str) -> Version:
    before = await find_version(tx, caller.workspace_id, "live")
    await tx.execute(
        "update team_versions set state = 'past', percent = 0"
        " where workspace_id = $1 and state in ('live', 'candidate') and id <> $2",
        caller.workspace_id,
        version_id,
    )
    row = await tx.fetchrow(
        "update team_versions set state = 'live', percent = 0, began_at = now(), made_by = $4,"
        f" note = case when $3 = '' then note else $3 end where workspace_id = $1 and id = $2 returning {_COLUMNS}",
        caller.workspace_id,
        version_id,
        note[:200],
        caller.agent_id,
    )
    assert row is not None
    version = _version(row)
    await _tell(tx, caller, version)
    if version.config.instructions != (before.config if before is not None else AS_BUILT).instructions:
        ref = f"team_version:{show_id(version.id)}"
        await knowledge_changed(tx, caller.workspace_id, "prompt", ref, str(version.number))
    return version


async def _tell(tx: Transaction, caller: Caller, version: Version | None) -> None:
    number = version.number if version is not None else 0
    data: dict[str, Any] = {"number": number, "percent": version.percent if version is not None else 0}
    if version is not None:
        data["version_id"] = show_id(version.id)
    await record_audit(tx, caller, "assistants.changed", f"team_version:{number}", data)
    await record_event(tx, caller.workspace_id, "assistants_changed", data)


def _version(row: Any) -> Version:
    return Version(**{**dict(row), "config": read_config(row["config"])})
