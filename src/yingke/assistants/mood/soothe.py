"""A sentence of comfort before an answer to somebody who worries or is let down: it fits what happened, and none comes twice."""

from collections.abc import Sequence
from typing import Final

from yingke.assistants.engine import Said
from yingke.assistants.mood.grievance import Grievance, grievance_of
from yingke.assistants.mood.labels import Label
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
"""By what happened, where its words tell it; in other languages and for all else the sentences of the mood."""
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
    "ja": (
        "ご心配をおかけしております。すぐに確認いたします。",
        "お急ぎのこと、承知しました。わかることからお伝えします。",
        "ご不安なお気持ち、よくわかります。一緒に確認しましょう。",
    ),
    "ko": (
        "걱정되시는 마음 이해합니다. 바로 확인해 드릴게요.",
        "급하신 상황이군요. 아는 것부터 말씀드릴게요.",
        "염려 놓으세요. 함께 확인해 보겠습니다.",
    ),
    "es": (
        "Entiendo su preocupación; lo miro ahora mismo.",
        "Sé que es urgente. Le digo lo que puedo decirle ya.",
        "Vamos a aclararlo juntos, empezando por lo que sé.",
    ),
    "fr": ("Je comprends votre inquiétude, je regarde tout de suite.", "Voyons cela ensemble sans attendre."),
    "de": ("Ich verstehe Ihre Sorge und sehe gleich nach.", "Lassen Sie uns das zusammen klären."),
    "pt": ("Entendo a sua preocupação; vou ver agora mesmo.", "Vamos esclarecer isto juntos."),
    "it": ("Capisco la sua preoccupazione, guardo subito.", "Chiariamolo insieme, partendo da ciò che so."),
    "ru": ("Понимаю ваше беспокойство, сейчас посмотрю.", "Давайте разберёмся вместе."),
    "th": ("เข้าใจความกังวลค่ะ ขอตรวจสอบให้ทันที", "มาดูเรื่องนี้ด้วยกันนะคะ"),
    "vi": ("Tôi hiểu bạn đang lo, để tôi xem ngay.", "Chúng ta cùng làm rõ việc này nhé."),
    "ar": ("أتفهم قلقك وسأتحقق حالاً.", "لنوضح الأمر معاً."),
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
    "ja": (
        "ご期待に沿えず、申し訳ございません。",
        "ご不便をおかけし、申し訳ございません。",
        "残念なお気持ちにさせてしまい、お詫びいたします。",
    ),
    "ko": (
        "실망을 드려 죄송합니다.",
        "불편을 드려 정말 죄송합니다.",
        "속상하신 마음 이해합니다. 도와드리겠습니다.",
    ),
    "es": (
        "Lamento que le hayamos decepcionado.",
        "Siento mucho esta experiencia.",
        "Entiendo su decepción; veamos qué se puede hacer.",
    ),
    "fr": ("Je suis désolé de vous avoir déçu.", "Je comprends votre déception, voyons ce que nous pouvons faire."),
    "de": ("Es tut mir leid, dass wir Sie enttäuscht haben.", "Ich verstehe Ihren Ärger; sehen wir, was möglich ist."),
    "pt": ("Lamento que o tenhamos dececionado.", "Compreendo a sua deceção; vejamos o que se pode fazer."),
    "it": ("Mi dispiace di averla delusa.", "Capisco la sua delusione; vediamo che cosa si può fare."),
    "ru": ("Мне жаль, что мы вас разочаровали.", "Понимаю ваше разочарование, посмотрим, что можно сделать."),
    "th": ("ขออภัยที่ทำให้ผิดหวังค่ะ", "เสียใจกับประสบการณ์นี้ มาดูว่าช่วยอะไรได้บ้างนะคะ"),
    "vi": ("Xin lỗi vì đã làm bạn thất vọng.", "Tôi rất tiếc về trải nghiệm này, để xem có thể làm gì nhé."),
    "ar": ("نأسف لأننا خيبنا ظنك.", "أتفهم استياءك، لنرَ ما يمكن فعله."),
}
_WORDS: Final[dict[str, dict[str, tuple[str, ...]]]] = {"anxious": _ANXIOUS, "disappointed": _DISAPPOINTED}
_ALL: Final[tuple[str, ...]] = tuple(
    written
    for by_language in (*_WORDS.values(), *_FITTING.values())
    for language, texts in by_language.items()
    for text in texts
    for written in ((text, in_traditional(text)) if language == "zh" else (text,))
)
_APOLOGIES: Final[tuple[str, ...]] = (
    "非常抱歉",
    "很抱歉",
    "抱歉",
    "I am very sorry",
    "I am sorry",
    "让您等久了",
    "申し訳",
    "죄송",
    "Lamento",
    "ขออภัย",
    "Xin lỗi",
    "نأسف",
)


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
    fitting = _in(_FITTING.get(cause, {}), language) if cause is not None else ()
    texts = fitting if fitting and number % 3 else _in(_WORDS[label], language) or _WORDS[label]["en"]
    heard = "\n".join(one.text for one in history if one.author == "assistant")
    fresh = [text for text in (*texts, *fitting) if text not in heard]
    return fresh[number % len(fresh)] if fresh else ""


def _in(by_language: dict[str, tuple[str, ...]], language: str) -> tuple[str, ...]:
    if language == "zh-Hant" and language not in by_language:
        return tuple(map(in_traditional, by_language.get("zh", ())))
    return by_language.get(language, ())


def was_soothed(history: Sequence[Said]) -> bool:
    """True when the assistant's last answer began with comfort."""
    last = next((said for said in reversed(history) if said.author == "assistant"), None)
    return last is not None and last.text.startswith(_ALL)


def is_comfort(text: str) -> bool:
    """True when the words begin with comfort or an apology already."""
    return text.startswith((*_ALL, *_APOLOGIES))
