"""Reads one uploaded file into sections, in a child process with time, memory and size limits."""

import asyncio
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from yingke.knowledge.refusals import refuse

MAX_FILE_BYTES = 50 * 1024 * 1024

Kind = Literal["text", "row", "qa"]


@dataclass(frozen=True, slots=True)
class Section:
    """A piece of a document as its author arranged it.

    `row` holds the cells by column name for kind "row"; for kind "qa" it holds `问题`, `答案` and, where the
    document lists them, `相似问法` (one a line). `page` counts from 1 and is known for PDF only.
    """

    heading_path: tuple[str, ...]
    text: str
    kind: Kind = "text"
    row: dict[str, str] | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """A whole document. `language` is "zh", "en" or "other"; `looks_internal` asks a person to decide the audience."""

    title: str
    sections: list[Section]
    format: str
    language: str
    looks_internal: bool


@dataclass(frozen=True, slots=True)
class ChildAnswer:
    """What the child writes to its pipe: a document, or the code of a refusal with a detail for its sentence."""

    parsed: Parsed | None = None
    refused: str | None = None
    detail: str = ""


async def parse(path: Path, file_name: str, *, seconds: float = 60, memory_mb: int = 512) -> Parsed:
    """The sections of the file at `path`; `file_name` is the name the owner gave it.

    The content decides the format, the extension only tells text formats apart. Raises Problem(422) whose code is one
    of `refusals.CODES`: empty, encrypted, corrupt, unsupported, too big, bomb, timeout, memory, no text.
    """
    size = path.stat().st_size
    if size == 0:
        raise refuse("file_empty")
    if size > MAX_FILE_BYTES:
        raise refuse("file_too_big", str(MAX_FILE_BYTES // (1024 * 1024)))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "yingke.knowledge.parse_child", str(path), file_name, str(memory_mb), str(seconds),
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        env=_child_env(), start_new_session=True,
    )  # fmt: skip
    try:
        output, _ = await asyncio.wait_for(process.communicate(), seconds)
    except TimeoutError:
        raise refuse("file_timeout", f"{seconds:g}") from None
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
    return _read_answer(output, process.returncode)


def _read_answer(output: bytes, returncode: int | None) -> Parsed:
    try:
        answer = msgspec.msgpack.decode(output, type=ChildAnswer)
    except msgspec.DecodeError:
        # A native library that cannot get memory aborts; one that meets a broken file crashes.
        if returncode == -signal.SIGXCPU:
            raise refuse("file_timeout", "") from None
        raise refuse("file_memory" if returncode == -signal.SIGABRT else "file_corrupt") from None
    if answer.parsed is None:
        raise refuse(answer.refused or "file_corrupt", answer.detail)
    return answer.parsed


def _child_env() -> dict[str, str]:
    """Only what Python needs: no secret of the parent reaches code that reads strangers' files."""
    kept = {key: os.environ[key] for key in ("PATH", "LANG", "LC_ALL", "VIRTUAL_ENV") if key in os.environ}
    kept["PYTHONPATH"] = os.pathsep.join(entry for entry in sys.path if entry)
    # glibc gives each thread its own 64 MB arena, which RLIMIT_AS counts.
    return kept | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1", "PYTHONUTF8": "1"}
