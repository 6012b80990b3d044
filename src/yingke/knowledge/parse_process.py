"""Runs one file through the parsing process: few at once, behind everything else, with a clock beside it."""

import asyncio
import contextlib
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


class _Slots:
    """How many processes of this loop may work at once: `plain` ones, and those that recognise text."""

    def __init__(self) -> None:
        self.plain = asyncio.Semaphore(os.cpu_count() or 1)
        self.recognising = asyncio.Semaphore(1)


_slots: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _Slots] = weakref.WeakKeyDictionary()


async def run_parse_process(
    wish: str, path: Path, file_name: str, *, seconds: float, memory_mb: int, on_progress: Progress | None = None
) -> bytes:
    """The answer of the process to `wish` ("document", "table" or "lines"), packed by it.

    `seconds` of CPU and `memory_mb` of the whole process, until it says that it recognises text in pictures; then
    OCR_SECONDS and OCR_MEMORY_MB. As many at once as there are cores, and beside them one that recognises text, so that
    scans hold nobody up; further ones stand still meanwhile. Raises Problem(422).
    """
    size = path.stat().st_size
    if size == 0:
        raise refuse("file_empty")
    if size > MAX_FILE_BYTES:
        raise refuse("file_too_big", str(MAX_FILE_BYTES // (1024 * 1024)))
    slots = _slots.setdefault(asyncio.get_running_loop(), _Slots())
    async with contextlib.AsyncExitStack() as held:
        plain = await held.enter_async_context(contextlib.AsyncExitStack())
        await plain.enter_async_context(slots.plain)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "yingke.knowledge.parse_child", wish, str(path), file_name,
            str(memory_mb), str(seconds), str(max(memory_mb, OCR_MEMORY_MB)), str(OCR_SECONDS),
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            env=_child_env(), start_new_session=True,
        )  # fmt: skip

        async def begin_recognition() -> None:
            _tell(process, signal.SIGSTOP)
            await plain.aclose()
            await held.enter_async_context(slots.recognising)
            _tell(process, signal.SIGCONT)

        try:
            return await _follow(process, seconds, on_progress, begin_recognition)
        except TimeoutError:
            raise refuse("file_timeout") from None
        finally:
            if process.returncode is None:
                _tell(process, signal.SIGKILL)
                await process.wait()


async def _follow(
    process: asyncio.subprocess.Process,
    seconds: float,
    on_progress: Progress | None,
    begin_recognition: Callable[[], Awaitable[None]],
) -> bytes:
    assert process.stdout is not None
    async with asyncio.timeout(seconds * _PATIENCE) as clock:
        recognises = False
        while True:
            try:
                kind, length = FRAME.unpack(await process.stdout.readexactly(FRAME.size))
                content = await process.stdout.readexactly(length)
            except asyncio.IncompleteReadError:
                raise refuse(_cause_of_death(await process.wait())) from None
            if kind == OCR and not recognises:
                recognises = True
                clock.reschedule(None)
                await begin_recognition()
                clock.reschedule(asyncio.get_running_loop().time() + OCR_SECONDS * _PATIENCE)
            elif kind == PROGRESS and on_progress is not None:
                await on_progress(*msgspec.msgpack.decode(content, type=tuple[int, int]))
            elif kind == REFUSED:
                raise refuse(*msgspec.msgpack.decode(content, type=tuple[str, str]))
            elif kind == ANSWER:
                return content


def _tell(process: asyncio.subprocess.Process, sign: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, sign)


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
