"""When a shop is open: weekly hours, holidays, nights that end after midnight, and clocks that change."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

LOOK_AHEAD_DAYS = 370
ALWAYS_AFTER = timedelta(days=8)


@dataclass(frozen=True)
class Opening:
    """In UTC. `opens_at` only while closed, `closes_at` only while open; None = not within the year, or never."""

    is_open: bool
    opens_at: datetime | None = None
    closes_at: datetime | None = None


def opening(hours: Mapping[str, Any], time_zone: str, now: datetime) -> Opening:
    """What `hours` say about `now` (aware).

    `hours` = {time_zone?, days: [{day: 1..7, from, to}], exceptions: [{date, from?, to?, note?}]}; without days and
    exceptions the shop is always open. A `to` that is not after its `from` lies on the next day. An exception
    replaces the hours that begin on its date; without times nothing begins then. `time_zone` is used where `hours`
    name none.
    """
    if not hours.get("days") and not hours.get("exceptions"):
        return Opening(True)
    zone = ZoneInfo(hours.get("time_zone") or time_zone)
    now = now.astimezone(UTC)
    for start, end in _joined(_spans(hours, zone, now.astimezone(zone).date() - timedelta(days=2)), now):
        if end <= now:
            continue
        if start > now:
            return Opening(False, opens_at=start)
        return Opening(True, closes_at=end if end - now < ALWAYS_AFTER else None)
    return Opening(False)


def _spans(hours: Mapping[str, Any], zone: ZoneInfo, first: date) -> Iterator[tuple[datetime, datetime]]:
    """Spans in UTC by the day they begin on, from `first` for about a year."""
    exceptions: dict[str, list[Mapping[str, Any]]] = {}
    for item in hours.get("exceptions") or ():
        exceptions.setdefault(str(item["date"]), []).append(item)
    is_weekly = bool(hours.get("days"))
    weekly: dict[int, list[Mapping[str, Any]]] = {}
    for item in hours.get("days") or ():
        weekly.setdefault(int(item["day"]), []).append(item)
    for step in range(LOOK_AHEAD_DAYS):
        day = first + timedelta(days=step)
        usual = weekly.get(day.isoweekday(), []) if is_weekly else [{"from": "00:00", "to": "24:00"}]
        parts = exceptions.get(day.isoformat(), usual)
        spans = [_span(day, part["from"], part["to"], zone) for part in parts if part.get("from") and part.get("to")]
        yield from sorted(spans)


def _span(day: date, start: str, end: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    last = day + timedelta(days=1) if read_minutes(end) <= read_minutes(start) else day
    return _moment(day, read_minutes(start), zone), _moment(last, read_minutes(end), zone)


def _moment(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """Wall clock to UTC. A time that the clock jumps over counts as if it had not jumped yet."""
    midnight = datetime.combine(day + timedelta(days=minutes // 1440), time())
    return (midnight + timedelta(minutes=minutes % 1440)).replace(tzinfo=zone).astimezone(UTC)


def _joined(spans: Iterator[tuple[datetime, datetime]], now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Spans that touch or overlap made one; one that lasts far beyond `now` is cut there."""
    current: tuple[datetime, datetime] | None = None
    for start, end in spans:
        if current is not None and start <= current[1]:
            current = current[0], max(current[1], end)
            if current[0] <= now and current[1] - now >= ALWAYS_AFTER:
                break
            continue
        if current is not None:
            yield current
        current = start, end
    if current is not None:
        yield current


def read_minutes(text: str) -> int:
    """Minutes since midnight of "HH:MM", up to "24:00". Raises ValueError."""
    hour, colon, minute = text.partition(":")
    if not colon or len(text) != 5 or not (hour + minute).isascii() or not (hour + minute).isdigit():
        raise ValueError(text)
    minutes = int(hour) * 60 + int(minute)
    if int(minute) > 59 or minutes > 1440:
        raise ValueError(text)
    return minutes
