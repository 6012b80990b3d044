"""Height and weight as people tell them: 一米七五, 175, 1.75m, 5'10", 140 斤, 70kg, 165 lbs."""

import re
import unicodedata
from dataclasses import dataclass

from yingke.commerce.words.number_of import number_of
from yingke.kit.expression import expression
from yingke.kit.recently import recently

_FIGURE = re.compile(r"[\d一二两三四五六七八九十百]|[^\x00-\x7f\u3000-\u303f\u3400-\u9fff\uff01-\uff0f\uff1a-\uff5e]")
"""A figure, or a sign that may become one in half width: without it nobody is measured."""
_METRES_HAN = expression(r"一米([零一二三四五六七八九])([零一二三四五六七八九])?")
_METRES = expression(r"(?<!\d)([12])\s*(?:米|m)\s*(\d{1,2})(?!\d)", re.I)
_DECIMAL = expression(r"(?<![\d.])([12]\.\d{1,2})\s*(?:米|m\b)?", re.I)
_CENTIMETRES = expression(
    r"(?<![\d.])(1[3-9]\d|2[01]\d)(\.\d)?\s*(?:cm|厘米|公分)?(?![\d.]|\s*(?:斤|公斤|kg|lb|克|g\b|元|块))", re.I
)
_FEET = expression(r"(?<!\d)([4-7])\s*(?:'|’|′|ft|feet|foot)\s*(\d{1,2})?\s*(?:\"|”|″|in(?:ch(?:es)?)?)?", re.I)
_WEIGHT = expression(r"(?<![\d.])(\d{2,3}(?:\.\d)?)\s*(公斤|千克|kg|斤|lbs?|pounds?)", re.I)
_WEIGHT_HAN = expression(
    r"([一二两三四五六七八九]?百?零?[一二三四五六七八九]?十?[一二三四五六七八九]?)[来多出]?头?\s*(公斤|斤)"
)
_SAID_WEIGHT = expression(
    r"(?:体重|重|weigh(?:t|s)?(?: is)?)\s*[:：是约]?\s*(\d{2,3}(?:\.\d)?)(?![\d.]*\s*(?:cm|厘米))", re.I
)
_SECOND = re.compile(r"(?<![\d.])(\d{2,3})(?![\d.])")
_KILOS = {
    "公斤": 1.0,
    "千克": 1.0,
    "kg": 1.0,
    "斤": 0.5,
    "lb": 0.4536,
    "lbs": 0.4536,
    "pound": 0.4536,
    "pounds": 0.4536,
}
_HEAVY = 85.0
"""A bare weight from here on is in 斤: few customers weigh so many kilograms, most so many 斤."""


@dataclass(frozen=True, slots=True)
class Body:
    """`height` in cm, `weight` in kg."""

    height: float | None = None
    weight: float | None = None

    def __bool__(self) -> bool:
        return self.height is not None or self.weight is not None


@recently
def read_body(text: str) -> Body:
    """What is told of height and weight; numbers of other things are left alone."""
    if _FIGURE.search(text) is None:
        return Body()
    plain = unicodedata.normalize("NFKC", text).replace("″", '"')
    weight, rest = _weight(plain)
    height, rest = _height(rest)
    if height is not None and weight is None:
        weight = _bare(rest)
    return Body(height, weight)


def _height(plain: str) -> tuple[float | None, str]:
    if match := _METRES_HAN.search(plain):
        figure = 100.0 + (number_of(match[1]) or 0) * 10 + (number_of(match[2] or "") or 0)
    elif match := _METRES.search(plain):
        figure = float(match[1]) * 100 + float(match[2].ljust(2, "0"))
    elif match := _FEET.search(plain):
        figure = round((int(match[1]) * 12 + int(match[2] or 0)) * 2.54, 1)
    elif match := _CENTIMETRES.search(plain):
        figure = float(match[1] + (match[2] or ""))
    elif match := _DECIMAL.search(plain):
        figure = float(match[1]) * 100
    else:
        return None, plain
    is_likely = 130 <= figure <= 219
    return (round(figure, 1), plain[: match.start()] + " " + plain[match.end() :]) if is_likely else (None, plain)


def _weight(plain: str) -> tuple[float | None, str]:
    if match := _WEIGHT.search(plain):
        return round(float(match[1]) * _KILOS[match[2].lower()], 1), plain[: match.start()] + " " + plain[match.end() :]
    if (match := _WEIGHT_HAN.search(plain)) and match[1]:
        figure = number_of(match[1]) or 0.0
        if figure >= 30:
            return round(figure * _KILOS[match[2]], 1), plain[: match.start()] + " " + plain[match.end() :]
    if match := _SAID_WEIGHT.search(plain):
        return _kilos(float(match[1])), plain[: match.start()] + " " + plain[match.end() :]
    return None, plain


def _bare(rest: str) -> float | None:
    """「175 140」: the second number is the weight."""
    found = [float(one) for one in _SECOND.findall(rest) if 35 <= float(one) <= 250]
    return _kilos(found[0]) if len(found) == 1 else None


def _kilos(figure: float) -> float:
    return figure if figure < _HEAVY else round(figure * 0.5, 1)
