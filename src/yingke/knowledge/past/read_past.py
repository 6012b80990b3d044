"""Reads a file of past chats in child processes, so that nothing personal and nothing heavy reaches this one."""

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

from yingke.knowledge.parse_process import run_parse_process
from yingke.knowledge.past.look import PastLook
from yingke.knowledge.past.mapping import PastMapping
from yingke.knowledge.past.read_rows import PastConversation, Problem
from yingke.knowledge.refusals import refuse

SECONDS = 180.0
MEMORY_MB = 768
FRAME = struct.Struct("<cI")
LOOK, BATCH, END = b"l", b"b", b"e"


class Wish(Struct):
    """What the child is to do with the table that follows."""

    is_look: bool
    mapping: PastMapping | None
    time_zone: str


class Batch(Struct):
    """`share` of the file that is read with this batch, 0..1."""

    share: float
    conversations: list[PastConversation]


class Ending(Struct):
    """The child's last word: rows seen and left out."""

    rows: int
    skipped: int
    problems: list[Problem]


async def look_at_file(path: Path, file_name: str, mapping: PastMapping | None, time_zone: str) -> PastLook:
    """How the file would be read. Raises Problem(422) with a code of `refusals.CODES`; FileNotFoundError."""
    table = await run_parse_process("table", path, file_name, seconds=60, memory_mb=512)
    async with _child(Wish(True, mapping, time_zone), table) as process:
        kind, content = await _frame(process)
        if kind != LOOK:
            raise refuse("file_corrupt")
        return msgspec.msgpack.decode(content, type=PastLook)


async def read_past(path: Path, file_name: str, mapping: PastMapping) -> AsyncIterator[Batch | Ending]:
    """Batches of conversations, oldest first, then the ending. Raises like `look_at_file`."""
    table = await run_parse_process("table", path, file_name, seconds=60, memory_mb=512)
    async with _child(Wish(False, mapping, mapping.time_zone), table) as process:
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
        sys.executable, "-m", "yingke.knowledge.past.read_child", str(MEMORY_MB), str(SECONDS),
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
        async with asyncio.timeout(SECONDS):
            kind, length = FRAME.unpack(await process.stdout.readexactly(FRAME.size))
            return kind, await process.stdout.readexactly(length)
    except asyncio.IncompleteReadError:
        returncode = await process.wait()
        raise refuse("file_timeout" if returncode == -signal.SIGXCPU else "file_memory") from None
    except TimeoutError:
        raise refuse("file_timeout") from None


def _environment() -> dict[str, str]:
    """Only what Python needs: no secret of the parent reaches the child."""
    kept = {key: os.environ[key] for key in ("PATH", "LANG", "LC_ALL", "VIRTUAL_ENV") if key in os.environ}
    kept["PYTHONPATH"] = os.pathsep.join(entry for entry in sys.path if entry)
    return kept | {"MALLOC_ARENA_MAX": "1", "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
