"""What the guard routes take and give."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from yingke.conversations.guarding.contact_policy import MayAsk
from yingke.conversations.guarding.word import Judged, Level


class PackView(Struct):
    """`is_usual`: whether it counts where nothing was chosen. `shop_ids` empty: in every shop."""

    key: str
    kind: Literal["law", "trade", "platform", "basics"]
    name_zh: str
    name_en: str
    is_on: bool
    is_usual: bool
    shop_ids: list[str]
    channels: list[str]
    words: int
    switched: int


class PackChoice(Struct):
    is_on: bool
    shop_ids: list[str] = []


class PackWordView(Struct):
    """`level` as it counts here, `usual` as the pack says."""

    entry: str
    words: str
    level: Literal["off", "warn", "rewrite", "block"]
    usual: Level
    proposal: str
    reason_zh: str
    reason_en: str
    source: str


class Switch(Struct):
    """`level` null: as the pack says."""

    entry: str
    level: Literal["off", "warn", "rewrite", "block"] | None


class OwnWordView(Struct):
    id: str
    words: str
    level: Level
    proposal: str
    unless: list[str]
    reason: str
    shop_ids: list[str]
    is_on: bool
    updated_at: datetime


class NewOwnWord(Struct):
    """`unless`: where it passes, with ~ for the word. `*` in `words` stands for up to eight characters."""

    words: str
    level: Level = "warn"
    proposal: str = ""
    unless: list[str] = []
    reason: str = ""
    shop_ids: list[str] = []
    is_on: bool = True


class WordTable(Struct):
    """CSV: words, level, proposal, unless (parted by |), reason, is_on."""

    table: str


class Imported(Struct):
    words: int


class FoundView(Struct):
    """`start`, `end`: places in the text, in Unicode code points; -1 when it cannot be pointed at."""

    entry: str
    words: str
    said: str
    start: int
    end: int
    level: Level
    proposal: str
    reason_zh: str
    reason_en: str
    source: str


class CheckedView(Struct):
    """`text`: what may be said instead; null when only other words help."""

    level: Judged
    found: list[FoundView]
    text: str | None


class Wording(Struct):
    """Checked as an agent's words in that conversation; without one, as on a website in the shop."""

    text: str
    conversation_id: str | None = None
    shop_id: str | None = None
    channel: str = "website"


class Trial(Struct):
    """`word`: not saved yet. Without it the words that count now are tried."""

    word: NewOwnWord | None = None
    text: str = ""


class PastExample(Struct):
    conversation_id: str
    text: str
    said: str


class TrialView(Struct):
    """`looked`: how many of our last sentences there were (at most 1,000), `stopped`: how many hold the words."""

    checked: CheckedView
    looked: int
    stopped: int
    examples: list[PastExample]


class StopView(Struct):
    id: str
    conversation_id: str | None
    speaker: Literal["assistant", "agent", "saved_reply", "card"]
    agent_name: str | None
    outcome: Literal["blocked", "rewritten", "confirmed"]
    text: str
    found: list[FoundView]
    created_at: datetime


class PolicyView(Struct):
    """`usual`: what the product does where nothing was chosen."""

    channel: str
    may_ask: MayAsk
    usual: MayAsk


class PolicyChoice(Struct):
    may_ask: MayAsk
