"""Changes what belongs to the whole workspace: its name, clock, language, colours of waiting, and the wizard."""

from typing import Any

from msgspec import UNSET, Struct, UnsetType

from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input
from yingke.kit.text import clean_line
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller
from yingke.workspaces.check_shop import check_time_zone
from yingke.workspaces.shapes import Language

SHORTEST_WAIT, LONGEST_WAIT = 5, 86_400
MOST_STEPS = 30


class SettingsChange(Struct):
    amber_seconds: int | UnsetType = UNSET
    red_seconds: int | UnsetType = UNSET


class WorkspaceChange(Struct):
    name: str | UnsetType = UNSET
    time_zone: str | UnsetType = UNSET
    language: Language | UnsetType = UNSET
    settings: SettingsChange | UnsetType = UNSET


class SetupChange(Struct):
    step: str | UnsetType = UNSET
    skipped: bool | UnsetType = UNSET
    done: list[str] | UnsetType = UNSET


async def change_workspace(tx: Transaction, caller: Caller, change: WorkspaceChange) -> None:
    """Changes what is given. Raises 400."""
    fields: dict[str, Any] = {}
    if change.name is not UNSET:
        fields["name"] = clean_line(change.name, 80, field="name", min_chars=1)
    if change.time_zone is not UNSET:
        fields["time_zone"] = check_time_zone(change.time_zone)
    if change.language is not UNSET:
        fields["language"] = change.language
    if change.settings is not UNSET:
        fields["settings"] = await _settings(tx, change.settings)
    for column in ("name", "time_zone", "language", "settings"):
        if column in fields:
            await tx.execute(f"update workspaces set {column} = $1", fields[column])
    await record_audit(tx, caller, "workspace.changed", "", fields)


async def change_setup(tx: Transaction, change: SetupChange) -> None:
    """Where the first-run wizard stands, kept on the server. Raises 400."""
    setup: dict[str, Any] = {}
    if change.step is not UNSET:
        setup["step"] = clean_line(change.step, 40, field="step")
    if change.skipped is not UNSET:
        setup["skipped"] = change.skipped
    if change.done is not UNSET:
        if len(change.done) > MOST_STEPS:
            raise bad_input({"done": f"最多 {MOST_STEPS} 步 / at most {MOST_STEPS} steps"})
        setup["done"] = [clean_line(step, 40, field="done", min_chars=1) for step in dict.fromkeys(change.done)]
    await tx.execute("update workspaces set setup = setup || $1", setup)


async def _settings(tx: Transaction, change: SettingsChange) -> dict[str, Any]:
    stored: dict[str, Any] = await tx.fetchval("select settings from workspaces for update")
    given = {"amber_seconds": change.amber_seconds, "red_seconds": change.red_seconds}
    merged = {**stored, **{name: value for name, value in given.items() if value is not UNSET}}
    amber, red = int(merged.get("amber_seconds", 100)), int(merged.get("red_seconds", 180))
    if not SHORTEST_WAIT <= amber < red <= LONGEST_WAIT:
        reason = f"{SHORTEST_WAIT} ≤ amber_seconds < red_seconds ≤ {LONGEST_WAIT}"
        raise bad_input({"settings": reason})
    return merged
