"""Figures of a question against ranges in a table: 175 cm lies in 172-178."""

import re
from collections.abc import Mapping, Sequence

from yingke.kit.expression import expression
from yingke.knowledge.fold import fold

_ASKED = expression(r"([\u4e00-\u9fff]{0,4})[^\d\u4e00-\u9fff]{0,2}(\d{2,4}(?:\.\d+)?)\s*(斤|公斤|kg|cm|厘米|码)?")
_RANGE = re.compile(r"(\d+(?:\.\d+)?)\s*[-–~至到]\s*(\d+(?:\.\d+)?)")
_UNIT_COLUMNS = {"斤": "体重", "公斤": "体重", "kg": "体重", "cm": "身高", "厘米": "身高", "码": "码"}


def fits_ranges(asked: Sequence[tuple[str, float]], ranges: Mapping[str, tuple[float, float]]) -> float:
    """1.0 when every figure asked lies in a range of the row, -1.0 when one lies in none, 0.0 without ranges."""
    if not ranges or not asked:
        return 0.0
    return 1.0 if all(matching_columns(column, figure, ranges) for column, figure in asked) else -1.0


def list_ranges(row: dict[str, str] | None) -> dict[str, tuple[float, float]]:
    """Column → lowest and highest figure, for cells that are one range."""
    found = {}
    for column, cell in (row or {}).items():
        spans = _RANGE.findall(cell)
        if len(spans) == 1:
            low, high = float(spans[0][0]), float(spans[0][1])
            if low < high:
                found[fold(column)] = (low, high)
    return found


def asked_figures(question: str) -> list[tuple[str, float]]:
    """Figures with the word before them or the column their unit speaks of; "" when neither is known."""
    found = _ASKED.finditer(fold(question))
    return [(_UNIT_COLUMNS.get(one[3], one[1]), float(one[2])) for one in found]


def matching_columns(word: str, figure: float, ranges: Mapping[str, tuple[float, float]]) -> list[str]:
    """Columns whose range holds the figure; only those the word speaks of, if there are such."""
    named = [column for column in ranges if word and (column[:2] in word or word in column)]
    return [column for column in named or ranges if ranges[column][0] <= figure <= ranges[column][1]]
