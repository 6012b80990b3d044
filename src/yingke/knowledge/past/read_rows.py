"""Turns the rows of a table into conversations, masked; says of every row that it leaves out why."""

import hashlib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from yingke.kit.erase import erase
from yingke.kit.read_time import read_time
from yingke.knowledge.past.mapping import Meaning, PastMapping, Sender
from yingke.knowledge.past.transcript import cut_transcript

LONGEST_TEXT = 4000
MOST_MESSAGES = 2000
GAP = timedelta(hours=24)
MOST_PROBLEMS = 200
DIRECTION_MARKS = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF])


class PastMessage(Struct):
    sender: Sender
    text: str
    sent_at: datetime | None


class PastConversation(Struct):
    """`agent_name` is the agent who said most; `masked` how many personal details were replaced."""

    content_hash: bytes
    agent_name: str
    messages: list[PastMessage]
    masked: int


class Problem(Struct):
    """A row that was left out. `row` counts from 1 below the header; codes: see `WHY`."""

    row: int
    code: str


WHY = ("no_text", "no_conversation", "no_sender", "bad_time", "no_speakers", "too_many", "skipped")


@dataclass(slots=True)
class _Said:
    row: int
    key: str
    sender: Sender
    text: str
    at: datetime | None
    agent: str = ""
    customer: str = ""
    has_time: bool = True


@dataclass
class RowReader:
    """Reads one table by one mapping. `skipped` counts what `problems` lists the first of."""

    columns: Sequence[str]
    mapping: PastMapping
    problems: list[Problem] = field(default_factory=list)
    skipped: int = 0
    share: float = 0.0
    """Of the conversations handed out so far, 0..1."""

    def __post_init__(self) -> None:
        self._zone = ZoneInfo(self.mapping.time_zone)
        self._at = {meaning: list(self.columns).index(name) for meaning, name in self.mapping.columns.items()}
        self._senders = {name.strip().lower(): who for name, who in self.mapping.senders.items()}

    def read_row(self, number: int, row: Sequence[str]) -> list[_Said]:
        """What is said in the row number `number`; empty, with a problem noted, when nothing can be read."""
        if self.mapping.shape == "transcripts":
            return self._transcript(number, row)
        text = self._cell(row, "text")
        reply = self._cell(row, "reply")
        if not text and not reply:
            return self.leave(number, "no_text")
        key = self._cell(row, "conversation") or self._cell(row, "customer")
        if not key:
            return self.leave(number, "no_conversation")
        time = self._cell(row, "time")
        at = read_time(time, self._zone, self.mapping.time_format) if time else None
        if time and at is None:
            return self.leave(number, "bad_time")
        if "reply" in self._at:
            both: list[tuple[Sender, str]] = [("contact", text), ("agent", reply)]
            return [self._said(number, key, who, words, at, row) for who, words in both if words]
        value = self._cell(row, "sender")
        who = self._who(value, row)
        if who is None:
            return self.leave(number, "no_sender")
        if who == "skip":
            return self.leave(number, "skipped")
        said = self._said(number, key, who, text, at, row)
        if who == "agent" and not said.agent and value.lower() not in self._senders:
            said.agent = value
        return [said]

    def _who(self, value: str, row: Sequence[str]) -> str | None:
        if not value:
            return None
        listed = self._senders.get(value.lower())
        if listed is not None:
            return listed
        if value == self._cell(row, "customer"):
            return "contact"
        return "agent" if value == self._cell(row, "agent") else self.mapping.other_senders

    def _transcript(self, number: int, row: Sequence[str]) -> list[_Said]:
        lines = cut_transcript(self._cell(row, "text"))
        if not lines:
            return self.leave(number, "no_speakers" if self._cell(row, "text") else "no_text")
        time = self._cell(row, "time")
        begun = read_time(time, self._zone, self.mapping.time_format) if time else None
        if time and begun is None:
            return self.leave(number, "bad_time")
        key = self._cell(row, "conversation") or f"row {number}"
        said: list[_Said] = []
        for line in lines[:MOST_MESSAGES]:
            who = self._who(line.speaker, row)
            if who is None or who == "skip":
                continue
            at = self._line_time(line.time, begun)
            one = self._said(number, key, who, line.text, at or begun, row)
            one.has_time = at is not None
            if who == "contact" and line.speaker.lower() not in self._senders:
                one.customer = one.customer or line.speaker
            said.append(one)
        return said or self.leave(number, "skipped")

    def _line_time(self, written: str, begun: datetime | None) -> datetime | None:
        """A clock alone is of the day on which the talk began, or of the next one after midnight."""
        whole = read_time(written, self._zone, self.mapping.time_format)
        if whole is not None or begun is None or not written:
            return whole
        day = begun.astimezone(self._zone).date()
        at = read_time(f"{day.isoformat()} {written}", self._zone)
        if at is None:
            return None
        return at + timedelta(days=1) if at < begun - timedelta(hours=1) else at

    def _said(self, number: int, key: str, who: str, text: str, at: datetime | None, row: Sequence[str]) -> _Said:
        sender: Sender = who  # type: ignore[assignment]
        agent, customer = self._cell(row, "agent"), self._cell(row, "customer")
        return _Said(number, key, sender, text, at, agent, customer, at is not None)

    def _cell(self, row: Sequence[str], meaning: Meaning) -> str:
        at = self._at.get(meaning)
        return row[at].strip() if at is not None else ""

    def leave(self, number: int, code: str) -> list[_Said]:
        self.skipped += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(number, code))
        return []


