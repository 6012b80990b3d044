"""Reads one uploaded file into sections, in a child process with time, memory and size limits."""

from pathlib import Path

import msgspec

from yingke.knowledge.parse_process import MAX_FILE_BYTES, Progress, run_parse_process
from yingke.knowledge.refusals import refuse
from yingke.knowledge.sections import Kind, Note, Parsed, Section

__all__ = ["MAX_FILE_BYTES", "Kind", "Note", "Parsed", "Section", "parse"]


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
