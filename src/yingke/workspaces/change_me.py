"""An agent changes their own names, picture and workbench settings."""

from zoneinfo import available_timezones

import msgspec
from msgspec import UNSET, UnsetType

from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input
from yingke.kit.events import record_event
from yingke.kit.ids import read_id, show_id
from yingke.kit.text import clean_line
from yingke.workspaces.caller import Caller
from yingke.workspaces.shapes import AgentSettings

MOST_CHORDS = 60


async def change_me(
    tx: Transaction,
    caller: Caller,
    *,
    name: str | UnsetType = UNSET,
    work_name: str | UnsetType = UNSET,
    avatar: str | UnsetType | None = UNSET,
    settings: AgentSettings | UnsetType = UNSET,
) -> None:
    """Changes what is given and leaves the rest. Settings are merged key by key. Raises 400."""
    if name is not UNSET:
        line = clean_line(name, 60, field="name", min_chars=1)
        await tx.execute("update agents set name = $2 where id = $1", caller.agent_id, line)
    if work_name is not UNSET:
        line = clean_line(work_name, 40, field="work_name", min_chars=1)
        await tx.execute("update agents set work_name = $2 where id = $1", caller.agent_id, line)
    if avatar is not UNSET:
        await _set_avatar(tx, caller, avatar)
    if settings is not UNSET:
        await tx.execute(
            "update agents set settings = settings || $2 where id = $1", caller.agent_id, _checked(settings)
        )
    if (name, work_name, avatar) != (UNSET, UNSET, UNSET):
        await record_event(tx, caller.workspace_id, "agent_updated", {"agent_id": show_id(caller.agent_id or 0)})


async def _set_avatar(tx: Transaction, caller: Caller, avatar: str | None) -> None:
    """The picture must be an image that this very agent uploaded."""
    file_id = None if avatar is None else read_id(avatar)
    if file_id is not None and not await tx.fetchval(
        "update files set used_at = coalesce(used_at, now()) where id = $1 and owner_kind = 'agent' and owner_id = $2"
        " and media_type like 'image/%' returning true",
        file_id,
        caller.agent_id,
    ):
        raise bad_input({"avatar_file_id": "请先上传一张图片 / upload a picture first"})
    await tx.execute("update agents set avatar_file_id = $2 where id = $1", caller.agent_id, file_id)


def _checked(settings: AgentSettings) -> dict[str, object]:
    chords = settings.chords or {}
    if len(chords) > MOST_CHORDS or any(len(name) > 60 or len(chord) > 60 for name, chord in chords.items()):
        raise bad_input({"settings": "快捷键太多或太长 / too many or too long chords"})
    for part in (*chords, *chords.values()):
        clean_line(part, 60, field="settings")
    if settings.time_zone and settings.time_zone not in available_timezones():
        raise bad_input({"settings.time_zone": "没有这个时区 / no such time zone"})
    kept = msgspec.to_builtins(settings)
    return {str(name): value for name, value in kept.items()}