def read_conversations(reader: RowReader, rows: Sequence[Sequence[str]]) -> Iterator[PastConversation]:
    """The conversations of the table, oldest first. Nothing personal of the rows is in what comes out."""
    talks: dict[str, list[_Said]] = {}
    for number, row in enumerate(rows, start=1):
        for said in reader.read_row(number, row):
            talks.setdefault(said.key, []).append(said)
    has_id = "conversation" in reader.mapping.columns or reader.mapping.shape == "transcripts"
    parts = [part for talk in talks.values() for part in _parts(talk, has_id)]
    talks.clear()
    parts.sort(key=lambda part: (part[0].at is not None, part[0].at.timestamp() if part[0].at else 0, part[0].row))
    for number, part in enumerate(parts, start=1):
        reader.share = number / len(parts)
        for start in range(MOST_MESSAGES, len(part)):
            reader.leave(part[start].row, "too_many")
        yield _masked(part[:MOST_MESSAGES])


def _parts(talk: list[_Said], has_id: bool) -> list[list[_Said]]:
    """In order of time; without an id of its own a talk ends where a day passes in silence."""
    if all(said.at is not None for said in talk):
        talk.sort(key=lambda said: said.at.timestamp() if said.at else 0.0)
    if has_id:
        return [talk]
    parts = [[talk[0]]]
    for before, said in itertools.pairwise(talk):
        if before.at is not None and said.at is not None and said.at - before.at > GAP:
            parts.append([])
        parts[-1].append(said)
    return parts


def _masked(talk: list[_Said]) -> PastConversation:
    names = tuple({said.customer for said in talk if len(said.customer) >= 2})
    masked = 0
    messages: list[PastMessage] = []
    digest = hashlib.sha256(hashlib.sha256(talk[0].key.encode("utf-8", "replace")).digest())
    for said in talk:
        text, count = erase(clean(said.text), names)
        masked += count
        at = said.at if said.has_time else None
        messages.append(PastMessage(said.sender, text, at))
        digest.update(f"{said.sender}\x1f{text}\x1f{at.isoformat() if at else ''}\x1e".encode())
    if messages[0].sent_at is None and talk[0].at is not None:
        messages[0].sent_at = talk[0].at
    return PastConversation(digest.digest()[:16], _agent_of(talk, names), messages, masked)


def clean(text: str) -> str:
    """What PostgreSQL, JSON and a reader's eye can carry."""
    plain = text.replace("\0", "").translate(DIRECTION_MARKS)[:LONGEST_TEXT]
    return plain.encode("utf-8", "replace").decode()


def _agent_of(talk: list[_Said], names: Sequence[str]) -> str:
    spoken = [said.agent for said in talk if said.sender == "agent" and said.agent] or [
        said.agent for said in talk if said.agent
    ]
    if not spoken:
        return ""
    return erase(clean(max(set(spoken), key=lambda name: (spoken.count(name), name))), names)[0][:80]
