"""Figures, dates and times in a sentence, in one unit a kind, so that 48 小时 and 2 天 are the same."""

import re
from dataclasses import dataclass

_CHINESE = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_PLACES = {"十": 10, "百": 100, "千": 1000}
# Unit → (what is measured, how much of its common unit).
_UNITS: dict[str, tuple[str, float]] = {
    "元": ("money", 1), "块钱": ("money", 1), "块": ("money", 1), "rmb": ("money", 1), "yuan": ("money", 1), "万元": ("money", 1e4),
    "分钟": ("time", 1 / 60), "小时": ("time", 1), "个小时": ("time", 1), "h": ("time", 1), "hours": ("time", 1), "hour": ("time", 1),
    "天": ("time", 24), "日": ("time", 24), "days": ("time", 24), "day": ("time", 24), "周": ("time", 168), "个星期": ("time", 168),
    "星期": ("time", 168), "weeks": ("time", 168), "week": ("time", 168),
    "个工作日": ("workday", 1), "工作日": ("workday", 1), "business days": ("workday", 1), "working days": ("workday", 1),
    "个月": ("months", 1), "年": ("months", 12), "months": ("months", 1), "years": ("months", 12), "year": ("months", 12),
    "%": ("percent", 1), "折": ("discount", 1),
    "kg": ("weight", 1000), "公斤": ("weight", 1000), "千克": ("weight", 1000), "斤": ("weight", 500), "g": ("weight", 1), "克": ("weight", 1),
    "mm": ("length", 0.1), "毫米": ("length", 0.1), "cm": ("length", 1), "厘米": ("length", 1), "米": ("length", 100), "m": ("length", 100),
    "寸": ("inch", 1), "英寸": ("inch", 1), "毫升": ("volume", 1), "ml": ("volume", 1), "升": ("volume", 1000), "l": ("volume", 1000),
    "w": ("power", 1), "瓦": ("power", 1), "kw": ("power", 1000), "v": ("voltage", 1), "伏": ("voltage", 1), "mah": ("charge", 1), "毫安": ("charge", 1),
    "度": ("degree", 1), "件": ("pieces", 1), "个": ("pieces", 1), "只": ("pieces", 1), "双": ("pieces", 1), "套": ("pieces", 1), "张": ("pieces", 1),
    "盒": ("pieces", 1), "包": ("pieces", 1), "台": ("pieces", 1), "次": ("times", 1), "倍": ("times", 1), "积分": ("points", 1), "分": ("points", 1),
    "人": ("people", 1), "码": ("size", 1),
}  # fmt: skip
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|[零一二两三四五六七八九十百千]+)"
_UNIT = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_RANGE = r"\s*(?:-|–|~|至|到|to)\s*"
# A latin unit ends where its word ends; "7天无理由" must not read 天 as part of a longer unit.
_FIGURE = re.compile(
    rf"(?P<sign>[¥￥$])\s*(?P<a>{_NUMBER})(?:{_RANGE}[¥￥$]?(?P<b>{_NUMBER}))?(?:元)?"
    rf"|(?<![\da-z.])(?P<c>{_NUMBER})(?:\s*(?:{_UNIT})?{_RANGE}(?P<d>{_NUMBER}))?\s*(?P<unit>{_UNIT})(?![a-z])"
)
_DATE = re.compile(r"(?:(20\d\d)\s*[年/.-]\s*)?(1[0-2]|0?[1-9])\s*月\s*(3[01]|[12]\d|0?[1-9])\s*[日号]")
_CLOCK = re.compile(
    r"(?<!\d)([01]?\d|2[0-4])\s*[:：]\s*([0-5]\d)(?!\d)|(?<!\d)([01]?\d|2[0-4])\s*点(?!击|评|赞|开|选)(半)?"
)
_LIST_NUMBER = re.compile(
    r"^\s*(?:\d{1,3}\s*(?:\.(?!\d)|[、)）])|[（(]\d{1,3}[）)]|第[一二三四五六七八九十\d]+[条章节步])\s*"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """`kind` is what is measured (money, time, date, clock …); `values` one figure, or the two ends of a range."""

    kind: str
    values: tuple[float, ...]


def read_figures(folded: str) -> tuple[list[Figure], str]:
    """The figures of a folded sentence in order, and the sentence with a mark for the kind in place of each."""
    text = _LIST_NUMBER.sub("", folded)
    found: list[tuple[int, Figure]] = []
    for pattern, read in ((_DATE, _date), (_CLOCK, _clock), (_FIGURE, _figure)):
        pieces, end = [], 0
        for match in pattern.finditer(text):
            figure = read(match)
            if figure is None:
                continue
            found.append((match.start(), figure))
            # The place is filled with as many signs, so that positions stay what they were.
            pieces += [text[end : match.start()], "\x00" * (match.end() - match.start())]
            end = match.end()
        text = "".join(pieces) + text[end:]
    found.sort(key=lambda one: one[0])
    return [figure for _, figure in found], re.sub("\x00+", "#", text)


def number_of(text: str) -> float | None:
    """The figure of a cell such as "59", "¥1,299.00" or "七"; None when it is no single figure."""
    cleaned = text.strip().lstrip("¥￥$").replace(",", "")
    try:
        return float(cleaned)
    except ValueError:
        return (
            _chinese(cleaned) if cleaned and all(sign in "零一二两三四五六七八九十百千" for sign in cleaned) else None
        )


def _figure(match: re.Match[str]) -> Figure | None:
    if match["sign"]:
        values = [number_of(part) for part in (match["a"], match["b"]) if part]
        return Figure("money", tuple(value for value in values if value is not None)) if None not in values else None
    kind, factor = _UNITS[match["unit"]]
    values = [number_of(part) for part in (match["c"], match["d"]) if part]
    if None in values:
        return None
    return Figure(kind, tuple(round(value * factor, 4) for value in values if value is not None))


def _date(match: re.Match[str]) -> Figure:
    return Figure("date", (float(match[2]) * 100 + float(match[3]),))


def _clock(match: re.Match[str]) -> Figure:
    if match[1]:
        return Figure("clock", (float(match[1]) * 60 + float(match[2]),))
    return Figure("clock", (float(match[3]) * 60 + (30 if match[4] else 0),))


def _chinese(text: str) -> float | None:
    """ "七" 7, "十五" 15, "二十" 20, "一百二十" 120; None for what is no number, such as "千百"."""
    total, digit = 0, None
    for sign in text:
        if sign in _CHINESE:
            if digit is not None:
                return None
            digit = _CHINESE[sign]
        else:
            total += (digit if digit is not None else 1) * _PLACES[sign]
            digit = None
    return float(total + (digit or 0))
