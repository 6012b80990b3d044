"""Comma, semicolon, tab or bar separated text as a grid."""

import csv
import io

from yingke.knowledge.refusals import Refused
from yingke.knowledge.rows import cell_text

_DELIMITERS = ",\t;|，"


def read_separated(text: str) -> list[list[str]]:
    """Rows of cells; raises Refused(file_corrupt)."""
    csv.field_size_limit(1_000_000)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=find_delimiter(text))
        return [[cell_text(cell) for cell in row] for row in reader]
    except csv.Error as error:
        raise Refused("file_corrupt") from error


def find_delimiter(text: str) -> str:
    """The sign that cuts the first lines into the most, and most equal, columns."""
    sample = text[:20_000]
    lines = sample.splitlines()[:30]
    best, best_score = ",", 0.0
    for sign in _DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=sign) if row]
        except csv.Error:
            continue
        if not widths or max(widths) < 2:
            continue
        usual = max(set(widths), key=widths.count)
        score = widths.count(usual) / len(widths) * min(usual, 8) if usual > 1 else 0
        if score > best_score:
            best, best_score = sign, score
    return best
