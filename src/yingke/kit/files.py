"""Files of customers and agents: stored by content before anything points at them, served by short-lived signed links."""

import asyncio
import base64
import contextlib
import errno
import hashlib
import hmac
import os
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from yingke.kit.errors import Problem, not_found
from yingke.kit.pictures import clean_picture, read_size
from yingke.kit.sniff_media import sniff_media

LINK_SECONDS = 600


@dataclass(frozen=True)
class Stored:
    """A file on disk. `width` and `height` in pixels for pictures."""

    sha256: bytes
    size: int
    media_type: str
    width: int | None
    height: int | None


@dataclass(frozen=True)
class FileLink:
    workspace_id: int
    file_id: int


class Files:
    """`DATA_DIR/files/<workspace>/<2>/<sha256>`. `key` signs links."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder = folder
        self._key = key

    async def save(self, workspace_id: int, chunks: AsyncIterator[bytes], max_bytes: int) -> Stored:
        """Writes, cleans and syncs a file. Raises 413 (too big), 422 (empty), 503, 507 (disk full)."""
        folder = self._folder / str(workspace_id)
        temporary = folder / f".{secrets.token_hex(8)}"
        try:
            await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
            size = await _write(temporary, chunks, max_bytes)
            if size == 0:
                raise Problem(422, "empty_file", "这个文件是空的。", "This file is empty.")
            return await asyncio.to_thread(_settle, folder, temporary)
        except OSError as error:
            raise _store_trouble(error) from error
        finally:
            with contextlib.suppress(OSError):
                await asyncio.to_thread(temporary.unlink, missing_ok=True)

    def path_of(self, workspace_id: int, sha256: bytes) -> Path:
        name = sha256.hex()
        return self._folder / str(workspace_id) / name[:2] / name

    async def remove(self, workspace_id: int, sha256: bytes) -> None:
        await asyncio.to_thread(self.path_of(workspace_id, sha256).unlink, missing_ok=True)

    def link(self, workspace_id: int, file_id: int, name: str, seconds: int = LINK_SECONDS) -> str:
        """A path that opens the file for `seconds`; it carries workspace, file and end, signed."""
        until = int(time.time()) // 60 * 60 + seconds
        body = f"{workspace_id}.{file_id}.{until}"
        mark = base64.urlsafe_b64encode(self._sign(body)[:18]).decode()
        safe = "".join(c if c.isalnum() or c in ".-_" else "_" for c in name)[-80:] or "file"
        return f"/files/{body}.{mark}/{safe}"

    def read_link(self, token: str) -> FileLink:
        """Raises 404 for anything edited or over its time."""
        body, _, mark = token.rpartition(".")
        want = base64.urlsafe_b64encode(self._sign(body)[:18]).decode()
        parts = body.split(".")
        if not hmac.compare_digest(mark.encode(), want.encode()) or len(parts) != 3 or int(parts[2]) < time.time():
            raise not_found()
        return FileLink(int(parts[0]), int(parts[1]))

    def _sign(self, body: str) -> bytes:
        return hmac.digest(self._key, b"file:" + body.encode(), "sha256")


def _store_trouble(error: OSError) -> Problem:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return Problem(
            507, "disk_full", "服务器磁盘写不下了，文件没有保存。", "The server's disk took no more; nothing was saved."
        )
    return Problem(
        503,
        "file_store_away",
        "暂时存不了文件，文字消息不受影响，请稍后再发。",
        "Files cannot be stored right now; text still works. Try again later.",
        retry_after=30,
    )


async def _write(path: Path, chunks: AsyncIterator[bytes], max_bytes: int) -> int:
    size = 0
    with await asyncio.to_thread(path.open, "wb") as file:
        async for chunk in chunks:
            size += len(chunk)
            if size > max_bytes:
                limit = max_bytes // 1_000_000
                raise Problem(
                    413, "file_too_big", f"文件超过 {limit} MB，请压缩后再发。", f"The file is larger than {limit} MB."
                )
            await asyncio.to_thread(file.write, chunk)
    return size


def _settle(folder: Path, temporary: Path) -> Stored:
    data = temporary.read_bytes()
    media_type = sniff_media(data)
    if media_type.startswith("image/"):
        data = clean_picture(data, media_type)
        temporary.write_bytes(data)
    width, height = read_size(data, media_type) or (None, None)
    digest = hashlib.sha256(data).digest()
    target = folder / digest.hex()[:2] / digest.hex()
    target.parent.mkdir(exist_ok=True)
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())
    temporary.rename(target)
    for place in (target.parent, folder):
        _sync_folder(place)
    return Stored(digest, len(data), media_type, width, height)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)
