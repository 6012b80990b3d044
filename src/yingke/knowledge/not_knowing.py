"""What is said when the knowledge does not answer: short, in the customer's language, with a way on."""

import re
from collections.abc import Sequence
from functools import cache

from yingke.kit.tongues.tongue import in_tongue, languages, wordings
from yingke.knowledge.languages import in_traditional

_SENTENCES = {
    "unknown": {
        "en": "I could not find this in our material, and I would rather not guess. Shall I ask a person to help?",
    },
    "partly": {
        "en": "Our material does not say anything about {asked}. Shall I ask a person?",
    },
    "not_in_language": {
        "en": "I do not have this answer in English yet. Shall I ask a person to help?",
        "zh": "这个问题目前只有其他语言的资料，我不直接贴给您。需要的话可以为您转人工。",
    },
    "again": {
        "zh": "这个问题资料里也没有写到，再猜只会耽误您。建议直接转人工：回复「转人工」就会有人来接。",
        "en": "Our material does not say this either, and guessing would waste your time. "
        "Reply “a person, please” and somebody takes over.",
    },
    "which": {
        "en": "Did you mean one of these?",
    },
}
# How an earlier admission is known again in the conversation.
_ADMITTED = (
    "资料里没有写到", "资料里也没有写到", "資料裡沒有寫到", "資料裡也沒有寫到", "could not find this in our material", "Our material does not say",
)  # fmt: skip
_MOST_CHOICES = 3


def sentence(name: str, language: str) -> str:
    """In `language`, or in English where there is none; Chinese has some of them only."""
    known = _SENTENCES[name]
    return in_speech(f"not_known_{name}", language, known.get("zh", known["en"]), known["en"])


def was_admitted(text: str) -> bool:
    """True for an answer that said that the knowledge does not tell."""
    return any(marker in text for marker in (*_ADMITTED, *_admitted_abroad()))


@cache
def _admitted_abroad() -> tuple[str, ...]:
    """The first words of each such sentence, up to what is filled in."""
    said = [
        one
        for language in sorted(languages())
        for name in ("unknown", "partly", "again")
        for one in wordings(f"not_known_{name}", language)
    ]
    return tuple(max(re.split(r"\{\w+\}|[.。،,?？!]", one), key=len).strip() for one in said)


def unknown(asked: Sequence[str], near: Sequence[str], choices: Sequence[str], language: str, *, partly: bool) -> str:
    """`asked` are the questions without an answer, `near` titles close to them, `choices` stored questions that may be
    meant; `partly`: something else was answered."""
    if not language.startswith("zh"):
        return _unknown_abroad(asked, choices, language, partly)
    quoted = "、".join(f"「{text}」" for text in asked)
    said = f"{'另外，' if partly else ''}资料里没有写到{quoted}，我不乱猜。"
    if choices and not partly:
        lines = "\n".join(f"{number}. {text}" for number, text in enumerate(choices[:_MOST_CHOICES], start=1))
        return shown_in(f"{said}您想问的是不是：\n{lines}\n都不是的话，可以为您转人工。", language)
    if near and not partly:
        said += "最相近的内容有：" + "、".join(near[:_MOST_CHOICES]) + "。"
    return shown_in(said + "需要的话可以为您转人工。", language)


def _unknown_abroad(asked: Sequence[str], choices: Sequence[str], language: str, partly: bool) -> str:
    if partly:
        return sentence("partly", language).format(asked=" / ".join(f"“{text}”" for text in asked))
    said = sentence("unknown", language)
    if not choices:
        return said
    lines = "\n".join(f"{number}. {text}" for number, text in enumerate(choices[:_MOST_CHOICES], start=1))
    return f"{said}\n{sentence('which', language)}\n{lines}"


def in_speech(key: str, language: str, chinese: str, english: str) -> str:
    """A sentence of the house in the customer's language, Chinese in his script. `key` is that of the tables of
    `kit/tongues`."""
    return shown_in(in_tongue(key, language, chinese, english), language)


def shown_in(text: str, language: str) -> str:
    """Our own Chinese sentences in traditional characters for those who write them."""
    return in_traditional(text) if language == "zh-Hant" else text
