"""A rule of hand-over as the merchant writes it. Conditions are plain values: no expressions, nothing to run."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

Word = Annotated[str, Meta(min_length=1, max_length=40)]
Words = Annotated[list[Word], Meta(min_length=1, max_length=50)]
Clock = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]


class Says(Struct, frozen=True, tag="says", forbid_unknown_fields=True):
    """One of the words stands in the message; `*` in a word stands for up to ten characters."""

    words: Words


class Intends(Struct, frozen=True, tag="intends", forbid_unknown_fields=True):
    """What the message wants, see the fifteen intents."""

    intents: Words


class Feels(Struct, frozen=True, tag="feels", forbid_unknown_fields=True):
    """`moods` of this message; `got_worse`: it was better before in this conversation."""

    moods: list[Literal["satisfied", "calm", "anxious", "disappointed", "angry"]] = []
    got_worse: bool = False


class Unsure(Struct, frozen=True, tag="unsure", forbid_unknown_fields=True):
    """The answer is less sure than this (0..1). Known only once there is an answer."""

    below: Annotated[float, Meta(gt=0, le=1)]


class IsLevel(Struct, frozen=True, tag="is_level", forbid_unknown_fields=True):
    """The level that the shop has vouched for."""

    levels: Words


class OrderWorth(Struct, frozen=True, tag="order_worth", forbid_unknown_fields=True):
    """The order that is spoken of is worth at least so much, in minor units."""

    from_minor: Annotated[int, Meta(gt=0, le=10**12)]


class InShop(Struct, frozen=True, tag="in_shop", forbid_unknown_fields=True):
    shop_ids: Words


class OnChannel(Struct, frozen=True, tag="on_channel", forbid_unknown_fields=True):
    channels: Words


class AtTime(Struct, frozen=True, tag="at_time", forbid_unknown_fields=True):
    """By the shop's clock. `hours`: its opening hours; `days` 1 = Monday; from–to may go over midnight."""

    hours: Literal["open", "closed"] | None = None
    days: list[Annotated[int, Meta(ge=1, le=7)]] = []
    start: Clock | None = None
    end: Clock | None = None


class Failed(Struct, frozen=True, tag="failed", forbid_unknown_fields=True):
    """So many turns in a row without an answer, this one included."""

    turns: Annotated[int, Meta(ge=1, le=10)]


class ToolSaid(Struct, frozen=True, tag="tool_said", forbid_unknown_fields=True):
    """A tool came back with one of these: shop_down, not_found, wrong, no_tries_left, request_refused …"""

    outcomes: Words


class MessagesFrom(Struct, frozen=True, tag="messages_from", forbid_unknown_fields=True):
    """The customer has written at least so many messages in this conversation."""

    count: Annotated[int, Meta(ge=2, le=200)]


class Writes(Struct, frozen=True, tag="writes", forbid_unknown_fields=True):
    """In one of these languages: zh, zh-Hant, en, ja …"""

    languages: Words


Condition = (
    Says
    | Intends
    | Feels
    | Unsure
    | IsLevel
    | OrderWorth
    | InShop
    | OnChannel
    | AtTime
    | Failed
    | ToolSaid
    | MessagesFrom
    | Writes
)
AFTER = (Unsure, Failed, ToolSaid)
"""Known only once there is an answer."""
Act = Literal["hand_over", "answer_then_hand_over", "let_answer"]


class Rule(Struct, frozen=True, forbid_unknown_fields=True):
    """`act` let_answer ends the looking: no rule below is asked. `group_id` and `steps` tell routing who and how soon."""

    id: Annotated[str, Meta(pattern=r"^[a-z0-9]{4,16}$")]
    name: Annotated[str, Meta(min_length=1, max_length=60)]
    conditions: Annotated[list[Condition], Meta(min_length=1, max_length=12)]
    match: Literal["all", "any"] = "all"
    act: Act = "hand_over"
    group_id: str | None = None
    is_on: bool = True
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    @property
    def needs_answer(self) -> bool:
        """True when it can only be told after the answer is made."""
        return any(isinstance(one, AFTER) for one in self.conditions) or self.act == "answer_then_hand_over"


Rules = Annotated[list[Rule], Meta(max_length=100)]
