"""Who is speaking? The assistant never passes for a person."""

import re

from yingke.kit.expression import expression
from yingke.knowledge.not_knowing import in_speech

_ASKED = expression(
    r"^[\s,，。.!！?？~～]*(?:请问)?(?:你|您)(?:到底)?是(?:不是)?(?:谁|什么|机器人|人工智能|ai|真人|人工|活人|人)"
    r"(?:还是(?:机器人|人工智能|ai|真人|人工|人))?[吗么啊呀呢吧\s,，。.!！?？~～]*$"
    r"|^\s*(?:(?:are|r)\s+(?:you|u)\s+(?:a\s+|an\s+)?(?:bot|robot|ai|human|person|real(?:\s+person)?)|who\s+are\s+you)[\s?!.]*$",
    re.IGNORECASE,
)
_ANSWERS = {
    "zh": "我是 AI 客服，不是真人，只根据店铺的资料回答。需要真人的话，说「转人工」就可以。",
    "en": "I am an AI assistant, not a person, and I answer only from the shop's material. "
    'Say "talk to a person" whenever you want one.',
}


def introduce(text: str, language: str) -> str | None:
    """The honest answer to "are you a robot?"; None for everything else."""
    return in_speech("who_am_i", language, _ANSWERS["zh"], _ANSWERS["en"]) if _ASKED.match(text) else None
