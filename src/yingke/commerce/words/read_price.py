"""What somebody is ready to pay, as people say it: 两百以内, 200-300, under 50, 预算一千."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from yingke.commerce.words.number_of import number_of
from yingke.kit.expression import expression

_FIGURE = re.compile(r"[\d零一二两三四五六七八九十百千万]")
_N = r"(\d+(?:\.\d{1,2})?(?:\s*[kw千万](?![a-z]))?|[零一二两三四五六七八九十百千万]{1,9}(?:来|多)?)"
_MONEY = r"\s*(?:元|块钱|块|圆|rmb|yuan|cny|usd|dollars?|刀)?\s*"
_SIGN = r"(?:¥|￥|\$|us\$|rmb)?\s*"
_BETWEEN = expression(
    rf"{_SIGN}{_N}{_MONEY}(?:-|–|~|到|至|—|\bto\b|\band\b){_MONEY}{_SIGN}{_N}{_MONEY}(元|块|之间|左右|yuan|rmb|以内)?"
)
_TWO_DIGITS = expression(rf"([一二两三四五六七八九])([二三四五六七八九两])([百千])(?![一二三四五六七八九]){_MONEY}")
_AT_MOST = expression(
    rf"(?:不超过|不高于|低于|小于|最多|顶多|不要超过|under|below|less than|up to|at most|within|max|cheaper than)\s*{_SIGN}{_N}{_MONEY}"
    rf"|{_SIGN}{_N}{_MONEY}(?:以内|之内|以下|内的|封顶|or less|or under|max)"
    rf"|{_SIGN}{_N}\s*(?:元|块钱|块|(?=买[的得]起))\s*(?:能|可以|够|可)?(?:买|入|配)(?:到|[的得]起)?(?=啥|什么|哪|个|点|得)"
    rf"|(?:预算|budget(?:\s*(?:is|of|:))?)\s*(?:大概|大约|只有|在|是|为|about|around)?\s*{_SIGN}{_N}{_MONEY}(?:左右)?"
)
_AT_LEAST = expression(
    rf"(?:不低于|高于|大于|至少|超过|over|above|more than|at least|from)\s*{_SIGN}{_N}{_MONEY}"
    rf"|{_SIGN}{_N}{_MONEY}(?:以上|起|or more|and up)"
)
_ABOUT = expression(
    rf"{_SIGN}{_N}{_MONEY}(?:左右|上下|前后)|(?:around|about)\s*{_SIGN}{_N}{_MONEY}"
    r"|([一二两三四五六七八九]?[百十千])[来多](?:块钱|块|元)"
)
_ABOUT_SHARE = 20
Wish = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class PriceWish:
    """In whole units of money ×100; `rest` is the text without the words about the price."""

    least_minor: int | None
    most_minor: int | None
    rest: str


def read_price(folded: str) -> PriceWish:
    """The first wish about a price in folded text. A number beside a unit of measure is none."""
    if _FIGURE.search(folded) is None:
        return PriceWish(None, None, folded)
    for pattern, shape in (
        (_BETWEEN, _between),
        (_TWO_DIGITS, _two_digits),
        (_AT_MOST, _at_most),
        (_ABOUT, _about),
        (_AT_LEAST, _at_least),
    ):
        for match in pattern.finditer(folded):
            wish = shape(match)
            if wish is not None:
                return PriceWish(*wish, folded[: match.start()] + " " + folded[match.end() :])
    return PriceWish(None, None, folded)


def _between(match: "re.Match[str]") -> Wish | None:
    least, most = number_of(match[1]), number_of(match[2])
    says_money = match[3] or any(mark in match[0] for mark in ("元", "块", "¥", "$", "yuan", "rmb", "百", "千"))
    if least is None or most is None or not says_money:
        return None
    if least < 10 <= most and most % 100 == 0 and "百" in match[2] and "百" not in match[1]:
        least *= 100
    return (_minor(least), _minor(most)) if least <= most else None


def _two_digits(match: "re.Match[str]") -> Wish | None:
    """两三百 is from 200 to 300."""
    least, most = number_of(match[1] + match[3]), number_of(match[2] + match[3])
    next_to = (number_of(match[1]) or 0) + 1 == number_of(match[2])
    return (_minor(least), _minor(most)) if least is not None and most is not None and next_to else None


def _at_most(match: "re.Match[str]") -> Wish | None:
    return _one(match, lambda value: (None, _minor(value)))


def _at_least(match: "re.Match[str]") -> Wish | None:
    return _one(match, lambda value: (_minor(value), None))


def _about(match: "re.Match[str]") -> Wish | None:
    return _one(
        match,
        lambda value: (_minor(value * (100 - _ABOUT_SHARE) / 100), _minor(value * (100 + _ABOUT_SHARE) / 100)),
    )


def _one(match: "re.Match[str]", shape: Callable[[float], Wish]) -> Wish | None:
    word = next((group for group in match.groups() if group), None)
    value = number_of(word) if word else None
    return shape(value) if value is not None and value >= 1 else None


def _minor(value: float) -> int:
    return round(value * 100)
