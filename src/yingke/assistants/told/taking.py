"""How a version of the team takes contact details: what it asks for, in which order, and whether without an occasion."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

Reach = Literal["phone", "wechat", "email"]
WAYS: tuple[Reach, ...] = ("phone", "wechat", "email")
More = Literal["name", "city", "budget", "call_time"]


class ContactTaking(Struct, frozen=True):
    """`ways`: by which somebody may be reached, the most useful first. `more`: what is asked for once that is known, in
    order of value. `after_answers`: asked once without another occasion after so many useful answers; 0 = never."""

    ways: Annotated[list[Reach], Meta(max_length=3)] = msgspec.field(default_factory=lambda: list(WAYS))
    more: Annotated[list[More], Meta(max_length=4)] = []
    after_answers: Annotated[int, Meta(ge=0, le=20)] = 0


AS_BUILT = ContactTaking()
