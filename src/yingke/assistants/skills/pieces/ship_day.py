"""「16:00 前付款当天发」 and the clock: today or later, worked out from the shop's own words."""

import re
from datetime import datetime, timedelta

from yingke.kit.tongues.tongue import day_in

_CUTOFF = re.compile(
    r"(?P<cutoff>\d{1,2}[:：]\d{2})\s*(?:之?前|以前)(?:付款|下单|拍下)[^。；;]{0,16}(?:当天|当日|今天)(?:就)?(?:能)?发"
)
_LATER = re.compile(r"(?:之?后|以后)(?:付款|下单|拍下)?的?[，,]?\s*(?P<hours>\d{1,3})\s*小时(?:内|之内)发")
_ASKED = re.compile(
    r"几号|哪天|什么时候|啥时候|多久|几时|何时|今天.{0,6}发|当天|能发|发货吗|\bwhen\b|\bship\b", re.IGNORECASE
)


def ship_day(asked: str, quoted: str, now: datetime, tag: str = "en") -> tuple[str, dict[str, str]] | None:
    """Which sentence of `words.toml` to add, with its values; None where the words quoted do not tell.

    `now` is in the shop's time zone; `tag` is the language of `day_en` where it is not Chinese.
    """
    cutoff = _CUTOFF.search(quoted)
    if cutoff is None or not _ASKED.search(asked):
        return None
    hour, minute = (int(part) for part in re.split(r"[:：]", cutoff["cutoff"]))
    if not (0 <= hour < 24 and 0 <= minute < 60):
        return None
    ends = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    said = {"now": f"{now:%H:%M}", "cutoff": f"{hour:02d}:{minute:02d}"}
    if now < ends:
        return "ships_today", said
    later = _LATER.search(quoted)
    if later is None:
        return None
    last = now + timedelta(hours=int(later["hours"]))
    return "ships_later", said | {
        "day": f"{last.month}月{last.day}日",
        "day_en": day_in(last.month, last.day, tag) or f"{last.day} {last:%b}",
    }
