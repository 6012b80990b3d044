"""Reads the times of any program's export."""

import re
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

TimeFormat = Literal["auto", "day_first", "month_first"]

_YEAR_FIRST = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:[T\s]*(上午|下午|凌晨|早上|中午|晚上|AM|PM)?\s*(\d{1,2})\s*[:：时点]\s*(\d{1,2})(?:\s*[:：分]\s*(\d{1,2})(?:[.,](\d{1,9}))?)?\s*[秒分]?"
    r"\s*(AM|PM)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_YEAR_LAST = re.compile(
    r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[,T\s]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?\s*(AM|PM)?)?\s*(Z|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d{10}|\d{13}|\d{14}")
_SERIAL = re.compile(r"[34]\d{4}(?:\.\d+)?|5\d{4}\.\d+")
_AFTERNOON = ("下午", "晚上", "pm")
_FIRST_YEAR, _LAST_YEAR = 1995, 2100


def read_time(text: str, zone: ZoneInfo, time_format: TimeFormat = "auto") -> datetime | None:
    """UTC, or None for what is no time.

    Understands year-month-day in Chinese or with signs, day/month/year and month/day/year, epoch seconds and
    milliseconds, fourteen digits, and the serial days of spreadsheets. Times without an offset are of `zone`.
    """
    text = text.strip()
    if not 5 <= len(text) <= 40:
        return None
    try:
        return _read(text, zone, time_format)
    except (ValueError, OverflowError, OSError):
        return None


def _read(text: str, zone: ZoneInfo, time_format: TimeFormat) -> datetime | None:
    found = _YEAR_FIRST.fullmatch(text)
    if found is not None:
        year, month, day, word, hour, minute, second, _, late, offset = found.groups()
        return _make((year, month, day), (hour, minute, second), word or late, offset, zone)
    found = _YEAR_LAST.fullmatch(text)
    if found is not None:
        first, middle, year, hour, minute, second, late, offset = found.groups()
        is_day_first = time_format == "day_first" or (time_format == "auto" and int(first) > 12)
        month, day = (middle, first) if is_day_first else (first, middle)
        return _make((year, month, day), (hour, minute, second), late, offset, zone)
    if _DIGITS.fullmatch(text):
        return _from_digits(text, zone)
    if _SERIAL.fullmatch(text):
        days = datetime(1899, 12, 30, tzinfo=zone) + timedelta(days=float(text))
        return _sensible((days + timedelta(microseconds=500_000)).replace(microsecond=0).astimezone(UTC))
    return None


def _make(
    date: tuple[str, str, str],
    clock: tuple[str | None, str | None, str | None],
    word: str | None,
    offset: str | None,
    zone: ZoneInfo,
) -> datetime | None:
    hour = int(clock[0] or 0)
    half = (word or "").lower()
    if half in _AFTERNOON and hour < 12:
        hour += 12
    elif half in ("am", "凌晨", "上午") and hour == 12:
        hour = 0
    made = datetime(int(date[0]), int(date[1]), int(date[2]), hour, int(clock[1] or 0), int(clock[2] or 0), tzinfo=zone)
    if offset:
        shift = timedelta() if offset.upper() in ("Z", "UTC") else _shift(offset)
        made = made.replace(tzinfo=UTC) - shift
    return _sensible(made.astimezone(UTC))


def _shift(offset: str) -> timedelta:
    digits = offset[1:].replace(":", "")
    shift = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -shift if offset[0] == "-" else shift


def _from_digits(text: str, zone: ZoneInfo) -> datetime | None:
    if len(text) == 14:
        return _sensible(datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=zone).astimezone(UTC))
    return _sensible(datetime.fromtimestamp(int(text) / (1000 if len(text) == 13 else 1), UTC))


def _sensible(moment: datetime) -> datetime | None:
    return moment if _FIRST_YEAR <= moment.year < _LAST_YEAR else None
