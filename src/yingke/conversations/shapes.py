"""What this room says over HTTP. Ids are opaque strings, times RFC 3339 in UTC."""

from datetime import datetime
from typing import Generic, Literal, TypeVar

from msgspec import UNSET, Struct, UnsetType, field

from yingke.conversations.cards import CardView
from yingke.conversations.guarding.shapes import CheckedView

T = TypeVar("T")
HandledBy = Literal["assistant", "queue", "agent"]
Author = Literal["contact", "assistant", "agent", "system"]


class Page(Struct, Generic[T]):
    """A list. `next` is the `after` of the following page, null on the last."""

    items: list[T]
    next: str | None


class FaceView(Struct):
    """How an agent is shown to customers and colleagues."""

    id: str
    work_name: str
    avatar_url: str | None


class ContactFace(Struct):
    """`time_zone` as the customer's browser names it; null where none has."""

    id: str
    name: str | None
    number: int
    level: str | None
    is_verified: bool
    time_zone: str | None


class SubjectView(Struct):
    """The page that the conversation began on. `demo`: it was made up for the demo."""

    url: str | UnsetType = UNSET
    title: str | UnsetType = UNSET
    demo: bool | UnsetType = UNSET


class RoutingFacts(Struct):
    """Why a conversation is where it is. `by`: push, next, transfer or own (taken unasked); `marks` what made it
    urgent; `order` the number of the order it is about; `has` of `most` is what the agent had in hand when he got it;
    `source` whose: group, fallback or shop.
    """

    by: str | None
    group: str | None
    group_id: str | None
    marks: list[str]
    intent: str | None
    order: str | None
    priority: int
    has: int | None
    most: int | None
    source: str | None
    assigned_at: datetime | None
    overflow: str | None


Mood = Literal["satisfied", "calm", "anxious", "disappointed", "angry"]


class MoodPoint(Struct):
    """How the contact felt in the message `seq`."""

    seq: int
    mood: Mood


class UnderstoodView(Struct):
    """What the contact last wanted (one of the intents) and felt; `moods` are the last 20, the oldest first."""

    intent: str | None
    mood: Mood | None
    moods: list[MoodPoint]


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
    subject: SubjectView
    created_at: datetime
    closed_at: datetime | None
    rating: Literal["good", "fair", "bad"] | None
    routing: RoutingFacts | None
    understood: UnderstoodView | None


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


class SentView(Struct):
    state: str


class SystemView(Struct):
    """What happened: taken_over, handed_back, queued, outside_hours, left_message, closed, reopened."""

    code: str
    agent: FaceView | UnsetType | None = UNSET
    by: str | UnsetType = UNSET
    reason: str | UnsetType = UNSET
    opens_at: str | UnsetType | None = UNSET
    left_message_id: str | UnsetType = UNSET


class MakerView(Struct):
    """Who wrote it. `engine`: embedded, chat or notice; `model` where a language model took part."""

    engine: str
    model: str | UnsetType = UNSET


class CitationView(Struct):
    """`n` as it stands in the text. The ids are for the staff alone; a stored answer has no document."""

    n: int
    title: str
    heading: str
    quote: str
    document_id: str | UnsetType = UNSET
    passage_id: str | UnsetType = UNSET


class MessageView(Struct):
    """`generated_by` is set on whatever an AI wrote and must stay visible wherever the text is shown."""

    id: str
    conversation_id: str
    seq: int
    author: Author = field(name="from")
    kind: str
    type: str
    created_at: datetime
    delivery: SentView
    client_message_id: str | UnsetType = UNSET
    text: str | UnsetType = UNSET
    cards: list[CardView] | UnsetType = UNSET
    file: FileView | UnsetType = UNSET
    system: SystemView | UnsetType = UNSET
    agent: FaceView | UnsetType = UNSET
    generated_by: MakerView | UnsetType = UNSET
    citations: list[CitationView] | UnsetType = UNSET
    degraded_level: int | UnsetType = UNSET
    trace_id: str | UnsetType = UNSET
    feedback: Literal["up", "down", "report"] | UnsetType = UNSET
    recalled_at: datetime | UnsetType = UNSET


class VisitorMessageView(Struct):
    """The message without what only the staff may know. `offers_person`: a button for a person belongs under it."""

    id: str
    conversation_id: str
    seq: int
    author: Author = field(name="from")
    kind: str
    type: str
    created_at: datetime
    delivery: SentView
    client_message_id: str | UnsetType = UNSET
    text: str | UnsetType = UNSET
    offers_person: bool | UnsetType = UNSET
    cards: list[CardView] | UnsetType = UNSET
    file: FileView | UnsetType = UNSET
    system: SystemView | UnsetType = UNSET
    agent: FaceView | UnsetType = UNSET
    answers_through_seq: int | UnsetType = UNSET
    generated_by: MakerView | UnsetType = UNSET
    citations: list[CitationView] | UnsetType = UNSET
    degraded_level: int | UnsetType = UNSET
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
    """`initials`: pinyin initials of the title, several readings parted by spaces. `verdict`: words in it that may
    not be said, as last looked at; null when there are none."""

    id: str
    folder: str
    title: str
    text: str
    is_shared: bool
    initials: str
    updated_at: datetime
    verdict: CheckedView | None = None


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
