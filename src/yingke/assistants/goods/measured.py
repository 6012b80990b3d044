"""Properties as shops write them: figures in the smallest unit, and names that customers say."""

import re
from functools import lru_cache

from yingke.commerce.words.cut import fold

_UNITS = {
    "kg": 1000.0, "公斤": 1000.0, "千克": 1000.0, "g": 1.0, "克": 1.0, "斤": 500.0, "m": 100.0, "米": 100.0, "cm": 1.0,
    "厘米": 1.0,
}  # fmt: skip
_MEASURED = re.compile(r"(\d+(?:\.\d+)?)\s*(kg|公斤|千克|g|克|斤|cm|厘米|m|米)?", re.IGNORECASE)


def measured(text: str) -> float | None:
    """The first figure in the smallest unit: 2.1kg → 2100; None for words without one."""
    found = _MEASURED.search(text)
    return float(found[1]) * _UNITS.get((found[2] or "").lower(), 1.0) if found else None


_LATIN = re.compile(r"[a-z]+")
_VAGUE = frozenset(
    [
        "规格",
        "尺寸",
        "尺码",
        "颜色",
        "颜色分类",
        "备注",
        "发货",
        "适合",
        "产品",
        "名称",
        "品牌",
        "型号",
        "库存",
        "价格",
        "重量",
        "类型",
        "种类",
        "系列",
        "包装",
        "配送",
    ]
)
"""Names of properties that are said of other things as well."""


@lru_cache(maxsize=4096)
def is_said(name: str, said: str) -> bool:
    """Whether folded `said` calls a property by its own name; its letters as a word: 「R 多少」 for R 值."""
    folded = fold(name)
    if folded in _VAGUE or len(folded) < 2:
        return False
    if folded in said:
        return True
    letters = _LATIN.match(folded)
    return letters is not None and re.search(rf"(?<![a-z]){letters[0]}(?![a-z])", said) is not None
