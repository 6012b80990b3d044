"""Reads one uploaded table as it is, for whoever wants its cells instead of its meaning."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from yingke.knowledge.parse_process import Progress, run_parse_process
from yingke.knowledge.refusals import refuse


@dataclass(frozen=True, slots=True)
class Table:
    """Every row has as many cells as there are columns; a cell is text, "" where the file has none.

    Column names are not empty and differ from each other. Of a workbook it is the visible sheet with the most rows.
    Objects of a JSON file are laid flat: `{"id": 1, "messages": [{"text": …}]}` gives one row a message with the
    columns `id` and `messages.text`.
    """

    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]


async def parse_table(
    path: Path, file_name: str, *, seconds: float = 60, memory_mb: int = 512, on_progress: Progress | None = None
) -> Table:
    """The table in an xlsx, xls, ods, csv (any delimiter and encoding) or JSON file (an array, or a line an object).

    Runs in the same kind of process as `parse`, under the same limits. Raises Problem(422) with a code of
    `refusals.CODES`; `file_no_table` when there is text but no table in it.
    """
    content = await run_parse_process(
        "table", path, file_name, seconds=seconds, memory_mb=memory_mb, on_progress=on_progress
    )
    try:
        return msgspec.msgpack.decode(content, type=Table)
    except msgspec.DecodeError:
        raise refuse("file_corrupt") from None
