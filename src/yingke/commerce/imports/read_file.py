"""Reads an exported file in child processes, so that nothing heavy and nothing hostile reaches this one."""

import asyncio
import contextlib
import os
import signal
import struct
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
from msgspec import Struct

from yingke.commerce.imports.inputs import Record
from yingke.commerce.imports.look import ImportLook
from yingke.commerce.imports.mapping import ImportMapping, Kind
from yingke.commerce.imports.problems import RowProblem
from yingke.commerce.imports.tables import TableReader
from yingke.kit.errors import Problem

SECONDS = 180.0
MEMORY_MB = 1024
FRAME = struct.Struct("<cI")
LOOK, BATCH, END = b"l", b"b", b"e"


class Wish(Struct):
    """What the child is to do with the table that follows."""

    is_look: bool
    mapping: ImportMapping | None
    kind: Kind | None
    time_zone: str


class Batch(Struct):
    """`start` counts the records before these, of `total`."""

    start: int
    total: int
    records: list[Record]


class Ending(Struct):
    """The child's last word: rows of the table, records read, rows left out."""

    rows: int
    records: int
    skipped: int
    problems: list[RowProblem]


async def look_at_file(
    tables: TableReader, path: Path, file_name: str, mapping: ImportMapping | None, kind: Kind | None, time_zone: str
) -> ImportLook:
    """How the file would be read. Raises Problem(422) that says why it cannot; FileNotFoundError."""
    table = await tables.read(path, file_name)
    async with _child(Wish(True, mapping, kind, time_zone), table) as process:
        _, content = await _frame(process)
        return msgspec.msgpack.decode(content, type=ImportLook)


async def read_file(
    tables: TableReader, path: Path, file_name: str, mapping: ImportMapping
) -> AsyncIterator[Batch | Ending]:
    """Batches of what the file tells, the same ones each time it is read; then the ending. Raises like `look_at_file`."""
    table = await tables.read(path, file_name)
    async with _child(Wish(False, mapping, mapping.kind, mapping.time_zone), table) as process:
        del table
        while True:
            kind, content = await _frame(process)
            if kind == END:
                yield msgspec.msgpack.decode(content, type=Ending)
                return
            yield msgspec.msgpack.decode(content, type=Batch)


@contextlib.asynccontextmanager
async def _child(wish: Wish, table: bytes) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "yingke.commerce.imports.read_child", str(MEMORY_MB), str(SECONDS),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        env=_environment(), start_new_session=True,
    )  # fmt: skip
    try:
        assert process.stdin is not None
        packed = msgspec.msgpack.encode(wish)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            process.stdin.write(FRAME.pack(b"w", len(packed)) + packed)
            process.stdin.write(table)
            await process.stdin.drain()
            process.stdin.close()
        yield process
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


async def _frame(process: asyncio.subprocess.Process) -> tuple[bytes, bytes]:
    assert process.stdout is not None
    try:
        async with asyncio.timeout(SECONDS * 3):
            kind, length = FRAME.unpack(await process.stdout.readexactly(FRAME.size))
            return kind, await process.stdout.readexactly(length)
    except (asyncio.IncompleteReadError, TimeoutError):
        raise Problem(
            422,
            "file_too_heavy",
            "读取这个文件需要的时间或内存太多，已停止。请按日期拆成几个文件再导入。",
            "Reading this file takes too much time or memory and was stopped. Split it by date and import the parts.",
        ) from None


def _environment() -> dict[str, str]:
    """Only what Python needs: no secret of the parent reaches the child."""
    kept = {key: os.environ[key] for key in ("PATH", "LANG", "LC_ALL", "VIRTUAL_ENV") if key in os.environ}
    kept["PYTHONPATH"] = os.pathsep.join(entry for entry in sys.path if entry)
    return kept | {"MALLOC_ARENA_MAX": "1", "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
