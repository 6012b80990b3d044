"""Reads colloquial and regional words as the standard ones that documents are written in. The text itself stays."""

import re

from yingke.kit.expression import expression

_STANDARD = {
    "咋整": "怎么办", "咋办": "怎么办", "咋样": "怎么样", "咋个": "怎么", "咋": "怎么", "啷个": "怎么", "点样": "怎么", "点解": "为什么",
    "啥时候": "什么时候", "啥时": "什么时候", "几时": "什么时候", "多会儿": "什么时候", "啥": "什么", "干哈": "干什么", "乜嘢": "什么", "咩": "什么",
    "有没得": "有没有", "有莫得": "有没有", "有冇": "有没有", "有无": "有没有", "莫得": "没有", "冇得": "没有", "冇": "没有",
    "几多钱": "多少钱", "几钱": "多少钱", "多少米": "多少钱", "多少刀": "多少钱", "几多": "多少", "几耐": "多久",
    "边度": "哪里", "边个": "哪个", "哪嘎": "哪里", "唔使": "不用", "唔好": "不要", "唔该": "麻烦", "唔": "不", "嘅": "的", "佢": "它", "睇": "看",
    "俾": "给", "而家": "现在", "瞓觉": "睡觉", "瞓": "睡", "得唔得": "行不行", "可唔可以": "可不可以", "系咪": "是不是",
    "木有": "没有", "肿么": "怎么", "神马": "什么", "造不": "知道吗", "灰常": "非常", "酱紫": "这样",
}  # fmt: skip
_ANY = expression("|".join(sorted(map(re.escape, _STANDARD), key=len, reverse=True)))


def in_standard(text: str) -> str:
    """咋升的 → 怎么升的, 有冇货 → 有没有货."""
    return _ANY.sub(lambda match: _STANDARD[match[0]], text)
