"""Two answers to one question: do their figures, or their yes and no, exclude each other?"""

import re
from typing import Literal

from yingke.knowledge.fold import fold

Contradiction = Literal["", "figures", "yes_no"]
Span = tuple[float, float]

_DIGITS = dict(zip("零一二两三四五六七八九", (0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_NUMBER = r"(?:\d+(?:\.\d+)?|[零一二两三四五六七八九十百半]{1,4})"
# Unit → (kind, what one of it is worth).
_UNITS = {
    "分钟": ("time", 1 / 60), "minute": ("time", 1 / 60), "小时": ("time", 1.0), "hour": ("time", 1.0), "天": ("time", 24.0),
    "日": ("time", 24.0), "day": ("time", 24.0), "周": ("time", 168.0), "星期": ("time", 168.0), "week": ("time", 168.0),
    "个月": ("time", 730.0), "month": ("time", 730.0), "年": ("time", 8760.0), "year": ("time", 8760.0),
    "元": ("money", 1.0), "块": ("money", 1.0), "rmb": ("money", 1.0), "yuan": ("money", 1.0),
    "%": ("share", 1.0), "折": ("share", 10.0),
    "公斤": ("weight", 1000.0), "千克": ("weight", 1000.0), "kg": ("weight", 1000.0), "斤": ("weight", 500.0),
    "克": ("weight", 1.0), "g": ("weight", 1.0), "厘米": ("length", 1.0), "cm": ("length", 1.0), "毫米": ("length", 0.1),
    "mm": ("length", 0.1), "米": ("length", 100.0), "毫升": ("volume", 1.0), "ml": ("volume", 1.0), "升": ("volume", 1000.0),
    "度": ("degree", 1.0), "℃": ("degree", 1.0), "码": ("size", 1.0), "件": ("pieces", 1.0),
}  # fmt: skip
_FIGURE = re.compile(
    rf"(?:(?P<low>{_NUMBER})\s*(?:[-–—~至到]|to)\s*)?(?P<high>{_NUMBER})\s*(?P<unit>{'|'.join(sorted(_UNITS, key=len, reverse=True))})s?(?![a-z])"
)
_PRICE = re.compile(r"[¥￥$]\s*(?P<high>\d+(?:\.\d+)?)")
_CLOCK = re.compile(r"(?<!\d)([01]?\d|2[0-4])[:：]([0-5]\d)(?!\d)|(?<!\d)([01]?\d|2[0-4])\s*点")
_LETTER_SIZE = re.compile(r"(?<![a-z])(xxs|xs|s|m|l|x{1,4}l|[2-6]xl)\s*(?:码|号)")
_PAIRS = (
    ("can", r"不能|不可以|不支持|不行|无法|不允许|cannot|can't|not possible|unable", r"能|可以|支持|可|行|can\b|yes"),
    ("have", r"没有|没货|无货|缺货|暂无|没|no\b|out of stock", r"有|in stock"),
    ("need", r"不用|不需要|无需|不必|免|no need|not need", r"需要|得|要(?!是|求)|must|need"),
    (
        "pay",
        r"不包邮|自付|自理|自己(?:出|承担)|您(?:出|承担)|买家承担",
        r"包邮|我们(?:出|承担)|商家承担|店铺承担|免运费",
    ),
    ("will", r"不会|won't|will not", r"会|will"),
    ("be", r"不是|并非|isn't|is not", r"是的|是(?!否)"),
)
_FAMILIES = tuple((name, re.compile(f"(?P<no>{no})|(?P<yes>{yes})")) for name, no, yes in _PAIRS)


def contradict(one: str, other: str) -> Contradiction:
    """ "figures" when a kind of figure stands in both and no value of one fits one of the other; "yes_no" when what
    one allows the other refuses; "" otherwise, also when nothing can be compared."""
    left, right = figures_of(one), figures_of(other)
    for kind in left.keys() & right.keys():
        if not any(_overlap(a, b) for a in left[kind] for b in right[kind]):
            return "figures"
    mine, theirs = _stances(one), _stances(other)
    if any(mine[name] != theirs[name] for name in mine.keys() & theirs.keys()):
        return "yes_no"
    return ""


def share_figure(one: str, other: str) -> bool:
    """True when both name the same figure of the same kind."""
    left, right = figures_of(one), figures_of(other)
    return any(_overlap(a, b) for kind in left.keys() & right.keys() for a in left[kind] for b in right[kind])


def figures_of(text: str) -> dict[str, list[Span]]:
    """Kind of figure → the spans named, in the unit of the kind (hours, yuan, percent, grams, centimetres…)."""
    folded = fold(text)
    found: dict[str, list[Span]] = {}
    for match in _FIGURE.finditer(folded):
        kind, worth = _UNITS[match["unit"]]
        high = _value(match["high"]) * worth
        low = _value(match["low"]) * worth if match["low"] else high
        found.setdefault(kind, []).append((min(low, high), max(low, high)))
    for match in _PRICE.finditer(folded):
        found.setdefault("money", []).append((float(match["high"]), float(match["high"])))
    for match in _CLOCK.finditer(folded):
        hour = float(match[1] or match[3]) + int(match[2] or 0) / 60
        found.setdefault("clock", []).append((hour, hour))
    for match in _LETTER_SIZE.finditer(folded):
        size = float(sum(ord(letter) << 8 * at for at, letter in enumerate(match[1])))
        found.setdefault("letter", []).append((size, size))
    return found


def _value(text: str) -> float:
    if text[0].isascii():
        return float(text)
    if text == "半":
        return 0.5
    total, current = 0.0, 0.0
    for character in text:
        if character == "百":
            total, current = total + (current or 1) * 100, 0.0
        elif character == "十":
            total, current = total + (current or 1) * 10, 0.0
        else:
            current = _DIGITS.get(character, 0)
    return total + current


def _overlap(one: Span, other: Span) -> bool:
    slack = 1e-6 + 0.005 * max(abs(one[1]), abs(other[1]))
    return one[0] <= other[1] + slack and other[0] <= one[1] + slack


def _stances(text: str) -> dict[str, bool]:
    """Family of verbs → True for yes, False for no; families of which both are said are left out."""
    folded = fold(text)
    stances: dict[str, bool] = {}
    for name, pattern in _FAMILIES:
        said = {match.lastgroup for match in pattern.finditer(folded)}
        if len(said) == 1:
            stances[name] = said == {"yes"}
    return stances
