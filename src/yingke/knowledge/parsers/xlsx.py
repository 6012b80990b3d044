"""Workbooks: xlsx, xls and ods, every sheet, merged cells filled."""

from pathlib import Path
from typing import ClassVar

import python_calamine

from yingke.knowledge.parse import Section
from yingke.knowledge.parsers.contract import Draft, Parser
from yingke.knowledge.refusals import Refused
from yingke.knowledge.rows import cell_text, rows_to_sections

MAX_CELLS = 4_000_000


class XlsxParser(Parser):
    formats: ClassVar[tuple[str, ...]] = ("xlsx", "xls", "ods")

    def parse(self, path: Path) -> Draft:
        sections: list[Section] = []
        try:
            with python_calamine.CalamineWorkbook.from_path(str(path)) as workbook:
                names = [
                    sheet.name
                    for sheet in workbook.sheets_metadata
                    if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
                ]
                for name in names:
                    grid = _grid(workbook.get_sheet_by_name(name))
                    named = len(names) > 1 or not name.lower().startswith("sheet")
                    sections += rows_to_sections(grid, (name,) if named else ())
        except python_calamine.PasswordError as error:
            raise Refused("file_encrypted") from error
        except (python_calamine.CalamineError, OSError, ValueError) as error:
            raise Refused("file_corrupt") from error
        return Draft(sections)


def _grid(sheet: python_calamine.CalamineSheet) -> list[list[str]]:
    """Cells as text. A merged range repeats its value, so that each row is whole by itself."""
    if sheet.total_height * sheet.total_width > MAX_CELLS:
        raise Refused("file_too_much_text")
    grid = [[cell_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if top >= len(grid) or left >= len(grid[top]):
            continue
        value = grid[top][left]
        for row in grid[top : bottom + 1]:
            row[left : right + 1] = [value] * len(row[left : right + 1])
    return grid
