"""What the panel of a visitor is told over HTTP. Ids are opaque strings, times RFC 3339 in UTC."""

from datetime import datetime
from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from yingke.conversations.shapes import HandledBy, VisitorMessageView


class PanelShop(Struct):
    name: str


class PanelAssistant(Struct):
    name: str
    avatar_url: str | None


class PanelPrivacy(Struct):
    """`accepted`: this visitor has agreed to this `version`."""

    version: str
    text: str
    url: str | None
    accepted: bool


class PanelLook(Struct):
    color: str | UnsetType = UNSET
    position: Literal["left", "right"] | UnsetType = UNSET
    offset_x: int | UnsetType = UNSET
    offset_y: int | UnsetType = UNSET
    z_index: int | UnsetType = UNSET
    launcher: str | UnsetType = UNSET
    title: str | UnsetType = UNSET
    logo_url: str | UnsetType | None = UNSET


class PanelHours(Struct):
    """`opens_at` is null while the shop is open, and where its hours name no next opening."""

    is_open: bool
    opens_at: datetime | None


class PanelLimits(Struct):
    max_chars: int
    max_file_mb: int


class PanelSettings(Struct):
    """Words are in `language`. `assistant` null: it is switched off."""

    shop: PanelShop
    assistant: PanelAssistant | None
    greeting: str
    suggested_questions: list[str]
    privacy: PanelPrivacy
    look: PanelLook
    languages: list[str]
    language: str
    hours: PanelHours
    agents_online: bool
    limits: PanelLimits
    model_notice: str | None
    is_demo: bool


class SessionAnswer(Struct):
    visitor_token: str
    contact_id: str
    conversation_id: str | None
    is_verified: bool
    settings: PanelSettings


class Acknowledged(Struct):
    id: str
    conversation_id: str
    seq: int
    created_at: datetime
    client_message_id: str


class ConversationItem(Struct):
    id: str
    status: Literal["open", "closed"]
    handled_by: HandledBy
    last_seq: int
    last_message_at: datetime
    preview: str
    rating: Literal["good", "fair", "bad"] | None


class ConversationItems(Struct):
    items: list[ConversationItem]
    next: str | None


class MessageItems(Struct):
    items: list[VisitorMessageView]
    has_more: bool


class QueuePlace(Struct):
    """`position` counts from 1; `eta_seconds` null where nothing tells it."""

    position: int
    eta_seconds: int | None


class PersonAsked(Struct):
    conversation_id: str
    handled_by: HandledBy
    queue: QueuePlace | None
    hours: PanelHours
    agents_online: bool


class WordLeft(Struct):
    """`id` of what was left."""

    id: str
    conversation_id: str


class UploadView(Struct):
    """`size` in bytes; `width` and `height` in pixels, of pictures alone. `url` opens it for a short while."""

    file_id: str
    name: str
    media_type: str
    size: int
    url: str
    width: int | UnsetType = UNSET
    height: int | UnsetType = UNSET
