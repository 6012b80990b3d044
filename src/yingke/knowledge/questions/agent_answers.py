"""What agents answered that may be worth keeping: questions with substantial answers that name nobody."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from yingke.kit.redact import find_personal
from yingke.knowledge.questions.questions_of import IsRequest, asked_in
from yingke.knowledge.questions.read_talks import Talk, TalkMessage
from yingke.knowledge.small_talk import is_small_talk

SHORTEST = 8
LONGEST = 800
MOST_JOINED = 5
_CALL = re.compile(
    r"^(?:亲爱的|亲亲|亲|您好|你好|嗯嗯?|好的|好哒|好滴|哈喽|hi|hello|dear)[呀哦呢啊~～,，!！。.\s]*", re.IGNORECASE
)
_WAITING = re.compile(
    r"稍等|稍候|等一下|等下|等会|马上(?:为您|帮您|给您)?(?:看|查|核实|确认|处理)|正在(?:为您|帮您|给您)?(?:查|核实|确认|处理)|(?:帮|为|给)[您你](?:看|查|核实|确认|登记|备注|催)"
    r"|已(?:经)?(?:为|帮|给)[您你]|one moment|just a moment|let me (?:check|see|look)|hold on",
    re.IGNORECASE,
)
# Holds for this customer only: an order, a parcel, an account, a promise to come back.
_PRIVATE = re.compile(
    r"您的?(?:这个|那个|这笔|那笔)?(?:订单|包裹|快递|退款|账号|账户|地址|手机)(?!号?(?:查询|在))|单号|\d{7,}|[a-z]{1,4}-?\d{6,}|您这边的?订单"
    r"|(?:先生|女士|小姐)[,，]|稍后(?:联系|回复)|尽快(?:联系|回复)|(?:提供|发)一?下?(?:订单|手机|地址|姓名|截图|照片)",
    re.IGNORECASE,
)
_ASKS_BACK = re.compile(r"[?？吗呢]\s*$")


@dataclass(frozen=True, slots=True)
class AgentAnswer:
    """One question in the customer's words with what the agent said to it."""

    question: str
    answer: str
    conversation_id: int
    shop_id: int


def agent_answers(talk: Talk, is_request: IsRequest) -> list[AgentAnswer]:
    """Pairs worth a look. Messages that follow each other are one answer; asking back, waiting, small talk, personal
    numbers and what concerns one order only are left out."""
    found = []
    for question, answer in _exchanges(talk, is_request):
        text = _worth_keeping(answer)
        if text is not None:
            found.append(AgentAnswer(question, text, talk.id, talk.shop_id))
    return found


def _exchanges(talk: Talk, is_request: IsRequest) -> Iterator[tuple[str, list[TalkMessage]]]:
    """(question, the agent's messages until the contact speaks again)."""
    question: str | None = None
    answer: list[TalkMessage] = []
    for message in talk.messages:
        if message.author == "contact":
            if question is not None and answer:
                yield question, answer
                question = None
            if answer:
                answer = []
            asked = [] if is_request(message.text) else asked_in(message.text)
            if len(asked) == 1:
                question = asked[0]
            elif asked:
                question = None
        elif message.author == "agent" and message.text:
            answer.append(message)
    if question is not None and answer:
        yield question, answer


def _worth_keeping(messages: list[TalkMessage]) -> str | None:
    if len(messages) > MOST_JOINED:
        return None
    kept = []
    for message in messages:
        text = message.text.strip()
        if find_personal(text) or _PRIVATE.search(text):
            return None
        text = _CALL.sub("", text).strip()
        if text and not is_small_talk(text) and not _WAITING.search(text):
            kept.append(text)
    joined = "\n".join(kept)
    letters = sum(character.isalnum() for character in joined)
    if not SHORTEST <= letters <= LONGEST or _ASKS_BACK.search(joined):
        return None
    return joined
