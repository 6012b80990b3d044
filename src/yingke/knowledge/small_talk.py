"""Greetings and thanks: said to be polite, not to be looked up."""

import re

from yingke.knowledge.not_knowing import in_speech

_GREETING = re.compile(
    r"(?:(?:你好|您好|你好啊|在吗|在么|在嘛|在不在|在不|在没|在线吗|在|有人吗|有人在吗|有人么|有人没|亲|亲亲|亲爱的|哈喽|哈啰|嗨|嘿|喂|歪|滴滴|早|早安|早上好|上午好|中午好|下午好|晚上好|晚好|新年好"
    r"|hello|hi|hey|hiya|yo|good (?:morning|afternoon|evening)|小姐姐|小哥哥|美女|帅哥|掌柜的?|店家|店主|老铁|宝子|家人们|大佬|我?想问(?:下|一下|哈|个问题|个事)?|问(?:下|一下|个事|个问题)"
    r"|请问(?:一下|下)?|打扰(?:了|一下)?|麻烦问一?下|咨询(?:一下|下)?|老板|客服|你|您)[啊呀吗呢哦哈嘛哟~～,，!！。.?？\s]*)+",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"(?:(?:好的?|好嘞|好滴|好哒|嗯+|行|可以|哦+|噢|ok|okay|收到|明白了?|知道了?|了解了?|谢谢你?|谢了|谢谢哈|谢啦|多谢|感谢|麻烦了?|辛苦了?|再见|拜拜|没事了?|不用了"
    r"|thanks?(?: you)?|thank you|bye|got it|never mind)[啊呀吧呢哦哈啦~～,，!！。.\s]*)+",
    re.IGNORECASE,
)
_GRATEFUL = re.compile(r"谢|麻烦|辛苦|拜|再见|thank|bye", re.IGNORECASE)
_PICTURES = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f\u200d]+")
_REPLIES = {
    "greeting": (
        "您好，我在。想了解哪件商品或什么服务，直接告诉我就行。",
        "Hello! Tell me what you would like to know.",
    ),
    "thanks": ("不客气，还有问题随时问我。", "You are welcome. Ask me anything else at any time."),
    "nod": ("好的，有需要随时叫我。", "All right. I am here whenever you need something."),
    "silence": (
        "没看到文字问题，您可以用一句话告诉我想了解什么。",
        "I see no question yet. Tell me in one sentence what you need.",
    ),
}


def is_small_talk(text: str) -> bool:
    """True for nothing but politeness, or nothing that could be read."""
    return not any(character.isalnum() for character in text) or _kind(text) != "silence"


def small_talk(texts: list[str], language: str) -> str:
    """A short friendly answer to messages that hold no question, in the customer's `language`, a tag."""
    kinds = [_kind(text) for text in texts]
    kind = next((kind for kind in reversed(kinds) if kind != "silence"), "silence")
    return in_speech(f"small_{kind}", language, *_REPLIES[kind])


def _kind(text: str) -> str:
    plain = _PICTURES.sub("", text).strip()
    if _GREETING.fullmatch(plain):
        return "greeting"
    if not _THANKS.fullmatch(plain):
        return "silence"
    return "thanks" if _GRATEFUL.search(plain) else "nod"
