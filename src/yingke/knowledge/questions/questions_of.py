"""Which questions a conversation holds, and what became of each."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from yingke.kit.redact import mask
from yingke.knowledge.fold import fold
from yingke.knowledge.questions.add_asked import AskedQuestion, Outcome
from yingke.knowledge.questions.read_talks import Talk, TalkMessage
from yingke.knowledge.understand import understand

_FORM = re.compile(
    r"[?？]|吗|呢|嘛|么|几|多少|多久|多大|多长|多重|多高|怎么|咋|如何|什么|啥|哪|谁|为何|为什么|(?P<verb>[\u4e00-\u9fff])[不没](?P=verb)"
    r"|有没|能否|是否|可否|还是|[不没][啊呀哦呢吧]?$|可以.*吧$"
    # What went wrong is told, not asked, and wants to know what happens now.
    r"|少[发了寄]|漏[发了寄]|[发寄拿]错|坏了|破[了的]|碎了|丢了|不一样|没动|不更新|\b(?:what|when|where|which|how|why|who|do|does|can|is|are|could|will)\b"
)
_POLITE_START = re.compile(
    r"^(?:(?:请问|你好|您好|亲爱的|亲+|老板|店家|客服|哈喽|嗨|在吗|在么|那个|(?:我)?想?问(?:一)?下|(?:我)?想问问?|麻烦问(?:一)?下|打扰(?:一)?下?|请教(?:一)?下"
    r"|hi|hello|hey|excuse me)(?:一下)?[啊呀哦呢～~,，、!！。.\s]*)+",
    re.IGNORECASE,
)
_POLITE_END = re.compile(
    r"[～~,，、。.!！?？\s]*(?:(?:谢谢|多谢|急+|在线等|亲+|please|thanks?)[～~,，、。.!！?？\s]*)*$", re.IGNORECASE
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_SHORT = 12
LONGEST = 200
_REFUSED = ("护栏:", "who_are_you", "small_talk", "attachment_only", "wants_person")

IsRequest = Callable[[str], bool]
"""True for a message that wants a person instead of an answer."""


@dataclass(frozen=True, slots=True)
class _Fate:
    outcome: Outcome
    confidence: float | None = None


def questions_of(talk: Talk, is_request: IsRequest) -> list[AskedQuestion]:
    """Every question of the contact to which something followed, masked. Greetings, thanks, statements, orders of
    their own and wishes for a person are no questions to the knowledge."""
    found = []
    for at, message in enumerate(talk.messages):
        if message.author != "contact" or not message.text or is_request(message.text):
            continue
        fate = _fate(talk, at)
        if fate is None:
            continue
        for text in asked_in(message.text):
            found.append(
                AskedQuestion(
                    text=text,
                    asked_at=message.created_at,
                    outcome=fate.outcome,
                    conversation_id=talk.id,
                    seq=message.seq,
                    shop_id=talk.shop_id,
                    confidence=fate.confidence,
                )
            )
    return found


def asked_in(text: str) -> list[str]:
    """The questions of one message, each standing alone, in its own words, on one line and masked."""
    return list(dict.fromkeys(_asked(text[:1000])))


def _asked(text: str) -> Iterator[str]:
    # A greeting is no subject of what follows.
    for ask in understand([_POLITE_START.sub("", text.strip())]):
        if ask.wants_rules:
            continue
        folded = fold(plain_question(ask.text)[:-1])
        if not (_FORM.search(folded) or (ask.required and len(folded) <= _SHORT)):
            continue
        if not ask.required and not ask.content:
            continue
        yield plain_question(ask.search)


def plain_question(text: str) -> str:
    """Without greeting and thanks around it, on one line, masked, with one sign at the end."""
    line = " ".join(mask(text).split())
    bare = _POLITE_END.sub("", _POLITE_START.sub("", line)) or line
    return f"{bare[:LONGEST]}{'？' if _HAN.search(bare) else '?'}"


def _fate(talk: Talk, at: int) -> _Fate | None:
    """What followed on the message at place `at`; None while nothing did, or when it was no question to answer."""
    asked = talk.messages[at]
    answer, agent, is_handed = None, None, False
    for message in talk.messages[at + 1 :]:
        if message.author == "agent":
            agent = message
            break
        if message.author == "assistant" and answer is None and (message.through_seq or 0) >= asked.seq:
            answer = message
        is_handed = is_handed or _hands_over(message)
        if answer is not None and message.author == "contact":
            break
    if answer is None:
        return _without_answer(talk, agent, is_handed)
    reasons = [str(reason) for reason in answer.decision.get("reasons") or ()]
    if answer.need == "order" or any(reason.startswith(_REFUSED) for reason in reasons[:1]):
        return None
    confidence = answer.decision.get("confidence")
    if answer.verdict in ("down", "report") or (talk.score == "bad" and _is_last(talk, answer)):
        return _Fate("badly_rated", confidence)
    if not answer.decision or answer.decision.get("answer"):
        return _Fate("answered", confidence)
    if agent is not None:
        return _Fate("by_agent", confidence)
    return _Fate("handed_off" if is_handed else "unanswered", confidence)


def _without_answer(talk: Talk, agent: TalkMessage | None, is_handed: bool) -> _Fate | None:
    if agent is not None:
        return _Fate("by_agent")
    if is_handed:
        return _Fate("handed_off")
    return _Fate("unanswered") if talk.is_closed else None


def _hands_over(message: TalkMessage) -> bool:
    return message.author == "system" and message.code in ("queued", "outside_hours", "taken_over")


def _is_last(talk: Talk, answer: TalkMessage) -> bool:
    """The rating of a conversation speaks of the assistant's last answer, where no agent took part."""
    said = [message for message in talk.messages if message.author in ("assistant", "agent")]
    return all(message.author == "assistant" for message in said) and said[-1].seq == answer.seq
