"""The days of the demo, all counted from the day it is started."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

TIME_ZONE = "Asia/Shanghai"
ZONE = ZoneInfo(TIME_ZONE)


@dataclass(frozen=True)
class Calendar:
    """`now` is aware; days are those of the shop's time zone."""

    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(ZONE).date()

    def day(self, offset: int) -> date:
        return self.today + timedelta(days=offset)

    def say(self, offset: int) -> str:
        """As it stands in a text: 3月8日."""
        day = self.day(offset)
        return f"{day.month}月{day.day}日"

    def moment(self, offset: int, minutes: float = 0) -> datetime:
        """So many minutes after that day's midnight, in UTC."""
        midnight = datetime.combine(self.day(offset), time(), ZONE)
        return (midnight + timedelta(minutes=minutes)).astimezone(UTC)

    @property
    def sale_begins(self) -> datetime:
        return self.moment(-3)

    @property
    def sale_ends(self) -> datetime:
        """The end of day D+7."""
        return self.moment(8)
