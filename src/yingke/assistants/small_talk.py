"""Greetings, thanks and goodbyes: polite words that no document needs to contain."""

import re

_TAIL = r"[\s,，。.!！?？~～…啊呀哦呢吧哈啦的了亲]*"
_KINDS: tuple[tuple[str, re.Pattern[str], str, str], ...] = tuple(
    (kind, re.compile(rf"^{_TAIL}(?:{words}){_TAIL}$", re.IGNORECASE), zh, en)
    for kind, words, zh, en in (
        (
            "greeting",
            r"(?:你好|您好|哈喽|哈罗|嗨|在吗|在么|在不在|有人吗|早上好|上午好|中午好|下午好|晚上好|早|hello|hi|hey|"
            r"good\s+(?:morning|afternoon|evening))(?:[\s,，]*(?:在吗|在么|在不在|老板|客服|there))?",
            "您好,我是店铺的 AI 客服,可以根据店铺资料回答商品、发货、退换等问题。请问想了解什么?",
            "Hello, I am the shop's AI assistant. I answer from the shop's own material: products, shipping, returns. "
            "What would you like to know?",
        ),
        (
            "thanks",
            r"(?:非常|太|十分)?(?:谢谢|感谢|多谢|辛苦|麻烦)(?:你|您)?(?:们)?|thx|thanks?(?:\s+(?:you|a\s+lot|so\s+much))*|"
            r"thank\s+you(?:\s+(?:very|so)\s+much)?",
            "不客气,还有其他问题随时问我。",
            "You are welcome. Ask me anything else at any time.",
        ),
        (
            "goodbye",
            r"再见|拜拜|88|bye(?:\s*bye)?|goodbye|see\s+you",
            "再见,祝您生活愉快,有需要随时找我。",
            "Goodbye. Write to us whenever you need something.",
        ),
        (
            "understood",
            r"(?:好|行|嗯+|哦+|噢+|ok(?:ay)?|知道|明白|懂|收到|可以|没事|没有|没问题)",
            "好的,还有其他问题随时问我。",
            "All right. Ask me anything else at any time.",
        ),
        (
            "who_are_you",
            r"(?:你|您)是(?:谁|什么|机器人|人工智能|ai|真人|人工|人|不是(?:机器人|ai|真人|人))(?:还是(?:机器人|ai|真人|人工|人))?(?:吗|么)?|"
            r"are\s+you\s+(?:a\s+)?(?:bot|robot|ai|human|real(?:\s+person)?)|who\s+are\s+you",
            "我是 AI 客服,不是真人,只根据店铺的资料回答。需要真人的话,说「转人工」就可以。",
            "I am an AI assistant, not a person, and I answer only from the shop's material. "
            'Say "talk to a person" whenever you want one.',
        ),
    )
)
LONGEST = 30


def small_talk(text: str, language: str) -> tuple[str, str] | None:
    """(kind, polite answer) for a message that asks nothing; None for everything else."""
    if len(text) > LONGEST:
        return None
    for kind, pattern, zh, en in _KINDS:
        if pattern.match(text):
            return kind, en if language == "en" else zh
    return None
