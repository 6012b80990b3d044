"""Reads one uploaded file into sections, in a child process with time, memory and size limits."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import msgspec

from yingke.knowledge.parse_process import MAX_FILE_BYTES, Progress, run_parse_process
from yingke.knowledge.refusals import refuse

__all__ = ["MAX_FILE_BYTES", "Kind", "Note", "Parsed", "Section", "parse"]

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
class Note:
    """Something the owner should know of a file that was read all the same; `parse_notes.SENTENCES` holds the codes."""

    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A whole document. `language` is "zh", "en" or "other"; `looks_internal` asks a person to decide the audience."""

    title: str
    sections: list[Section]
    format: str
    language: str
    looks_internal: bool
    notes: list[Note] = field(default_factory=list)


async def parse(
    path: Path, file_name: str, *, seconds: float = 60, memory_mb: int = 512, on_progress: Progress | None = None
) -> Parsed:
    """The sections of the file at `path`; `file_name` is the name the owner gave it.

    The content decides the format, the extension only tells text formats apart. `seconds` of CPU and `memory_mb` bound
    the process, more where pictures are read (see `parse_process`); `on_progress(done, total)` counts the pages of a
    scan. Cancelling the task ends the process. Raises Problem(422) whose code is one of `refusals.CODES`.
    """
    content = await run_parse_process(
        "document", path, file_name, seconds=seconds, memory_mb=memory_mb, on_progress=on_progress
    )
    try:
        return msgspec.msgpack.decode(content, type=Parsed)
    except msgspec.DecodeError:
        raise refuse("file_corrupt") from None
