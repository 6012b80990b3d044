"""A sentence of comfort before an answer to somebody who worries or is let down: it fits what happened, and none comes twice."""

from collections.abc import Sequence
from typing import Final

from yingke.assistants.engine import Said
from yingke.assistants.mood.grievance import Grievance, grievance_of
from yingke.assistants.mood.labels import Label
from yingke.kit.tongues.tongue import languages, wordings
from yingke.knowledge.languages import in_traditional

SURE, VERY_SURE = 0.5, 0.7
_READ = frozenset({"zh", "zh-Hant", "en"})
"""In these a grievance is found by its words; in others the feeling has to be strong."""
_FITTING: Final[dict[Grievance, dict[str, tuple[str, ...]]]] = {
    "late": {
        "zh": ("让您等久了，抱歉，我先看看这件包裹。", "等这么久确实让人着急，抱歉。", "送达这件事我和您一起盯着。"),
        "en": ("I am sorry for the wait; let me see where it stands.", "Waiting this long is no fun, and I am sorry."),
    },
    "broken": {
        "zh": ("收到的东西有问题，换谁都不舒服，抱歉。", "抱歉让您碰上这样的问题，我们来处理。", "东西坏了耽误您用，很抱歉。"),
        "en": ("I am sorry that it does not work as it should.", "That should not have reached you like this; I am sorry."),
    },
    "wrong": {
        "zh": ("发来的和您要的对不上，是我们的疏忽，抱歉。", "抱歉让您收到不对的东西，我们来改正。"),
        "en": ("I am sorry that what came is not what you ordered.", "That was packed wrongly, and I am sorry."),
    },
    "quality": {
        "zh": ("没有达到您的期待，抱歉，您的意见我记下了。", "花了钱却用得不称心，很抱歉。"),
        "en": ("I am sorry that it is not as good as you had a right to expect.", "I hear you: it did not hold up."),
    },
    "service": {
        "zh": ("之前没有把您照顾好，抱歉，这次我们说清楚。", "让您一遍遍地问，很抱歉。"),
        "en": ("I am sorry that nobody took proper care of this before.", "You should not have had to ask again; I am sorry."),
    },
    "money": {
        "zh": ("钱的事不能含糊，我先帮您弄清楚。", "理解您对这笔钱的在意，我们一项项看。"),
        "en": ("Money matters have to be clear; let us look at this one.", "I understand that this amount worries you."),
    },
}  # fmt: skip
"""By what happened, where its words tell it; for all else the sentences of the mood. Of both, other languages stand in
`kit/tongues`."""
_ANXIOUS: Final[dict[str, tuple[str, ...]]] = {
    "zh": (
        "您先别着急，我马上帮您看。",
        "理解您的担心，我们一起把这件事弄清楚。",
        "我知道您很着急，先把我查到的告诉您。",
        "别担心，我在这儿，先看看能怎么办。",
    ),
    "zh-Hant": (
        "您先別著急，我馬上幫您看。",
        "理解您的擔心，我們一起把這件事弄清楚。",
        "我知道您很著急，先把我查到的告訴您。",
        "別擔心，我在這裡，先看看能怎麼辦。",
    ),
    "en": (
        "I understand that this is urgent; let me look right away.",
        "I can see why you are worried. Here is what I can tell you.",
        "Let us sort this out together, starting with what I know.",
        "I am here to help, and I will not waste your time.",
    ),
}
_DISAPPOINTED: Final[dict[str, tuple[str, ...]]] = {
    "zh": (
        "很抱歉让您失望了，这件事我认真对待。",
        "这样的体验确实不好，抱歉让您费心了。",
        "您的感受我明白，先说说我们能为您做什么。",
        "抱歉没有达到您的期待，我来帮您处理。",
    ),
    "zh-Hant": (
        "很抱歉讓您失望了，這件事我認真對待。",
        "這樣的體驗確實不好，抱歉讓您費心了。",
        "您的感受我明白，先說說我們能為您做什麼。",
        "抱歉沒有達到您的期待，我來幫您處理。",
    ),
    "en": (
        "I am sorry that we let you down.",
        "That is not the experience you should have had, and I am sorry.",
        "I understand your disappointment. Here is what can be done.",
        "Thank you for telling us; I am sorry it went this way.",
    ),
}
_WORDS: Final[dict[str, dict[str, tuple[str, ...]]]] = {"anxious": _ANXIOUS, "disappointed": _DISAPPOINTED}
_KEYS: Final[tuple[str, ...]] = (*_WORDS, *_FITTING)
_ALL: Final[tuple[str, ...]] = tuple(
    written
    for by_language in (*_WORDS.values(), *_FITTING.values())
    for language, texts in by_language.items()
    for text in texts
    for written in ((text, in_traditional(text)) if language == "zh" else (text,))
) + tuple(one for language in sorted(languages()) for key in _KEYS for one in wordings(f"soothe_{key}", language))
_APOLOGIES: Final[tuple[str, ...]] = (
    *("非常抱歉", "很抱歉", "抱歉", "I am very sorry", "I am sorry", "让您等久了"),
    *(one for language in sorted(languages()) for one in wordings("apologies", language)),
)
"""How sentences begin that ask pardon by themselves."""


def soothe(
    label: Label | None, confidence: float, language: str, history: Sequence[Said], number: int, said: str
) -> str:
    """The sentence for this answer, or "". `language` as `read_language` gives it; `number` picks one of several; `said`
    is what the customer wrote: who has nothing against us in his own words is asked no pardon, whatever the mood.

    None for whoever was just comforted: words of comfort in every answer are heard as a machine's.
    """
    if label not in _WORDS or confidence < SURE or was_soothed(history):
        return ""
    cause = grievance_of(said)
    if cause is None and (language in _READ or confidence < VERY_SURE):
        return ""
    fitting = _in(cause, _FITTING.get(cause, {}), language) if cause is not None else ()
    texts = fitting if fitting and number % 3 else _in(label, _WORDS[label], language) or _WORDS[label]["en"]
    heard = "\n".join(one.text for one in history if one.author == "assistant")
    fresh = [text for text in (*texts, *fitting) if text not in heard]
    return fresh[number % len(fresh)] if fresh else ""


def _in(key: str, by_language: dict[str, tuple[str, ...]], language: str) -> tuple[str, ...]:
    if language == "zh-Hant" and language not in by_language:
        return tuple(map(in_traditional, by_language.get("zh", ())))
    return by_language.get(language) or tuple(wordings(f"soothe_{key}", language))


def was_soothed(history: Sequence[Said]) -> bool:
    """True when the assistant's last answer began with comfort."""
    last = next((said for said in reversed(history) if said.author == "assistant"), None)
    return last is not None and last.text.startswith(_ALL)


def is_comfort(text: str) -> bool:
    """True when the words begin with comfort or an apology already."""
    return text.startswith((*_ALL, *_APOLOGIES))
