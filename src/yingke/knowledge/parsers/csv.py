"""Comma, semicolon, tab or bar separated tables."""

from pathlib import Path
from typing import ClassVar

from yingke.knowledge.catalogue import is_export, read_export
from yingke.knowledge.decode import decode
from yingke.knowledge.parsers.contract import Draft, Parser
from yingke.knowledge.rows import rows_to_sections
from yingke.knowledge.separated import read_separated


class CsvParser(Parser):
    formats: ClassVar[tuple[str, ...]] = ("csv",)

    def parse(self, path: Path) -> Draft:
        grid = read_separated(decode(path.read_bytes()))
        return Draft(read_export(grid) if grid and is_export(grid[0]) else rows_to_sections(grid, ()))
