"""The moment that words such as 「明天」「今天内」「周五前」「within 2 hours」 name."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

END_OF_DAY = time(18, 0)
"""When a day's work is expected to be done; by 「今晚」 it is nine in the evening."""
_EVENING = time(21, 0)
_NUMBERS = {mark: value for value, mark in enumerate("零一二三四五六七八九十")} | {"两": 2, "半": 0}
_DAYS = {mark: number for number, mark in enumerate("一二三四五六", 1)} | {"日": 7, "天": 7}
_ENGLISH_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_IN_ENGLISH = {"an": 1, "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}
_N = r"(\d{1,3}|[一二两三四五六七八九十]{1,3}|半)"
_MINUTES = re.compile(rf"{_N}\s?分钟|(?:within|in)\s+(\w+)\s+minutes?", re.IGNORECASE)
_HOURS = re.compile(rf"{_N}\s?个?(?:小时|钟头)|(?:within|in)\s+(\w+)\s+hours?", re.IGNORECASE)
_IN_DAYS = re.compile(
    rf"{_N}\s?个?(工作日|天)(?:之?内|以内|左右|后)?|(?:within|in)\s+(\w+)\s+(working |business )?days?", re.IGNORECASE
)
_WEEKDAY = re.compile(r"(下)?(?:个)?(?:周|星期|礼拜)([一二三四五六日天])")
_ENGLISH_DAY = re.compile(r"\b(" + "|".join(_ENGLISH_DAYS) + r")\b", re.IGNORECASE)
_DATE = re.compile(r"(?:(\d{1,2})\s?月\s?)?(\d{1,2})\s?[号日](?!线|楼|店|码)")
_CLOCK = re.compile(
    r"(上午|早上|中午|下午|晚上|今晚)?\s?(\d{1,2}|[一二两三四五六七八九十]{1,2})\s?(?:点|[:：])\s?(半|\d{2})?|\b(?:by|at|before)\s+(\d{1,2})(?::(\d{2}))?\s?(am|pm)\b",
    re.IGNORECASE,
)
_RELATIVE: tuple[tuple[str, int], ...] = (
    (r"大后天", 3), (r"后天|the day after tomorrow", 2), (r"明天|明日|明早|明晚|明儿|次日|\btomorrow\b", 1),
    (r"今天|今日|今晚|当天|下班前|稍后|一会儿?|待会|马上|立刻|立即|尽快|\btoday\b|\btonight\b|\bright away\b|\bshortly\b|\bas soon as possible\b", 0),
)  # fmt: skip
_SOON = re.compile(r"马上|立刻|立即|稍后|一会|待会|right away|shortly", re.IGNORECASE)


def read_due(text: str, said_at: datetime, zone: str) -> datetime | None:
    """The moment, aware, in `zone`; None when the words name none. A day without an hour ends at six in the evening."""
    now = said_at.astimezone(ZoneInfo(zone))
    for pattern, minutes in ((_MINUTES, 1), (_HOURS, 60)):
        if match := pattern.search(text):
            return now + timedelta(minutes=_number(match[1] or match[2] or "", half=0.5) * minutes)
    day = _day(text, now)
    clock = _clock(text)
    if day is None and clock is None:
        return None
    if _SOON.search(text) and clock is None and day == now.date():
        return now + timedelta(hours=1)
    due = datetime.combine(day or now.date(), clock or _end(text, day or now.date(), now), now.tzinfo)
    return due if due > now else due + timedelta(days=1) if day is None else max(due, now + timedelta(hours=1))


def _end(text: str, day: date, now: datetime) -> time:
    if re.search(r"今晚|明晚|晚上|tonight", text, re.IGNORECASE) or (day == now.date() and now.time() >= END_OF_DAY):
        return _EVENING
    return END_OF_DAY


def _day(text: str, now: datetime) -> date | None:
    today = now.date()
    if match := _IN_DAYS.search(text):
        count = int(_number(match[1] or match[3] or "", half=1))
        is_working = match[2] == "工作日" or bool(match[4])
        return _working(today, count) if is_working else today + timedelta(days=count)
    if match := _WEEKDAY.search(text):
        ahead = _DAYS[match[2]] - today.isoweekday()
        return today + timedelta(days=ahead + 7 if match[1] or ahead < 0 else ahead)
    if match := _ENGLISH_DAY.search(text):
        return today + timedelta(days=(_ENGLISH_DAYS.index(match[1].lower()) - today.weekday()) % 7)
    for words, days in _RELATIVE:
        if re.search(words, text, re.IGNORECASE):
            return today + timedelta(days=days)
    if re.search(r"月底", text):
        return (today.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    if re.search(r"(?:这|本)周(?:内|之内|末前)|this week", text, re.IGNORECASE):
        return today + timedelta(days=max(0, 5 - today.isoweekday()))
    match = _DATE.search(text)
    return _named(match, today) if match else None


def _named(match: "re.Match[str]", today: date) -> date | None:
    try:
        day = today.replace(month=int(match[1]) if match[1] else today.month, day=int(match[2]))
        if day >= today:
            return day
        if match[1]:
            return day.replace(year=today.year + 1)
        return (day.replace(day=1) + timedelta(days=32)).replace(day=int(match[2]))
    except ValueError:
        return None


def _clock(text: str) -> time | None:
    match = _CLOCK.search(text)
    if match is None:
        return None
    if match[4]:
        hour = int(match[4]) % 12 + (12 if match[6].lower() == "pm" else 0)
        return time(hour, int(match[5] or 0))
    hour = int(_number(match[2], half=0))
    if match[1] in ("下午", "晚上", "今晚") and hour < 12:
        hour += 12
    minute = 30 if match[3] == "半" else int(match[3] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _working(day: date, count: int) -> date:
    while count > 0:
        day += timedelta(days=1)
        count -= day.isoweekday() < 6
    return day


def _number(text: str, half: float) -> float:
    if text.isdigit():
        return int(text)
    if text == "半":
        return half
    if text.lower() in _IN_ENGLISH:
        return _IN_ENGLISH[text.lower()]
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (_NUMBERS.get(tens, 1) if tens else 1) * 10 + (_NUMBERS.get(ones, 0) if ones else 0)
    return _NUMBERS.get(text, 1)
