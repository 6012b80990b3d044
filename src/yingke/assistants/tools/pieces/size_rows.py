"""A row of a size table, read: which size, and for which height and weight it is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Range = tuple[float, float]
_SIZE = re.compile(r"^(?:尺码|码数|尺寸|号型|码|size)", re.I)
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("height", re.compile(r"身高|height", re.I)),
    ("weight", re.compile(r"体重|weight", re.I)),
)
_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(?:cm|kg|公斤|斤|厘米|m)?\s*(?:[-–—~～至到]\s*(\d+(?:\.\d+)?))?")
_JIN = re.compile(r"(?<!公)斤")
_UP_TO, _FROM = re.compile(r"以下|以内|≤|<|under|up to", re.I), re.compile(r"以上|≥|>|over|above|\+$", re.I)


@dataclass(frozen=True, slots=True)
class SizeRow:
    """`ranges`: height in cm, weight in kg. `text` is the passage itself."""

    size: str
    ranges: Mapping[str, Range]
    text: str
    passage_id: int = 0
    document_id: int = 0
    title: str = ""

    def shown(self) -> dict[str, Any]:
        return {
            "size": self.size,
            "ranges": {kind: list(span) for kind, span in self.ranges.items()},
            "text": self.text,
            "passage_id": str(self.passage_id),
            "document_id": str(self.document_id),
        }


def read_size_row(row: Mapping[str, Any] | None, text: str) -> SizeRow | None:
    """None for a row that names no size or no range of a body."""
    cells = {str(name): str(value) for name, value in (row or {}).items() if value}
    size = next((value.strip() for name, value in cells.items() if _SIZE.search(name.strip())), "")
    ranges: dict[str, Range] = {}
    for kind, named in _KINDS:
        for name, value in cells.items():
            if named.search(name) and (span := _range(value, kind, name)) is not None:
                ranges.setdefault(kind, span)
    return SizeRow(size, ranges, text) if size and len(size) <= 12 and ranges else None


def _range(value: str, kind: str, name: str) -> Range | None:
    match = _SPAN.search(value)
    if match is None:
        return None
    low = float(match[1])
    high = float(match[2]) if match[2] else low
    if not match[2] and _UP_TO.search(value):
        low = 0.0
    elif not match[2] and _FROM.search(value):
        high = 999.0
    # 斤 is half a kilogram; a height in metres is told by its size.
    factor = 0.5 if kind == "weight" and _JIN.search(name + value) else 1.0
    if kind == "height" and high < 3:
        factor = 100.0
    return low * factor, high * factor
