"""Spreads the talks over a week: who came when, from which page, and how it ended. The same seed, the same week."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from yingke.app.demo.calendar import Calendar
from yingke.app.demo.hard_talks import SOOTHED, SOUGHT, UPSET, Hard, Promise, Sought
from yingke.app.demo.talks import (
    ANSWERED,
    ENGLISH,
    FIRST_MEMBER,
    HANDED,
    LEFT,
    RATING_WORDS,
    SECOND_MEMBER,
    THANKS,
    WELCOME,
    Line,
    ask,
    page_of,
)
from yingke.knowledge.title import show_title

DAYS = 7
A_DAY = 40
LONGEST_TALK = 15.0
"""Minutes. Just after midnight today is still empty."""
Kind = Literal["answered", "handed", "left"]
_SHARES: tuple[tuple[Kind, int], ...] = (("answered", 81), ("handed", 14), ("left", 5))
_HOURS = (0, 0, 0, 0, 0, 0, 0, 1, 3, 5, 7, 8, 7, 6, 6, 7, 7, 6, 5, 7, 9, 10, 8, 4)
"""How busy each hour of a day is, from midnight on."""


@dataclass(frozen=True)
class Member:
    """A customer whom the shop has vouched for."""

    external_id: str
    name: str
    level: str
    phone: str
    notes: str
    tags: tuple[str, ...] = ()


@dataclass
class Talk:
    """One conversation. `moments` gives each line its time; `left` is the text of a left message; `reason`: why a person
    came."""

    kind: Kind
    shop: int
    begins: datetime
    lines: list[Line]
    language: str = "zh-CN"
    left: str = ""
    rating: tuple[str, str] | None = None
    agent: int = 0
    is_open: bool = False
    member: "Member | None" = None
    reason: str = "asked"
    promise: Promise | None = None
    sought: Sought | None = None
    moments: list[datetime] = field(default_factory=list)

    @property
    def page(self) -> tuple[str, str]:
        return page_of(self.lines[0].text)

    @property
    def ends(self) -> datetime:
        return self.moments[-1]


def compose_week(calendar: Calendar, seed: int = 417) -> list[Talk]:
    """About 280 talks in the order in which they began; none lies in the future."""
    chance = random.Random(seed)
    talks = [
        _talk(chance, calendar, offset, moment)
        for offset in range(1 - DAYS, 1)
        for moment in _moments(chance, calendar, offset)
    ]
    talks += member_talks(chance, calendar)
    talks += _hard_talks(chance, calendar)
    talks.sort(key=lambda talk: talk.begins)
    _leave_open(talks)
    return talks


def _hard_talks(chance: random.Random, calendar: Calendar) -> list[Talk]:
    """Each of them once, those with something left to do lately, and more of the worried on all days."""
    talks = []
    for number, hard in enumerate((*SOOTHED, *SOUGHT, *UPSET, *SOOTHED, *UPSET[:2])):
        is_late = hard.sought or hard.promise or number < 3
        offset = chance.randint(-1, 0) if is_late else chance.randint(1 - DAYS, -1)
        moments = _moments(chance, calendar, offset)
        if moments:
            talks.append(_hard_talk(chance, hard, chance.choice(moments)))
    return talks


def _hard_talk(chance: random.Random, hard: Hard, begins: datetime) -> Talk:
    kind: Kind = "handed" if hard.reason else "answered"
    talk = Talk(kind, 0, begins, list(hard.lines), agent=hard.agent, promise=hard.promise, sought=hard.sought)
    talk.reason = hard.reason or "asked"
    _pace(chance, talk)
    return talk


def _leave_open(talks: list[Talk]) -> None:
    """The newest ones go on: some with the assistant, two with an agent who has answered last. Nobody waits."""
    answered = [talk for talk in talks if talk.kind == "answered" and talk.member is None and talk.sought is None]
    handed = [talk for talk in talks if talk.kind == "handed" and talk.lines[-1].who == "agent"]
    for talk in [*answered[-10:], *handed[-2:]]:
        talk.is_open = True


def member_talks(chance: random.Random, calendar: Calendar) -> list[Talk]:
    """The two customers whose orders the story names."""
    first = Member(
        "demo-0417",
        "顾客甲",
        "金卡",
        "13800000417",
        f"订单 QX-D0001：两人三季帐（苔绿）1 顶、棉睡袋 10℃ 2 条，实付 757.15 元，{calendar.say(-2)}发货，"
        f"演示快递 YS0000123456，{calendar.say(0)}派送中。",
    )
    second = Member(
        "demo-8826",
        "顾客乙",
        "金卡",
        "13800008826",
        f"订单 QX-D0002：露营灯 2 盏、蛋卷桌 90cm 1 张，实付 451.15 元，{calendar.say(-4)}签收。",
        ("VIP",),
    )
    talks = []
    for member, offset, lines in ((first, -3, FIRST_MEMBER), (second, -5, SECOND_MEMBER)):
        kind: Kind = "handed" if any(line.who == "agent" for line in lines) else "answered"
        talk = Talk(kind, 0, calendar.moment(offset, 11 * 60 + 20), list(lines), member=member)
        _pace(chance, talk)
        talks.append(talk)
    return talks


def _moments(chance: random.Random, calendar: Calendar, offset: int) -> list[datetime]:
    """When talks of one day begin. Today's are pressed into the hours that have passed."""
    count = A_DAY + chance.randint(-4, 4)
    minutes = [hour * 60 + chance.random() * 60 for hour in chance.choices(range(24), _HOURS, k=count)]
    if offset == 0:
        passed = (calendar.now - calendar.moment(0)).total_seconds() / 60 - LONGEST_TALK
        if passed <= 0:
            return []
        minutes = [minute * passed / 1440 for minute in minutes]
    return [calendar.moment(offset, minute) for minute in sorted(minutes)]


