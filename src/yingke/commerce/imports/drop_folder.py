"""The folder into which an ERP puts its daily file: looked at every minute, each file taken in once and moved away."""

import asyncio
import contextlib
import os
import stat
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog

from yingke.commerce.imports.imports import NewImport, add_import
from yingke.kit.db import Database
from yingke.kit.errors import Problem
from yingke.kit.files import Files

log = structlog.get_logger("imports")
DONE, PROBLEM = "done", "problem"
MOST_FILES = 200
_PIECE = 256 * 1024
_UNFINISHED = (".tmp", ".part", ".partial", ".crdownload", ".filepart", ".swp", "~")
_SUFFIXES = (".xlsx", ".xls", ".ods", ".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson")
_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_ENDED = ("ready", "failed", "cancelled", "undone", "undoing", "mapping", "leaving")


@dataclass(frozen=True)
class Lying:
    """A plain file in the folder."""

    name: str
    size: int
    changed_at: datetime


@dataclass(frozen=True)
class DropFolder:
    """`root`/<workspace id>/, with done/ and problem/ below it. Every step is taken from an open folder, and follows no link."""

    root: Path
    workspace_id: int

    @contextlib.contextmanager
    def open(self, below: str | None = None) -> Iterator[int]:
        """A descriptor of the folder, or of the one `below` it, which is made. Raises OSError, also where a link lies."""
        with contextlib.ExitStack() as stack:

            def enter(name: str, inside: int | None) -> int:
                folder = os.open(name, _DIRECTORY, dir_fd=inside)
                stack.callback(os.close, folder)
                return folder

            # The root itself is the operator's own choice and may be a link.
            top = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            stack.callback(os.close, top)
            folder = enter(str(self.workspace_id), top)
            if below is not None:
                with contextlib.suppress(FileExistsError):
                    os.mkdir(below, 0o770, dir_fd=folder)
                folder = enter(below, folder)
            yield folder

    def make(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            (self.root / str(self.workspace_id)).mkdir(mode=0o770)
        for below in (DONE, PROBLEM):
            with self.open(below):
                pass

    def list_files(self) -> list[Lying]:
        """Plain files of the kinds that are read, by name; no links of either kind, no folders, nothing half written."""
        with self.open() as folder:
            found = [_look(folder, entry.name) for entry in os.scandir(folder) if is_wanted(entry.name)]
        return sorted((one for one in found if one is not None), key=lambda one: one.name)[:MOST_FILES]

    def count(self, below: str) -> int:
        """How many files were put there; 0 where the folder is missing."""
        try:
            with self.open(below) as folder:
                return sum(is_wanted(entry.name) for entry in os.scandir(folder))
        except OSError:
            return 0

    def move(self, name: str, below: str, note: str) -> None:
        """Puts the file into done/ or problem/ under a name with its time, and the note beside it."""
        kept = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{name}"
        with self.open() as folder, self.open(below) as target:
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
            with os.fdopen(os.open(f"{kept}.note.txt", flags, 0o660, dir_fd=target), "w", encoding="utf-8") as file:
                file.write(note)
            with contextlib.suppress(FileNotFoundError):
                os.rename(name, kept, src_dir_fd=folder, dst_dir_fd=target)


def is_wanted(name: str) -> bool:
    """A table by its ending, and neither hidden nor half written."""
    lowered = name.lower()
    if name.startswith((".", "~$")) or lowered.endswith((*_UNFINISHED, ".note.txt")) or len(name) > 200:
        return False
    return lowered.endswith(_SUFFIXES) and name.isprintable() and "/" not in name


def _look(folder: int, name: str) -> Lying | None:
    try:
        found = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except OSError:
        return None
    # A second name of a file elsewhere would bring that file in.
    if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1:
        return None
    return Lying(name, found.st_size, datetime.fromtimestamp(int(found.st_mtime), UTC))


async def watch_drop_folders(db: Database, files: Files, root: str, max_bytes: int) -> None:
    """By the clock: one look at the folder of every workspace that has one."""
    if not root:
        return
    for workspace_id in await asyncio.to_thread(_workspaces, Path(root)):
        try:
            await look_into(db, files, DropFolder(Path(root), workspace_id), max_bytes)
        except OSError as error:
            log.warning("drop folder cannot be read", workspace=workspace_id, errno=error.errno)


def _workspaces(root: Path) -> list[int]:
    try:
        names = [entry.name for entry in os.scandir(root) if entry.is_dir(follow_symlinks=False)]
    except OSError:
        return []
    return sorted(
        int(name) for name in names if name.isascii() and name.isdigit() and name[0] != "0" and len(name) < 19
    )


async def look_into(db: Database, files: Files, folder: DropFolder, max_bytes: int) -> None:
    """Takes in what has not changed since the last look, and moves away what is through. Nothing is lost by a kill at
    any line: a file goes only when its import has ended, and what is remembered of it last of all."""
    workspace_id = folder.workspace_id
    async with db.transaction(workspace_id) as tx:
        if not await tx.fetchval("select 1 from workspaces where id = $1", workspace_id):
            return
        rows = await tx.fetch("select d.*, i.state, i.reason from drop_files d left join shop_imports i"
                              " on i.workspace_id = d.workspace_id and i.id = d.import_id where d.workspace_id = $1", workspace_id)  # fmt: skip
    remembered = {row["name"]: row for row in rows}
    lying = {one.name: one for one in await asyncio.to_thread(folder.list_files)}
    for name, one in lying.items():
        await _step(db, files, folder, one, remembered.get(name), max_bytes)
    gone = [name for name in remembered if name not in lying]
    if gone:
        async with db.transaction(workspace_id) as tx:
            await tx.execute("delete from drop_files where workspace_id = $1 and name = any($2)", workspace_id, gone)


async def _step(db: Database, files: Files, folder: DropFolder, one: Lying, row: Any, max_bytes: int) -> None:
    is_same = row is not None and (row["size"], row["changed_at"]) == (one.size, one.changed_at)
    if not is_same:
        async with db.transaction(folder.workspace_id) as tx:
            await tx.execute(
                "insert into drop_files (workspace_id, name, size, changed_at) values ($1, $2, $3, $4)"
                " on conflict (workspace_id, name) do update set size = excluded.size, changed_at = excluded.changed_at,"
                " import_id = null, seen_at = now()",
                folder.workspace_id,
                one.name,
                one.size,
                one.changed_at,
            )
    elif row["import_id"] is None:
        await _take_in(db, files, folder, one, max_bytes)
    elif row["state"] is None or row["state"] in _ENDED:
        below, note = _note(row["state"], row["reason"])
        await _away(db, folder, one.name, below, note)


async def _take_in(db: Database, files: Files, folder: DropFolder, one: Lying, max_bytes: int) -> None:
    try:
        stored = await files.save(folder.workspace_id, _pieces(folder, one), max_bytes)
    except Problem as problem:
        if problem.status not in (413, 422):
            raise
        await _away(db, folder, one.name, PROBLEM, f"{problem.zh}\n{problem.en}\n")
        return
    async with db.transaction(folder.workspace_id) as tx:
        # Another process may have taken it in meanwhile.
        mine = await tx.fetchval(
            "select 1 from drop_files where workspace_id = $1 and name = $2 and import_id is null for update",
            folder.workspace_id,
            one.name,
        )
        if mine:
            import_id = await add_import(tx, folder.workspace_id, NewImport(one.name, stored, "drop"), None)
            await tx.execute(
                "update drop_files set import_id = $3 where workspace_id = $1 and name = $2",
                folder.workspace_id,
                one.name,
                import_id,
            )


async def _pieces(folder: DropFolder, one: Lying) -> AsyncIterator[bytes]:
    """The file's content, if it still is the plain file that was looked at."""

    def open_it() -> int:
        with folder.open() as inside:
            return os.open(one.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=inside)

    descriptor = await asyncio.to_thread(open_it)
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1:
            return
        while piece := await asyncio.to_thread(file.read, _PIECE):
            yield piece


async def _away(db: Database, folder: DropFolder, name: str, below: str, note: str) -> None:
    await asyncio.to_thread(folder.move, name, below, note)
    async with db.transaction(folder.workspace_id) as tx:
        await tx.execute("delete from drop_files where workspace_id = $1 and name = $2", folder.workspace_id, name)


def _note(state: str | None, reason: dict[str, str] | None) -> tuple[str, str]:
    if state == "ready":
        return (
            DONE,
            "已导入。未能读取的行列在「商品与订单 → 导入」里。\nImported. Rows that could not be read are listed under Shop → Import.\n",
        )
    if state == "mapping":
        return PROBLEM, (
            "表头是第一次见到。请在「商品与订单 → 导入」里确认各列的含义，确认后会直接导入，不用再放一次；以后同样表头的文件自动导入。\n"
            "This header is new. Confirm under Shop → Import what its columns mean: it is then imported from there, and files"
            " with the same header come in by themselves from then on.\n"
        )
    if reason is not None:
        return PROBLEM, f"{reason['zh']}\n{reason['en']}\n"
    return PROBLEM, "没有导入：导入被取消或撤销了。\nNot imported: the import was cancelled or taken back.\n"
