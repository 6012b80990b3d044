"""Values as platforms write them, read into ours: money, times, plain text."""

import html
import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

CHINA = timezone(timedelta(hours=8))
_TAG = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^>]{0,2000}>", re.DOTALL | re.IGNORECASE)
_SPACE = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"[^\S\n]*\n\s*")
NO_CENTS = frozenset({"JPY", "KRW", "VND", "CLP", "PYG", "ISK", "UGX", "XAF", "XOF", "XPF", "RWF", "DJF", "GNF", "KMF"})
THREE_PLACES = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})
"""ISO 4217: currencies whose smallest unit is not a hundredth."""


def minor(amount: Any, currency: str = "CNY") -> int:
    """12.345 → 1235, half up at the minor unit. What is no number is 0."""
    return minor_or_none(amount, currency) or 0


def minor_or_none(amount: Any, currency: str = "CNY") -> int | None:
    """Like `minor`; None for an empty value and for what is no number."""
    if amount is None or amount == "" or isinstance(amount, bool):
        return None
    places = 0 if currency in NO_CENTS else 3 if currency in THREE_PLACES else 2
    try:
        value = Decimal(str(amount).replace(",", "").strip())
        if not value.is_finite():
            return None
        return int(value.scaleb(places).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    except InvalidOperation:
        return None


def whole(value: Any) -> int | None:
    """A count; None for what is none."""
    try:
        return int(Decimal(str(value)))
    except (InvalidOperation, ValueError, OverflowError):
        return None


def when(value: Any, zone: timezone = CHINA) -> datetime | None:
    """ISO text, `2024-03-09 08:00:00` of `zone`, or Unix time in seconds or milliseconds. None for anything else."""
    if value in (None, "", 0, "0"):
        return None
    text = str(value).strip()
    try:
        if text.isdigit():
            number = int(text)
            return datetime.fromtimestamp(number / 1000 if number > 10**11 else number, UTC)
        moment = datetime.fromisoformat(text.replace("Z", "+00:00") if text.endswith("Z") else text)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)


def plain(markup: Any, longest: int = 20_000) -> str:
    """The words of a description, without its markup."""
    if not isinstance(markup, str) or not markup:
        return ""
    text = re.sub(r"<(br|/p|/div|/li|/h\d|/tr)\b[^>]*>", "\n", markup[: longest * 5], flags=re.IGNORECASE)
    text = html.unescape(_TAG.sub(" ", text)).replace("\0", "")
    return _LINES.sub("\n", _SPACE.sub(" ", text)).strip()[:longest]


def text_of(value: Any) -> str:
    """A name or an id as text; empty for nothing."""
    return "" if value is None or isinstance(value, dict | list) else str(value).replace("\0", "").strip()


def dig(value: Any, *path: str | int) -> Any:
    """The value at the end of the path, or None when the way breaks off."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and -len(value) <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def rows(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; whatever else stands in it is left out."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def join(*parts: Any, by: str = " ") -> str:
    return by.join(text for part in parts if (text := text_of(part)))
