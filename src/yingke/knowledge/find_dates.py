"""The period that a promotion's text names, offered as the validity of its document."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from yingke.knowledge.parse import Parsed

_PROMOTION = re.compile(
    r"活动|促销|大促|优惠|满减|折扣|特价|秒杀|预售|抢购|限时|有效期|有效时间|起止|截止|立减|领券|优惠券|特惠|双\s*(?:11|12|十一|十二)|年货节|618"
    r"|\bsale\b|promotion|offer|discount|valid|coupon",
    re.IGNORECASE,
)
_DAY = (
    r"(?:(?P<y{n}>20\d\d)\s*[年./-]\s*)?(?P<m{n}>1[0-2]|0?[1-9])\s*[月./-]\s*(?P<d{n}>3[01]|[12]\d|0?[1-9])(?!\d)\s*[日号]?"
    r"(?:\s*[（(][^）)]{{1,6}}[）)])?(?:\s*(?:[01]?\d|2[0-4])[:：点时](?:[0-5]\d)?分?)?"
)
_PERIOD = re.compile(
    _DAY.format(n=1)
    + r"\s*(?:起)?\s*(?:-{1,2}|–|—{1,2}|~|～|至|到|\bto\b|\buntil\b)\s*"
    # "11月20日至25日": the second day of the same month.
    + r"(?:"
    + _DAY.format(n=2)
    + r"|(?P<d3>3[01]|[12]\d|0?[1-9])\s*[日号])"
)
_UNTIL = re.compile(
    r"(?:即日起|现在起|活动|优惠|截止|有效期|本券|until|valid)[^。\n\d]{0,8}?(?:至|到|截止|截至|于|until|to|为)\s*"
    + _DAY.format(n=1)
)
_AROUND = 40
_LONGEST_DAYS = 400
_MOST_CHARS = 60_000


def find_dates(parsed: Parsed, time_zone: str, now: datetime) -> dict[str, Any] | None:
    """{valid_from, valid_to, quote} with instants as RFC 3339, or None when the text names no period of a promotion.

    The first period that stands near a word of promotions counts; one that ended over half a year ago does not. A day
    without a year is the one nearest to `now`; days begin and end by `time_zone`.
    """
    zone = ZoneInfo(time_zone)
    today = now.astimezone(zone).date()
    for text in _texts(parsed):
        for found, starts, ends in _periods(text, today):
            if ends < today - timedelta(days=180):
                continue
            return {
                "valid_from": _instant(starts, time.min, zone) if starts else None,
                "valid_to": _instant(ends, time(23, 59, 59), zone),
                "quote": " ".join(found.group().split())[:80],
            }
    return None


def _texts(parsed: Parsed) -> Iterator[str]:
    left = _MOST_CHARS
    for section in parsed.sections:
        # The title makes a bare "11月20日–12月1日" below it a promotion's.
        yield f"{parsed.title} {' '.join(section.heading_path)}\n{section.text}"
        left -= len(section.text)
        if left <= 0:
            return


def _periods(text: str, today: date) -> Iterator[tuple[re.Match[str], date | None, date]]:
    heading = text.partition("\n")[0]
    for pattern, read in ((_PERIOD, _read_period), (_UNTIL, _read_until)):
        for found in pattern.finditer(text):
            around = f"{heading}\n{text[max(0, found.start() - _AROUND) : found.end() + _AROUND]}"
            days = read(found, today) if _PROMOTION.search(around) else None
            if days is not None:
                yield found, *days


def _read_period(found: re.Match[str], today: date) -> tuple[date, date] | None:
    starts = _day(found["y1"], found["m1"], found["d1"], today)
    if starts is None:
        return None
    if found["d3"]:
        ends = _day(str(starts.year), found["m1"], found["d3"], today)
    else:
        ends = _day(found["y2"] or str(starts.year), found["m2"], found["d2"], today)
        if ends is not None and ends < starts and not found["y2"]:
            ends = _day(str(starts.year + 1), found["m2"], found["d2"], today)
    if ends is None or not 0 <= (ends - starts).days <= _LONGEST_DAYS:
        return None
    return starts, ends


def _read_until(found: re.Match[str], today: date) -> tuple[None, date] | None:
    ends = _day(found["y1"], found["m1"], found["d1"], today)
    return (None, ends) if ends is not None else None


def _day(year: str | None, month: str, day: str, today: date) -> date | None:
    years = [int(year)] if year else [today.year, today.year - 1, today.year + 1]
    days = []
    for one in years:
        try:
            days.append(date(one, int(month), int(day)))
        except ValueError:
            continue
    return min(days, key=lambda one: abs((one - today).days), default=None)


def _instant(day: date, at: time, zone: ZoneInfo) -> str:
    return datetime.combine(day, at, zone).astimezone(UTC).isoformat()