def _talk(chance: random.Random, calendar: Calendar, offset: int, begins: datetime) -> Talk:
    kind = chance.choices([name for name, _ in _SHARES], [share for _, share in _SHARES])[0]
    if kind == "left":
        first, left = chance.choice(LEFT)
        begins = min(begins, calendar.moment(offset, chance.uniform(20, 400)))
        talk = Talk(kind, 0, begins, [ask(first)], left=left)
    elif kind == "handed":
        talk = Talk(kind, 0, begins, list(chance.choice(HANDED)), agent=chance.choice((0, 0, 1)))
    elif chance.random() < 0.08:
        talk = Talk(kind, 1, begins, list(chance.choice(ENGLISH)), language="en")
    else:
        talk = Talk(kind, 0, begins, list(chance.choice(ANSWERED)))
        if chance.random() < 0.35:
            talk.lines += [ask(chance.choice(THANKS)), WELCOME]
    _pace(chance, talk)
    if chance.random() < (0.6 if kind == "handed" else 0.2):
        score = chance.choices(("good", "fair", "bad"), (8, 2, 1))[0]
        talk.rating = (score, chance.choice(RATING_WORDS) if score == "good" else "")
    return talk


def _pace(chance: random.Random, talk: Talk) -> None:
    """The assistant answers within a second, people take their time."""
    moment = talk.begins
    for number, line in enumerate(talk.lines):
        if number and line.who in ("assistant", "gap"):
            moment += timedelta(seconds=chance.uniform(0.05, 0.4))
        elif number:
            moment += timedelta(seconds=chance.uniform(12, 95))
        talk.moments.append(moment)


def citation(line: Line, document_ids: dict[str, int]) -> list[dict[str, Any]] | None:
    """The source of the assistant's line as messages carry it; None when there is none."""
    if not line.source:
        return None
    return [
        {
            "n": 1,
            "title": show_title(line.source),
            "heading": line.heading,
            "quote": line.text,
            "document_id": str(document_ids[line.source]),
        }
    ]
