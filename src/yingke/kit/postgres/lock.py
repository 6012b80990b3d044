"""One starter per data folder."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from yingke.kit.errors import Problem

LOCK_NAME = "postgres.lock"
SIZE = 512


class FolderLock:
    """The held lock; its file tells others who we are and where the server listens."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._facts: dict[str, Any] = {"pid": os.getpid(), "since": datetime.now(UTC).isoformat(timespec="seconds")}
        self.tell()

    def tell(self, **facts: str | int) -> None:
        self._facts.update(facts)
        # Padded and never emptied: written over in place it needs no new block, and so works on a full disk.
        os.pwrite(self._handle, json.dumps(self._facts).ljust(SIZE).encode(), 0)


@contextmanager
def folder_lock(data_dir: Path) -> Iterator[FolderLock]:
    """Holds the folder until the block ends or the process dies. A Problem names the holder of a taken one."""
    handle = os.open(data_dir / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _taken(data_dir, _read(handle)) from None
        yield FolderLock(handle)
    finally:
        os.close(handle)


def find_holder(data_dir: Path) -> dict[str, Any] | None:
    """What the folder's holder says of itself (`pid`, `since`, then `socket_dir`, `port`); None if free."""
    try:
        handle = os.open(data_dir / LOCK_NAME, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read(handle)
    finally:
        os.close(handle)
    return None


def _read(handle: int) -> dict[str, Any]:
    try:
        facts = json.loads(os.pread(handle, SIZE, 0))
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}


def _taken(data_dir: Path, holder: dict[str, Any]) -> Problem:
    pid, since = holder.get("pid", "?"), holder.get("since", "?")
    return Problem(
        409,
        "data_folder_in_use",
        f"数据目录 {data_dir} 正被进程 {pid} 使用（自 {since}）。请先停止它，或用 YINGKE_DATA_DIR 换一个目录。",
        f"The data folder {data_dir} is in use by process {pid} since {since}. Stop it, "
        "or choose another YINGKE_DATA_DIR.",
    )
