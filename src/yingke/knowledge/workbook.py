"""The visible sheets of a workbook as grids of text: xlsx, xls and ods. Formulas are never computed."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import python_calamine

from yingke.knowledge.refusals import Refused
from yingke.knowledge.rows import cell_text

MAX_CELLS = 4_000_000
_ERRORS = frozenset(("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!"))
_UNSAVED = re.compile(rb"<f(?:\s[^>]{0,300})?(?:/>|>[^<]{0,8192}</f>)\s*(?:</c>|<v\s*/>|<v>\s*</v>)")
_BLOCK, _OVERLAP = 1 << 20, 9000


@dataclass(frozen=True, slots=True)
class Sheet:
    """`grid` holds the cells as a person sees them; a merged range repeats its value."""

    name: str
    grid: list[list[str]]


@dataclass(frozen=True, slots=True)
class Workbook:
    """`hidden` names the sheets left out; `without_value` counts formulas whose result was not saved or is an error."""

    sheets: list[Sheet]
    hidden: list[str]
    without_value: int


def read_workbook(path: Path) -> Workbook:
    """Raises Refused: file_encrypted, file_corrupt, file_too_much_text."""
    sheets, hidden, errors = [], [], 0
    try:
        with python_calamine.CalamineWorkbook.from_path(str(path)) as workbook:
            for sheet in workbook.sheets_metadata:
                if sheet.typ != python_calamine.SheetTypeEnum.WorkSheet:
                    continue
                if sheet.visible != python_calamine.SheetVisibleEnum.Visible:
                    hidden.append(sheet.name)
                    continue
                grid, wrong = _grid(workbook.get_sheet_by_name(sheet.name))
                errors += wrong
                sheets.append(Sheet(sheet.name, grid))
    except python_calamine.PasswordError as error:
        raise Refused("file_encrypted") from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise Refused("file_corrupt") from error
    return Workbook(sheets, hidden, errors + _count_unsaved(path))


def _grid(sheet: python_calamine.CalamineSheet) -> tuple[list[list[str]], int]:
    """Cells as text, and how many held an error."""
    if sheet.total_height * sheet.total_width > MAX_CELLS:
        raise Refused("file_too_much_text")
    errors = 0
    grid = [[cell_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for row in grid:
        for column, cell in enumerate(row):
            if cell.startswith("#") and cell in _ERRORS:
                row[column] = ""
                errors += 1
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if top >= len(grid) or left >= len(grid[top]):
            continue
        value = grid[top][left]
        for row in grid[top : bottom + 1]:
            row[left : right + 1] = [value] * len(row[left : right + 1])
    return grid, errors


def _count_unsaved(path: Path) -> int:
    """Formulas of an xlsx that some program wrote without their result."""
    if not zipfile.is_zipfile(path):
        return 0
    count = 0
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            if entry.filename.startswith("xl/worksheets/") and entry.filename.endswith(".xml"):
                count += sum(len(_UNSAVED.findall(block)) for block in _blocks(archive, entry))
    return count


def _blocks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part in pieces that each end behind a cell, so that no formula is cut or counted twice."""
    held = b""
    with archive.open(entry) as part:
        while block := part.read(_BLOCK):
            held += block
            end = held.rfind(b"</c>") + 4
            if end > 3:
                yield held[:end]
                held = held[end:]
            elif len(held) > _BLOCK:
                held = held[-_OVERLAP:]
    yield held
