"""What follow-ups look like over HTTP."""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from yingke.conversations.follow_ups.follow_up import LONGEST_NOTE, State
from yingke.conversations.follow_ups.recognise import Kind


class LeadView(Struct):
    """Why somebody is thought likely to buy; `products` are titles he was shown."""

    grade: Literal["hot", "good"]
    reasons: list[str]
    products: list[str]


class FollowUpView(Struct):
    """`agent_id` null: whoever of the group. `is_overdue` as of the answer."""

    id: str
    conversation_id: str
    contact_name: str | None
    contact_number: int
    message_id: str | None
    kind: Kind
    title: str
    order_number: str
    order_id: str | None
    file_ids: list[str]
    agent_id: str | None
    agent_name: str | None
    group_id: str | None
    state: State
    due_at: datetime | None
    is_overdue: bool
    created_at: datetime
    updated_at: datetime
    done_at: datetime | None
    lead: LeadView | None


class LogLine(Struct):
    """`data`: {from, to} of a state, {to} of a due time, {agent_id, group_id} of an owner."""

    kind: Literal["note", "state", "due", "owner", "told"]
    text: str
    data: dict[str, Any]
    agent_name: str | None
    created_at: datetime


class PictureView(Struct):
    """A picture or file of an item; `url` opens for some minutes."""

    id: str
    name: str
    media_type: str
    url: str


class FollowUpDetail(Struct):
    """`words`: what the customer could be told now; nothing is sent by itself."""

    item: FollowUpView
    log: list[LogLine]
    words: str
    files: list[PictureView]


class FollowUpCounts(Struct):
    mine: int
    mine_overdue: int
    today: int
    overdue: int
    nobodys: int
    leads: int
    all: int


class NewFollowUp(Struct):
    """`agent_id` left out and no group: whoever makes it. `message_id`: in which it was promised."""

    conversation_id: str
    title: str
    kind: Kind = "other"
    message_id: str | None = None
    order_number: str = ""
    order_id: str | None = None
    file_ids: list[str] = []
    agent_id: str | None = None
    group_id: str | None = None
    due_at: datetime | None = None


class FollowUpChange(Struct):
    state: State | UnsetType = UNSET
    title: str | UnsetType = UNSET
    kind: Kind | UnsetType = UNSET
    order_number: str | UnsetType = UNSET
    agent_id: str | UnsetType | None = UNSET
    group_id: str | UnsetType | None = UNSET
    due_at: datetime | UnsetType | None = UNSET
    file_ids: list[str] | UnsetType = UNSET


class NewLine(Struct):
    text: Annotated[str, Meta(max_length=LONGEST_NOTE)]


class Telling(Struct):
    """Words to the customer; `confirmed` as with any message of an agent."""

    text: str
    agent_id: str | None = None
    confirmed: bool = False


class Sentence(Struct):
    text: str


class ProposalView(Struct):
    """`is_promise` false: nobody has to do anything for these words."""

    is_promise: bool
    kind: Kind
    title: str
    due_at: datetime | None
