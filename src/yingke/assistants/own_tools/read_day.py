"""A day as customers name it: 2025-03-01, 3月1号, 昨天, tomorrow."""

import re
import unicodedata
from datetime import date, timedelta

_WHOLE = re.compile(r"(?<!\d)(20\d{2}|19\d{2})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?!\d)")
_PART = re.compile(r"(?<!\d)(\d{1,2})\s?(?:月|[-/])\s?(\d{1,2})(?:\s?[日号])?(?!\d)")
_NAMED: tuple[tuple[str, int], ...] = (
    (r"大前天", -3), (r"前天|day before yesterday", -2), (r"昨[天日晚]|yesterday", -1), (r"大后天", 3),
    (r"后天|day after tomorrow", 2), (r"明[天日早晚]|tomorrow", 1), (r"今[天日早晚]|today", 0),
)  # fmt: skip
HALF_YEAR = 183


def read_day(text: str, today: date) -> date | None:
    """A day without a year is the nearest one of that name."""
    said = unicodedata.normalize("NFKC", text).lower()
    for words, away in _NAMED:
        if re.search(words, said):
            return today + timedelta(days=away)
    try:
        if whole := _WHOLE.search(said):
            return date(int(whole[1]), int(whole[2]), int(whole[3]))
        if part := _PART.search(said):
            return _nearest(int(part[1]), int(part[2]), today)
    except ValueError:
        return None
    return None


def _nearest(month: int, day: int, today: date) -> date:
    meant = date(today.year, month, day)
    away = (meant - today).days
    if abs(away) <= HALF_YEAR:
        return meant
    return date(today.year + (1 if away < 0 else -1), month, day)
