"""Pictures of agents: shown to customers, so their links need no sign-in and cannot be guessed."""

import asyncio
import hmac
from dataclasses import dataclass

from yingke.kit.db import Database
from yingke.kit.errors import not_found
from yingke.kit.files import Files
from yingke.kit.secrets import Secrets

MARK = 32


def avatar_url(secrets: Secrets, workspace_id: int, file_id: int | None) -> str | None:
    """A link that works for everybody who was given it; None without a picture."""
    if file_id is None:
        return None
    place = f"{workspace_id}.{file_id}"
    return f"/avatars/{place}.{secrets.sign('avatar', place)[:MARK]}"


def read_avatar_token(secrets: Secrets, token: str) -> tuple[int, int] | None:
    """(workspace id, file id) of a link of ours, else None."""
    parts = token.split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts[:2]):
        return None
    workspace_id, file_id = int(parts[0]), int(parts[1])
    expected = avatar_url(secrets, workspace_id, file_id) or ""
    return (workspace_id, file_id) if hmac.compare_digest(expected.encode(), f"/avatars/{token}".encode()) else None


@dataclass(frozen=True)
class Picture:
    data: bytes
    media_type: str


async def read_picture(db: Database, files: Files, workspace_id: int, file_id: int) -> Picture:
    """The picture while it is somebody's. Raises 404."""
    async with db.transaction(workspace_id) as tx:
        row = await tx.fetchrow(
            "select f.sha256, f.media_type from files f where f.id = $1 and f.media_type like 'image/%'"
            " and exists (select 1 from agents a where a.avatar_file_id = f.id)",
            file_id,
        )
    if row is None:
        raise not_found()
    try:
        data = await asyncio.to_thread(files.path_of(workspace_id, row["sha256"]).read_bytes)
    except FileNotFoundError as error:
        raise not_found() from error
    return Picture(data, row["media_type"])
