"""What a rule may look at, of one turn."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """None or empty: not known (yet). `now` is in the shop's time zone. Amounts in minor units."""

    text: str
    shop_id: int
    now: datetime
    channel: str = "website"
    language: str = "zh"
    is_open: bool | None = None
    level: str | None = None
    intent: str | None = None
    mood: str | None = None
    moods: tuple[str, ...] = ()
    """Of the messages before, the newest last."""
    order_minor: int | None = None
    messages: int = 1
    has_answer: bool = False
    confidence: float | None = None
    failed_turns: int = 0
    outcomes: tuple[str, ...] = field(default=())
    """What tools came back with."""
