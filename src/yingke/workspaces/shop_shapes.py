"""What a shop looks like over HTTP and in its JSON columns."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from yingke.workspaces.shapes import Language

Clock = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]
Pixels = Annotated[int, Meta(ge=0, le=1000)]


class Words(Struct, rename={"zh": "zh-CN"}, omit_defaults=True):
    """The same text in both languages."""

    zh: str | UnsetType = UNSET
    en: str | UnsetType = UNSET


class Lists(Struct, rename={"zh": "zh-CN"}, omit_defaults=True):
    zh: list[str] | UnsetType = UNSET
    en: list[str] | UnsetType = UNSET


class Privacy(Struct):
    """A new text needs a new `version`; visitors are then asked again."""

    version: Annotated[str, Meta(min_length=1, max_length=40)] = "1"
    url: str | None = None
    text: Words = field(default_factory=Words)


class Look(Struct):
    color: Annotated[str, Meta(pattern="^#[0-9a-fA-F]{6}$")] = "#1f6feb"
    position: Literal["left", "right"] = "right"
    offset_x: Pixels = 24
    offset_y: Pixels = 24
    z_index: Annotated[int, Meta(ge=0, le=2147483647)] = 2147483000
    launcher: Annotated[str, Meta(max_length=40)] = "bubble"
    title: Annotated[str, Meta(max_length=40)] = ""
    logo_url: str | None = None


class DayHours(Struct, rename={"from_": "from"}):
    """One span of a weekday; 1 is Monday. `to` ≤ `from` ends on the next day."""

    day: Annotated[int, Meta(ge=1, le=7)]
    from_: Clock
    to: Clock


class DayException(Struct, rename={"from_": "from"}, omit_defaults=True):
    """A date with hours of its own; without times the shop is closed."""

    date: Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    from_: Clock | None = None
    to: Clock | None = None
    note: Annotated[str, Meta(max_length=100)] = ""


class Hours(Struct, omit_defaults=True):
    """Empty = always open."""

    time_zone: str | UnsetType = UNSET
    days: Annotated[list[DayHours], Meta(max_length=70)] = []
    exceptions: Annotated[list[DayException], Meta(max_length=400)] = []


class ShopAssistant(Struct):
    name: Annotated[str, Meta(min_length=1, max_length=40)] = "AI"
    enabled: bool = True
    avatar: str | None = None


class ShopView(Struct):
    id: str
    name: str
    site_key: str
    domains: list[str]
    languages: list[Language]
    greeting: Words
    suggested_questions: Lists
    privacy: Privacy
    look: Look
    hours: Hours
    assistant: ShopAssistant
    reopen_hours: int
    all_agents: bool
    agent_ids: list[str]
    installed_at: datetime | None
    installed_url: str | None
    snippet: str
    chat_url: str
    created_at: datetime
    site_secret: str | UnsetType = UNSET


class ShopChange(Struct):
    """What may be set; everything else in a body is ignored."""

    name: str | UnsetType = UNSET
    domains: list[str] | UnsetType = UNSET
    languages: list[Language] | UnsetType = UNSET
    greeting: Words | UnsetType = UNSET
    suggested_questions: Lists | UnsetType = UNSET
    privacy: Privacy | UnsetType = UNSET
    look: Look | UnsetType = UNSET
    hours: Hours | UnsetType = UNSET
    assistant: ShopAssistant | UnsetType = UNSET
    reopen_hours: Annotated[int, Meta(ge=0, le=720)] | UnsetType = UNSET
    all_agents: bool | UnsetType = UNSET
    agent_ids: list[str] | UnsetType = UNSET
