"""What this room says over HTTP. Ids are strings, times RFC 3339 in UTC."""

from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from msgspec import UNSET, Struct, UnsetType

Language = Literal["zh-CN", "en"]
Role = Literal["owner", "admin", "agent"]
Presence = Literal["online", "busy", "away", "offline"]
T = TypeVar("T")


class Page(Struct, Generic[T]):
    """A list. `next` is the `after` of the following page, null on the last."""

    items: list[T]
    next: str | None


class AgentSettings(Struct):
    """How the workbench looks and sounds for one agent; what was never chosen is left out. `time_zone`: in which times are
    shown to him, an IANA name; "" or left out = the workspace's."""

    theme: Literal["light", "dark", "auto"] | UnsetType = UNSET
    language: Language | UnsetType = UNSET
    density: Literal["compact", "roomy"] | UnsetType = UNSET
    sound: bool | UnsetType = UNSET
    do_not_disturb: bool | UnsetType = UNSET
    desktop_notice: bool | UnsetType = UNSET
    send_with: Literal["enter", "ctrl_enter"] | UnsetType = UNSET
    single_keys: bool | UnsetType = UNSET
    chords: dict[str, str] | UnsetType = UNSET
    time_zone: str | UnsetType = UNSET


class AgentView(Struct):
    id: str
    name: str
    work_name: str
    email: str
    role: Role
    avatar_url: str | None
    state: Literal["online", "busy", "away", "offline"]
    disabled: bool
    settings: AgentSettings | UnsetType = UNSET


class WorkspaceSettings(Struct):
    """`amber_seconds` and `red_seconds`: when the waiting clock of a conversation changes colour."""

    amber_seconds: int
    red_seconds: int


class SetupView(Struct):
    """Where the first-run wizard stands."""

    step: str
    skipped: bool
    done: list[str]


class WorkspaceView(Struct):
    id: str
    name: str
    time_zone: str
    language: Language
    is_demo: bool
    settings: WorkspaceSettings
    setup: SetupView


class ShopName(Struct):
    id: str
    name: str
    site_key: str


class Me(Struct):
    agent: AgentView
    workspace: WorkspaceView
    shops: list[ShopName]
    csrf_token: str
    version: str
    insecure: bool


class SessionView(Struct):
    id: str
    user_agent: str
    address: str
    created_at: datetime
    seen_at: datetime
    is_current: bool


class AuditView(Struct):
    id: str
    agent: "AuditAgent | None"
    api_key_id: str | None
    action: str
    target: str
    data: dict[str, Any]
    address: str
    created_at: datetime


class AuditAgent(Struct):
    id: str
    name: str
    work_name: str


class EventView(Struct):
    """One thing that happened; `cursor` is the `after` that continues behind it."""

    cursor: str
    event: str
    created_at: datetime
    conversation_id: str | None
    seq: int | None
    data: dict[str, Any] | None
