"""Turns one talk into the rows of its conversation and messages, as the product itself would have left them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from yingke.app.demo.talks import Line
from yingke.app.demo.week import Talk, citation

Row = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """Where a talk is stored. `faces`: the agents as kept in payloads; `document_ids`: file name → document."""

    workspace_id: int
    conversation_id: int
    identity_id: int
    shop_id: int
    account_id: int
    faces: list[Row]
    document_ids: dict[str, int]


@dataclass
class Shaped:
    place: Place
    talk: Talk
    messages: list[Row] = field(default_factory=list)
    gaps: list[tuple[str, datetime]] = field(default_factory=list)
    contact_messages: int = 0
    last_contact: int = 0
    answered_through: int = 0
    generation: int = 1
    is_handed: bool = False
    replied_at: datetime | None = None
    asked: str = ""
    moods: list[tuple[int, str]] = field(default_factory=list)

    @property
    def seq(self) -> int:
        return len(self.messages)

    @property
    def understood(self) -> Row:
        """As the product keeps it: the mood of each message, the last one above."""
        return {"mood": self.moods[-1][1], "moods": self.moods[-20:], "through": self.last_contact}

    def add(self, author: str, moment: datetime, **values: Any) -> None:
        row: Row = {
            "workspace_id": self.place.workspace_id,
            "conversation_id": self.place.conversation_id,
            "seq": self.seq + 1,
            "author": author,
            "sender_id": None,
            "type": "text",
            "text": None,
            "payload": None,
            "answers_through_seq": None,
            "generated_by": None,
            "citations": None,
            "created_at": moment,
        }
        self.messages.append(row | values)

    def system(self, moment: datetime, **payload: Any) -> None:
        self.add("system", moment, type="system", payload=payload)


def shape_talk(place: Place, talk: Talk) -> Shaped:
    shaped = Shaped(place, talk)
    for line, moment in zip(talk.lines, talk.moments, strict=True):
        if line.who == "contact":
            _ask(shaped, line, moment)
        elif line.who == "agent":
            _say(shaped, line, moment)
        else:
            _answer(shaped, line, moment)
    if talk.kind == "left":
        shaped.system(talk.ends + timedelta(seconds=1), code="outside_hours", reason="asked")
        shaped.system(talk.ends + timedelta(seconds=50), code="left_message")
    if not talk.is_open:
        by = {"by": "agent", "agent": place.faces[talk.agent]} if shaped.is_handed else {"by": "program"}
        shaped.system(closing_time(talk), code="closed", **by)
    return shaped


def closing_time(talk: Talk) -> datetime:
    return talk.ends + timedelta(minutes=4)


def _ask(shaped: Shaped, line: Line, moment: datetime) -> None:
    shaped.add("contact", moment, text=line.text, sender_id=shaped.place.identity_id)
    shaped.contact_messages += 1
    shaped.last_contact = shaped.seq
    shaped.moods.append((shaped.seq, line.mood))
    shaped.asked = line.text


def _answer(shaped: Shaped, line: Line, moment: datetime) -> None:
    source = citation(line, shaped.place.document_ids)
    shaped.add(
        "assistant",
        moment,
        text=f"{line.text} [1]" if source else line.text,
        payload={"offers_person": True} if line.who == "gap" else None,
        answers_through_seq=shaped.last_contact,
        generated_by={"engine": "embedded" if source or line.who == "gap" else "notice"},
        citations=source,
    )
    _replied(shaped, moment)
    if line.who == "gap":
        shaped.gaps.append((shaped.asked, moment))


def _say(shaped: Shaped, line: Line, moment: datetime) -> None:
    face = shaped.place.faces[shaped.talk.agent]
    if not shaped.is_handed:
        shaped.system(moment - timedelta(seconds=9), code="queued", reason=shaped.talk.reason)
        shaped.system(moment - timedelta(seconds=4), code="taken_over", agent=face)
        shaped.is_handed = True
        shaped.generation += 2
    shaped.add("agent", moment, text=line.text, sender_id=int(face["id"]), payload={"agent": face})
    _replied(shaped, moment)


def _replied(shaped: Shaped, moment: datetime) -> None:
    shaped.answered_through = shaped.last_contact
    shaped.replied_at = shaped.replied_at or moment
