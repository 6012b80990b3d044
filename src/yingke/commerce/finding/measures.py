"""What people compare products by, read from their attributes: weight, warmth, water, load, how long, how much, how small."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from yingke.commerce.words.number_of import number_of
from yingke.kit.expression import Expression, OneOf, expression

_NUMERAL = r"(?:\d+(?:\.\d+)?|[零一二两三四五六七八九十百千万]{1,6})"


@dataclass(frozen=True, slots=True)
class Measure:
    """`name`: of attributes that tell it; `units`: unit → how many of the first one it is. `less_is_more`: the wish goes
    down (lighter, colder); `asks`: words that wish for more of it."""

    key: str
    zh: str
    en: str
    name: Expression
    units: Mapping[str, float]
    less_is_more: bool
    asks: Expression


def _measure(key: str, zh: str, en: str, name: str, units: dict[str, float], less: bool, asks: str) -> Measure:
    return Measure(key, zh, en, expression(name, re.I), units, less, expression(asks, re.I))


_KILOS = {"kg": 1.0, "公斤": 1.0, "千克": 1.0, "g": 0.001, "克": 0.001, "斤": 0.5, "lbs": 0.4536, "lb": 0.4536}
_DEGREES = {"℃": 1.0, "°c": 1.0, "度": 1.0, "°": 1.0}
_MAH = {"mah": 1.0, "毫安时": 1.0, "毫安": 1.0}
_HOURS = {"小时": 1.0, "h": 1.0, "hours": 1.0, "hour": 1.0}
_CENTIMETRES = {"cm": 1.0, "厘米": 1.0, "公分": 1.0, "mm": 0.1, "毫米": 0.1, "m": 100.0, "米": 100.0}
MEASURES: tuple[Measure, ...] = (
    _measure("weight", "重量", "weight", r"^(?:净|总|产品)?重量?$|weight", _KILOS, True,
             r"最轻|轻(?:一?点|一些|便)|更轻|比较轻|哪(?:个|款|种)轻|轻量|\blight(?:est|er|weight)?\b(?! (?:green|blue|grey))"),
    _measure("warmth", "温标", "comfort temperature", r"温标|适用温度|温度|comfort|temp", _DEGREES, True,
             r"最?(?:暖和?|保暖|抗冻|耐寒|御寒|防寒)(?:一?点|一些|的|最好|性)?|零下|冬(?:天|季)|冷天|低温|雪地|\bwarm(?:est|er)?\b|\bwinter\b|\bfreez|\bcold\b|\bbelow (?:zero|0)\b"),
    _measure("load", "承重", "load", r"承重|载重|load|capacity \(kg\)", _KILOS, False,
             r"承重|结实|牢固|能?坐(?:得|不)?(?:住|下|吗|多重)|能坐|压(?:坏|塌|垮)|大体重|胖|\bsturd|\bstrong(?:est|er)?\b|\bhold my weight\b|\bweight limit\b"),
    _measure("water", "防水", "waterproofing", r"防水", {"mm": 1.0, "毫米": 1.0}, False,
             r"最?防水(?:最|更|好|强|一?点|性)|防水(?:哪|谁)|(?:最|更|比较)防水|\b(?:most|more) waterproof\b|\bbest (?:in|for) rain\b"),
    _measure("battery", "电池容量", "battery", r"电池|电量|容量", _MAH, False,
             r"电池(?:最|更)?大|容量(?:最|更)?大|\d\s*毫安|毫安|\bmah\b|\bbiggest battery\b"),
    _measure("hours", "使用时间", "running time", r"照明|续航|使用时|时长|runtime", _HOURS, False,
             r"续航|(?:用|亮|照)(?:得)?(?:最|更)?(?:久|长)|照一?(?:晚|夜)|\blast(?:s)? (?:the )?longest\b|\bbattery life\b"),
    _measure("packed", "收纳尺寸", "packed size", r"收纳", _CENTIMETRES, True,
             r"收纳(?:最|更)?小|体积(?:最|更)?小|小巧|好带|不占地|\bcompact\b|\bsmall(?:est|er)\b"),
)  # fmt: skip
_ASKED = OneOf((one, one.asks) for one in MEASURES)
_BELOW_ZERO = expression(rf"(?:零下|负|minus |-)\s*({_NUMERAL})\s*(?:度|℃|°|degrees|celsius|c\b)?", re.I)
_JUST_BELOW = expression(r"零下|冰点|below (?:zero|freezing)|\bfreezing\b", re.I)
_DEGREE = expression(rf"({_NUMERAL})\s*(?:度|℃|°c?|degrees)", re.I)
_KILO = expression(rf"({_NUMERAL})\s*(公斤|千克|kg|斤|lbs?)", re.I)
_MILLIAMP = expression(rf"({_NUMERAL})\s*(?:毫安时?|mah)", re.I)
_HOUR = expression(rf"({_NUMERAL})\s*(?:个)?\s*(?:小时|hours?|h\b)", re.I)
_FIGURE = re.compile(r"(-?\d+(?:\.\d+)?)(?:\s*[-–~至]\s*(-?\d+(?:\.\d+)?))?\s*([a-z℃°%]+|[\u4e00-\u9fff]{1,3})?", re.I)


@dataclass(frozen=True, slots=True)
class MeasureWish:
    """More of a measure, or at least (for what goes down: at most) `limit` in its first unit."""

    measure: Measure
    limit: float | None = None


def read_measure(text: str) -> MeasureWish | None:
    """The first thing that `text` compares by; `text` as `fold` gives it."""
    measure = _ASKED.first(text)
    return MeasureWish(measure, _limit(measure.key, text)) if measure is not None else None


def value_of(measure: Measure, attributes: Mapping[str, str]) -> tuple[float, str, str] | None:
    """(figure in the first unit, name and value as the shop writes them); of a span the end that counts."""
    for name, value in attributes.items():
        if not measure.name.search(name.strip()):
            continue
        for match in _FIGURE.finditer(value):
            unit = (match[3] or "").lower()
            factor = next((rate for one, rate in measure.units.items() if unit.startswith(one)), None)
            if factor is not None:
                figures = [float(one) for one in (match[1], match[2]) if one]
                return (min(figures) if measure.less_is_more else max(figures)) * factor, name, value
    return None


def holds(wish: MeasureWish, figure: float) -> bool:
    """Within the limit, where there is one."""
    if wish.limit is None:
        return True
    return figure <= wish.limit if wish.measure.less_is_more else figure >= wish.limit


def _limit(key: str, text: str) -> float | None:
    if key == "warmth":
        if match := _BELOW_ZERO.search(text):
            return -(number_of(match[1]) or 0.0)
        if _JUST_BELOW.search(text):
            return -1.0
        match = _DEGREE.search(text)
        return number_of(match[1]) if match else None
    if key == "load" and (match := _KILO.search(text)):
        return (number_of(match[1]) or 0.0) * _KILOS[match[2].lower()]
    pattern = {"battery": _MILLIAMP, "hours": _HOUR}.get(key)
    match = pattern.search(text) if pattern is not None else None
    return number_of(match[1]) if match else None
