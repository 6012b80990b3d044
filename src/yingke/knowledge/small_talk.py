"""Greetings and thanks: said to be polite, not to be looked up."""

import re

_GREETING = re.compile(
    r"(?:(?:你好|您好|在吗|在么|在不在|在线吗|有人吗|亲|亲亲|哈喽|哈啰|嗨|喂|早上好|下午好|晚上好|hello|hi|hey|good (?:morning|evening)"
    r"|请问|打扰(?:了|一下)?|老板|客服|你|您)[啊呀吗呢哦哈~～,，!！。.?？\s]*)+",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"(?:(?:好的?|嗯+|行|可以|哦+|噢|ok|okay|收到|明白了?|知道了?|了解了?|谢谢你?|谢了|多谢|感谢|麻烦了?|辛苦了?|再见|拜拜|没事了?|不用了"
    r"|thanks?(?: you)?|thank you|bye|got it|never mind)[啊呀吧呢哦哈啦~～,，!！。.\s]*)+",
    re.IGNORECASE,
)
_REPLIES = {
    "greeting": (
        "您好，我在。想了解哪件商品或什么服务，直接告诉我就行。",
        "Hello! Tell me what you would like to know.",
    ),
    "thanks": ("不客气，还有问题随时问我。", "You are welcome. Ask me anything else at any time."),
    "silence": (
        "没看到文字问题，您可以用一句话告诉我想了解什么。",
        "I see no question yet. Tell me in one sentence what you need.",
    ),
}


def is_small_talk(text: str) -> bool:
    """True for nothing but politeness, or nothing that could be read."""
    return not any(character.isalnum() for character in text) or _kind(text) != "silence"


def small_talk(texts: list[str], language: str) -> str:
    """A short friendly answer to messages that hold no question, in Chinese or English ("en…")."""
    kinds = [_kind(text) for text in texts]
    kind = next((kind for kind in reversed(kinds) if kind != "silence"), "silence")
    return _REPLIES[kind][1 if language.lower().startswith("en") else 0]


def _kind(text: str) -> str:
    plain = text.strip()
    if _GREETING.fullmatch(plain):
        return "greeting"
    return "thanks" if _THANKS.fullmatch(plain) else "silence"
