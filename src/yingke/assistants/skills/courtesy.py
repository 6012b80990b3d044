"""Praise and thanks are answered kindly and in a few words, never looked up."""

import re
from typing import ClassVar

from yingke.assistants.skills.contract import Skill
from yingke.assistants.skills.pieces.work import Request, Served, Work

_PRAISE = re.compile(
    r"谢谢|感谢|多谢|辛苦了|麻烦你们?了|(?:服务|态度|客服|质量|东西|宝贝|店铺?|你们?|回复).{0,4}(?:真|很|太|超|挺|特别|非常)?(?:好|棒|赞|贴心|耐心|快)"
    r"|太好了|太棒了|真不错|很满意|好评|点赞|给力|\bthank|\bthx\b|\bgreat (?:service|shop|job)\b|\bawesome\b|\bperfect\b|\bwell done\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"[?？]|吗|呢$|么$|多少|几|怎么|什么|哪|能不能|可以|有没有|是不是|但|不过|可是|\b(?:how|what|when|where|which|why|can|could|do|does|is|are|but)\b",
    re.IGNORECASE,
)
_NOT = re.compile(r"不(?:太|是很|怎么|够)?(?:好|棒|行|满意)|没有?(?:很|那么)?好|差|烂|\bnot\b", re.IGNORECASE)
LONGEST = 40


class Courtesy(Skill):
    name = "small_talk"
    says = ("寒暄", "Small talk")
    tools: ClassVar[tuple[str, ...]] = ()

    def claims(self, work: Work, request: Request) -> float:
        text = work.text
        is_plain = len(text) <= LONGEST and not _ASKS.search(text) and not _NOT.search(text)
        return 0.85 if is_plain and _PRAISE.search(text) else 0.0

    async def serve(self, work: Work, request: Request) -> Served:
        return Served(work.say("thanks"))
