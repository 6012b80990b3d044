"""Workbooks: xlsx, xls and ods, every visible sheet, merged cells filled."""

from pathlib import Path
from typing import ClassVar

from yingke.knowledge.catalogue import is_export, read_export
from yingke.knowledge.parsers.contract import Draft, Parser
from yingke.knowledge.rows import rows_to_sections
from yingke.knowledge.sections import Note, Section
from yingke.knowledge.workbook import read_workbook


class XlsxParser(Parser):
    formats: ClassVar[tuple[str, ...]] = ("xlsx", "xls", "ods")

    def parse(self, path: Path) -> Draft:
        workbook = read_workbook(path)
        sections: list[Section] = []
        for sheet in workbook.sheets:
            named = len(workbook.sheets) > 1 or not sheet.name.lower().startswith("sheet")
            if sheet.grid and is_export(sheet.grid[0]):
                sections += read_export(sheet.grid)
            else:
                sections += rows_to_sections(sheet.grid, (sheet.name,) if named else ())
        notes = []
        if workbook.hidden:
            notes.append(Note("hidden_sheets", "、".join(workbook.hidden)[:200]))
        if workbook.without_value:
            notes.append(Note("formulas_without_value", str(workbook.without_value)))
        return Draft(sections, notes=notes)
