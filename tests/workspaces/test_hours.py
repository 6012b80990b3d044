"""Opening hours: weekly, over midnight, on holidays, and when the clock changes."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from yingke.workspaces.hours import opening

SHANGHAI = "Asia/Shanghai"


def at(text: str, zone: str = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def every_day(start: str, end: str) -> list[dict[str, Any]]:
    return [{"day": day, "from": start, "to": end} for day in range(1, 8)]


def test_without_hours_a_shop_never_closes() -> None:
    assert opening({}, SHANGHAI, at("2026-03-01T03:00")).is_open
    assert opening({"days": [], "exceptions": []}, SHANGHAI, at("2026-03-01T03:00")).closes_at is None


def test_nine_to_six_opens_and_closes_on_the_minute() -> None:
    hours = {"days": every_day("09:00", "18:00")}
    assert opening(hours, SHANGHAI, at("2026-03-02T08:59:59")).opens_at == at("2026-03-02T09:00")
    assert opening(hours, SHANGHAI, at("2026-03-02T09:00")).closes_at == at("2026-03-02T18:00")
    closed = opening(hours, SHANGHAI, at("2026-03-02T18:00"))
    assert (closed.is_open, closed.opens_at) == (False, at("2026-03-03T09:00"))


def test_a_night_that_ends_after_midnight_belongs_to_its_evening() -> None:
    hours = {"days": [{"day": 5, "from": "20:00", "to": "02:00"}]}
    assert opening(hours, SHANGHAI, at("2026-03-07T01:59")).closes_at == at("2026-03-07T02:00")
    assert opening(hours, SHANGHAI, at("2026-03-06T01:59")).opens_at == at("2026-03-06T20:00")


def test_days_that_touch_are_one_opening() -> None:
    hours = {"days": [{"day": 1, "from": "09:00", "to": "24:00"}, {"day": 2, "from": "00:00", "to": "12:00"}]}
    assert opening(hours, SHANGHAI, at("2026-03-02T23:00")).closes_at == at("2026-03-03T12:00")


def test_all_day_every_day_has_no_end() -> None:
    state = opening({"days": every_day("00:00", "24:00")}, SHANGHAI, at("2026-03-02T23:59"))
    assert (state.is_open, state.closes_at) == (True, None)


def test_a_holiday_replaces_the_hours_that_begin_on_it() -> None:
    hours = {
        "days": every_day("09:00", "18:00"),
        "exceptions": [
            {"date": "2026-10-01", "note": "国庆"},
            {"date": "2026-10-02", "from": "12:00", "to": "14:00"},
            {"date": "2026-10-02", "from": "16:00", "to": "17:00"},
        ],
    }
    assert opening(hours, SHANGHAI, at("2026-10-01T10:00")).opens_at == at("2026-10-02T12:00")
    assert opening(hours, SHANGHAI, at("2026-10-02T15:00")).opens_at == at("2026-10-02T16:00")
    assert opening(hours, SHANGHAI, at("2026-10-03T10:00")).is_open


def test_holidays_alone_close_an_otherwise_open_shop() -> None:
    hours = {"exceptions": [{"date": "2026-10-01"}]}
    assert opening(hours, SHANGHAI, at("2026-10-01T10:00")).opens_at == at("2026-10-02T00:00")
    assert opening(hours, SHANGHAI, at("2026-09-30T10:00")).closes_at == at("2026-10-01T00:00")


def test_hours_follow_the_wall_clock_through_summer_time() -> None:
    hours = {"time_zone": "Europe/Berlin", "days": every_day("09:00", "18:00")}
    winter = opening(hours, SHANGHAI, datetime(2026, 3, 28, 7, tzinfo=UTC))
    summer = opening(hours, SHANGHAI, datetime(2026, 3, 29, 6, tzinfo=UTC))
    assert winter.opens_at == datetime(2026, 3, 28, 8, tzinfo=UTC)
    assert summer.opens_at == datetime(2026, 3, 29, 7, tzinfo=UTC)
    gap = {"time_zone": "Europe/Berlin", "days": [{"day": 7, "from": "02:30", "to": "05:00"}]}
    assert opening(gap, SHANGHAI, datetime(2026, 3, 29, 0, 45, tzinfo=UTC)).opens_at == datetime(
        2026, 3, 29, 1, 30, tzinfo=UTC
    )


clocks = st.integers(0, 1439).map(lambda minutes: f"{minutes // 60:02}:{minutes % 60:02}")
spans = st.fixed_dictionaries({"day": st.integers(1, 7), "from": clocks, "to": clocks | st.just("24:00")})
dates = st.dates(date(2026, 3, 20), date(2026, 4, 10)).map(date.isoformat)
holidays = st.fixed_dictionaries({"date": dates}) | st.fixed_dictionaries({"date": dates, "from": clocks, "to": clocks})
zones = st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"])
moments = st.datetimes(datetime(2026, 3, 22), datetime(2026, 4, 8)).map(
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=UTC)
)


def is_open_by_counting(hours: dict[str, Any], zone: str, moment: datetime) -> bool:
    """The plain way: is there a day whose span, on the wall clock of that day, holds this moment?"""
    local = moment.astimezone(ZoneInfo(zone)).date()
    for back in range(3):
        day = local - timedelta(days=back - 1)
        exceptions = [one for one in hours["exceptions"] if one["date"] == day.isoformat()]
        weekly = [one for one in hours["days"] if one["day"] == day.isoweekday()]
        for span in exceptions or weekly:
            if "from" not in span:
                continue
            start, end = (int(text[:2]) * 60 + int(text[3:]) for text in (span["from"], span["to"]))
            end += 1440 if end <= start else 0
            first, last = (_wall(day, minutes, zone) for minutes in (start, end))
            if first <= moment < last:
                return True
    return False


def _wall(day: date, minutes: int, zone: str) -> datetime:
    wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@given(
    days=st.lists(spans, min_size=1, max_size=10), exceptions=st.lists(holidays, max_size=4), zone=zones, now=moments
)
@settings(max_examples=300, deadline=None)
def test_opening_agrees_with_counting_and_its_times_are_turning_points(
    days: list[dict[str, Any]], exceptions: list[dict[str, Any]], zone: str, now: datetime
) -> None:
    hours = {"days": days, "exceptions": exceptions}
    state = opening(hours, zone, now)
    assert state.is_open == is_open_by_counting(hours, zone, now)
    turn = state.closes_at if state.is_open else state.opens_at
    assert (state.opens_at is None) or not state.is_open
    assert (state.closes_at is None) or state.is_open
    if turn is None:
        return
    assert turn > now
    assert is_open_by_counting(hours, zone, turn) != state.is_open
    step = (turn - now) / 7
    for n in range(7):
        assert is_open_by_counting(hours, zone, now + step * n) == state.is_open
