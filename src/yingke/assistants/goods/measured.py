"""Figures as shops write them, in the smallest unit."""

import re

_UNITS = {
    "kg": 1000.0, "公斤": 1000.0, "千克": 1000.0, "g": 1.0, "克": 1.0, "斤": 500.0, "m": 100.0, "米": 100.0, "cm": 1.0,
    "厘米": 1.0,
}  # fmt: skip
_MEASURED = re.compile(r"(\d+(?:\.\d+)?)\s*(kg|公斤|千克|g|克|斤|cm|厘米|m|米)?", re.IGNORECASE)


def measured(text: str) -> float | None:
    """The first figure in the smallest unit: 2.1kg → 2100; None for words without one."""
    found = _MEASURED.search(text)
    return float(found[1]) * _UNITS.get((found[2] or "").lower(), 1.0) if found else None
