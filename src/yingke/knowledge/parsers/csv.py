"""Comma, semicolon, tab or bar separated tables."""

import csv
import io
from pathlib import Path
from typing import ClassVar

from yingke.knowledge.decode import decode
from yingke.knowledge.parsers.contract import Draft, Parser
from yingke.knowledge.refusals import Refused
from yingke.knowledge.rows import cell_text, rows_to_sections

_DELIMITERS = ",\t;|，"


class CsvParser(Parser):
    formats: ClassVar[tuple[str, ...]] = ("csv",)

    def parse(self, path: Path) -> Draft:
        text = decode(path.read_bytes())
        csv.field_size_limit(1_000_000)
        try:
            grid = [
                [cell_text(cell) for cell in row]
                for row in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
            ]
        except csv.Error as error:
            raise Refused("file_corrupt") from error
        return Draft(rows_to_sections(grid, ()))


def _delimiter(text: str) -> str:
    """The sign that cuts the first lines into the most, and most equal, columns."""
    sample = text[:20_000]
    lines = sample.splitlines()[:30]
    best, best_score = ",", 0.0
    for sign in _DELIMITERS:
        widths = [len(row) for row in csv.reader(lines, delimiter=sign) if row]
        if not widths or max(widths) < 2:
            continue
        usual = max(set(widths), key=widths.count)
        score = widths.count(usual) / len(widths) * min(usual, 8) if usual > 1 else 0
        if score > best_score:
            best, best_score = sign, score
    return best
