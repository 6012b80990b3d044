"""What this room says over HTTP. Ids are opaque strings, times RFC 3339 in UTC."""

from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from msgspec import UNSET, Struct, UnsetType, field

T = TypeVar("T")
HandledBy = Literal["assistant", "queue", "agent"]
Author = Literal["contact", "assistant", "agent", "system"]


class Page(Struct, Generic[T]):
    """A list. `next` is the `after` of the following page, null on the last."""

    items: list[T]
    next: str | None = None


class FaceView(Struct):
    """How an agent is shown to customers and colleagues."""

    id: str
    work_name: str
    avatar_url: str | None = None


class ContactFace(Struct):
    id: str
    name: str | None
    number: int
    level: str | None
    is_verified: bool


class ConversationView(Struct):
    id: str
    shop_id: str
    channel: str
    status: Literal["open", "closed"]
    handled_by: HandledBy
    generation: int
    agent: FaceView | None
    contact: ContactFace
    last_seq: int
    contact_messages: int
    unread: int
    waiting_since: datetime | None
    queued_at: datetime | None
    hand_off_reason: str | None
    last_message_at: datetime
    preview: str
    last_from: Author
    language: str
    subject: dict[str, Any]
    created_at: datetime
    closed_at: datetime | None
    rating: str | None


class CountsView(Struct):
    """Open conversations behind each tab of the workbench."""

    mine: int
    mine_unanswered: int
    waiting: int
    all: int


class FileView(Struct):
    id: str
    name: str
    media_type: str
    size: int
    url: str
    width: int | UnsetType = UNSET
    height: int | UnsetType = UNSET


class DeliveryView(Struct):
    state: str


class MessageView(Struct):
    """`generated_by` is set on whatever an AI wrote and must stay visible wherever the text is shown."""

    id: str
    conversation_id: str
    seq: int
    author: Author = field(name="from")
    kind: str
    type: str
    created_at: datetime
    delivery: DeliveryView
    client_message_id: str | UnsetType = UNSET
    text: str | UnsetType = UNSET
    file: FileView | UnsetType = UNSET
    system: dict[str, Any] | UnsetType = UNSET
    agent: FaceView | UnsetType = UNSET
    generated_by: dict[str, Any] | UnsetType = UNSET
    citations: list[dict[str, Any]] | UnsetType = UNSET
    degraded_level: int | UnsetType = UNSET
    trace_id: str | UnsetType = UNSET
    feedback: Literal["up", "down", "report"] | UnsetType = UNSET
    recalled_at: datetime | UnsetType = UNSET


class MessagesView(Struct):
    items: list[MessageView]
    has_more: bool


class NoteView(Struct):
    id: str
    agent: FaceView
    after_seq: int
    text: str
    created_at: datetime


class SavedReplyView(Struct):
    """`initials`: pinyin initials of the title, several readings parted by spaces."""

    id: str
    folder: str
    title: str
    text: str
    is_shared: bool
    initials: str
    updated_at: datetime


class LeftMessageView(Struct):
    id: str
    conversation_id: str
    name: str
    phone: str
    email: str
    text: str
    created_at: datetime
    handled_at: datetime | None
    handled_by: FaceView | None
