"""Runs one file through the parsing process: few at once, behind everything else, with a clock beside it."""

import asyncio
import os
import signal
import sys
import weakref
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec

from yingke.knowledge.parse_frames import ANSWER, FRAME, OCR, OCR_MEMORY_MB, OCR_SECONDS, PROGRESS, REFUSED
from yingke.knowledge.refusals import refuse

MAX_FILE_BYTES = 50 * 1024 * 1024
_PATIENCE = 3
"""A process that gives way to everybody else may take this many times the CPU seconds it is allowed."""

Progress = Callable[[int, int], Awaitable[None]]
_slots: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = weakref.WeakKeyDictionary()


async def run_parse_process(
    wish: str, path: Path, file_name: str, *, seconds: float, memory_mb: int, on_progress: Progress | None = None
) -> bytes:
    """The answer of the process to `wish` ("document" or "table"), packed by it.

    `seconds` of CPU and `memory_mb` of the whole process, until it says that it recognises text in pictures; then
    OCR_SECONDS and OCR_MEMORY_MB. As many at once as there are cores. Raises Problem(422).
    """
    size = path.stat().st_size
    if size == 0:
        raise refuse("file_empty")
    if size > MAX_FILE_BYTES:
        raise refuse("file_too_big", str(MAX_FILE_BYTES // (1024 * 1024)))
    async with _slots.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(os.cpu_count() or 1)):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "yingke.knowledge.parse_child", wish, str(path), file_name,
            str(memory_mb), str(seconds), str(max(memory_mb, OCR_MEMORY_MB)), str(OCR_SECONDS),
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            env=_child_env(), start_new_session=True,
        )  # fmt: skip
        try:
            return await _follow(process, seconds, on_progress)
        except TimeoutError:
            raise refuse("file_timeout") from None
        finally:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)
                await process.wait()


async def _follow(process: asyncio.subprocess.Process, seconds: float, on_progress: Progress | None) -> bytes:
    assert process.stdout is not None
    async with asyncio.timeout(seconds * _PATIENCE) as clock:
        while True:
            try:
                kind, length = FRAME.unpack(await process.stdout.readexactly(FRAME.size))
                content = await process.stdout.readexactly(length)
            except asyncio.IncompleteReadError:
                raise refuse(_cause_of_death(await process.wait())) from None
            if kind == OCR:
                clock.reschedule(asyncio.get_running_loop().time() + OCR_SECONDS * _PATIENCE)
            elif kind == PROGRESS and on_progress is not None:
                await on_progress(*msgspec.msgpack.decode(content, type=tuple[int, int]))
            elif kind == REFUSED:
                raise refuse(*msgspec.msgpack.decode(content, type=tuple[str, str]))
            elif kind == ANSWER:
                return content


def _cause_of_death(returncode: int) -> str:
    """A native library that cannot get memory aborts; one that meets a broken file crashes."""
    if returncode == -signal.SIGXCPU:
        return "file_timeout"
    return "file_memory" if returncode == -signal.SIGABRT else "file_corrupt"


def _child_env() -> dict[str, str]:
    """Only what Python needs: no secret of the parent reaches code that reads strangers' files."""
    kept = {key: os.environ[key] for key in ("PATH", "LANG", "LC_ALL", "VIRTUAL_ENV") if key in os.environ}
    kept["PYTHONPATH"] = os.pathsep.join(entry for entry in sys.path if entry)
    # glibc gives each thread its own 64 MB arena, which RLIMIT_AS counts.
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return kept | threads | {"MALLOC_ARENA_MAX": "1", "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
