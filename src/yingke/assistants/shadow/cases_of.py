"""Cuts conversations into questions of the customer, each with what was said before and what the agent answered."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from yingke.assistants.engine import Said
from yingke.assistants.wants_person import wants_person
from yingke.knowledge.questions.questions_of import asked_in
from yingke.knowledge.small_talk import is_small_talk

HISTORY = 8
_MOST_TEXTS = 6
_CALL = re.compile(r"^(?:亲爱的|亲亲|亲|您好|你好|嗯+|好的|hello|hi)[呀哦呢啊~～,，!！。.\s]*", re.IGNORECASE)
_WAITING = re.compile(
    r"^.{0,12}(?:稍等|稍候|等一下|等下|正在(?:为|帮|给)?您?(?:查|核实|确认)|(?:帮|为|给)您(?:看|查|核实)(?:一下|下)|请问有什么可以帮"
    r"|很高兴为您|one moment|let me check|how (?:can|may) i help).{0,16}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """One message. `author`: contact, agent, assistant or system."""

    seq: int
    author: str
    text: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Talk:
    """Exactly one of the ids is set."""

    past_id: int | None
    live_id: int | None
    shop_id: int | None
    spoken: tuple[Spoken, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One question. `seq` of its first message; `agent_answer` is "" when the agent said nothing of substance."""

    past_id: int | None
    live_id: int | None
    shop_id: int | None
    seq: int
    asked_at: datetime | None
    texts: tuple[str, ...]
    history: tuple[Said, ...]
    agent_answer: str

    @property
    def key(self) -> tuple[int | None, int | None, int]:
        return self.past_id, self.live_id, self.seq


def cases_of(talk: Talk) -> Iterator[Case]:
    """A question is what the customer says in a row, when at least one message of it asks something or asks for a
    person. Of live conversations only those are taken that an agent answered, since the rest are the assistant's own.
    """
    spoken = [one for one in talk.spoken if one.author != "system" and one.text.strip()]
    at = 0
    while at < len(spoken):
        if spoken[at].author != "contact":
            at += 1
            continue
        end = _end_of(spoken, at, ("contact",))
        run = spoken[at:end]
        answered_by = spoken[end].author if end < len(spoken) else ""
        replies = [
            one.text for one in spoken[end : _end_of(spoken, end, ("agent", "assistant"))] if one.author == "agent"
        ]
        if _is_question(run) and (talk.live_id is None or answered_by == "agent"):
            yield Case(
                past_id=talk.past_id,
                live_id=talk.live_id,
                shop_id=talk.shop_id,
                seq=run[0].seq,
                asked_at=run[0].at,
                texts=tuple(one.text for one in run)[-_MOST_TEXTS:],
                history=tuple(Said(one.author, one.text) for one in spoken[max(0, at - HISTORY) : at]),
                agent_answer=substance_of(replies),
            )
        at = end


def substance_of(replies: Sequence[str]) -> str:
    """What the agent said without greetings, thanks and "one moment"."""
    kept = []
    for reply in replies:
        plain = _CALL.sub("", reply.strip()).strip()
        if plain and not is_small_talk(plain) and not _WAITING.match(plain):
            kept.append(plain)
    return "\n".join(kept)[:2000]


def _end_of(spoken: Sequence[Spoken], start: int, authors: tuple[str, ...]) -> int:
    end = start
    while end < len(spoken) and spoken[end].author in authors:
        end += 1
    return end


def _is_question(run: Sequence[Spoken]) -> bool:
    return any(wants_person(one.text) or asked_in(one.text) for one in run)
