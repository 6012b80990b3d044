"""The table of a file with its column names; runs in the parsing process."""

from pathlib import Path

from yingke.knowledge.decode import decode
from yingke.knowledge.lay_flat import MAX_ROWS, find_records, lay_flat, read_json, to_grid
from yingke.knowledge.parse_table import Table
from yingke.knowledge.refusals import Refused
from yingke.knowledge.separated import read_separated
from yingke.knowledge.workbook import read_workbook

MAX_CHARS = 60_000_000
_TITLE_ROWS = 12


def read_table(path: Path, file_format: str) -> Table:
    """Raises Refused: file_no_table, file_too_much_text and what the formats raise."""
    if file_format in ("xlsx", "xls", "ods"):
        grids = [sheet.grid for sheet in read_workbook(path).sheets]
        grid, start = max(grids, key=len, default=[]), None
    elif file_format == "json":
        records = find_records(read_json(decode(path.read_bytes())))
        grid, start = to_grid(lay_flat(records)) if records else [], 0
    elif file_format in ("csv", "txt"):
        grid, start = read_separated(decode(path.read_bytes())), None
    else:
        raise Refused("file_no_table")
    return _as_table(grid, start)


def _as_table(grid: list[list[str]], start: int | None) -> Table:
    rows = [row for row in grid if any(row)]
    width = max((len(row) for row in rows), default=0)
    if width < 2 or len(rows) < 2:
        raise Refused("file_no_table")
    if len(rows) > MAX_ROWS or sum(len(cell) for row in rows for cell in row) > MAX_CHARS:
        raise Refused("file_too_much_text")
    rows = [row + [""] * (width - len(row)) for row in rows]
    if start is None:
        start = _first_full(rows, width)
    return Table(_names(rows[start]), [tuple(row) for row in rows[start + 1 :]])


def _first_full(rows: list[list[str]], width: int) -> int:
    """The header: the first row that is filled over half the width; titles above it are not."""
    for index, row in enumerate(rows[:_TITLE_ROWS]):
        if len({cell for cell in row if cell}) >= max(2, (width + 1) // 2):
            return index
    return 0


def _names(header: list[str]) -> tuple[str, ...]:
    names: list[str] = []
    for position, cell in enumerate(header, start=1):
        name = " ".join(cell.split())[:100] or f"列{position}"
        names.append(name if name not in names else f"{name} ({position})")
    return tuple(names)
