"""Which articles of an order, and how many of them, a customer means by his words."""

import re
from collections.abc import Sequence
from typing import Any

from yingke.commerce.finding.need import read_need
from yingke.commerce.words.measure_words import COUNTING
from yingke.kit.expression import expression

_PLACE = expression(r"第\s*(\d{1,2}|[一二三四五六七八九])|^\s*(\d{1,2}|[一二三四五六七八九])\s*(?:号)?[\s.、,，。]*$")
_PLACES = expression(
    r"^\s*(?:\d{1,2}|[一二三四五六七八九])(?:\s*[、,，和跟与 ]\s*(?:\d{1,2}|[一二三四五六七八九]))+\s*$"
)
_ONE = expression(r"\d{1,2}|[一二三四五六七八九]")
_COUNT = expression(
    rf"(?<![第\d.])(\d{{1,2}}|[一二两俩三四五六七八九])\s*[{COUNTING}](?!月|工作日|小时)"
    r"|\b(?:just|only)?\s*(one|two|three|\d{1,2}) (?:of (?:them|these|the)|piece)",
    re.IGNORECASE,
)
_ALL = expression(
    r"全部|全都|都(?:要|退|换|修|坏|有|是|不)|^都|所有|整单|一起|两(?:个|件|条)都|\ball\b|\bboth\b|everything",
    re.IGNORECASE,
)
_ONLY_CAME = expression(r"(?:只|就|才)(?:有|收到|发|寄|来|到|看到|给)了?([^，。！？,!?\s]+)")
_RUNS = re.compile(r"[\u3400-\u9fff]{2,}")
_NO_NOUN = "装款式版型号码色个件条双袋盒瓶包箱套支片斤克份组新人用大小"
"""Ends of titles that are no things."""
LONGEST = 8
_HAN = "零一二三四五六七八九"
_MORE = {"两": 2, "俩": 2, "one": 1, "two": 2, "three": 3}


def is_choice(text: str, choices: Sequence[str]) -> bool:
    """True when `text` may pick among articles with these titles: by place, by name, by count, or all of them."""
    if _PLACE.search(text) or _PLACES.match(text) or _ALL.search(text) or count_in(text) is not None:
        return True
    return bool(named_in(text, [{"title": one} for one in choices]))


def pick(text: str, items: Sequence[dict[str, Any]]) -> list[dict[str, int]]:
    """[{line, quantity}] of what `text` picks out of the articles as they were listed; empty when it picks none."""
    if _ALL.search(text) and not named_in(text, items):
        return [{"line": item["line"], "quantity": item["quantity"]} for item in items]
    by_line = {item["line"]: item for item in items}
    if _PLACES.match(text):
        lines = [_number(one) for one in _ONE.findall(text)]
    else:
        place = _PLACE.search(text)
        lines = [_number(place[1] or place[2])] if place is not None else []
    chosen = [by_line[line] for line in dict.fromkeys(lines) if line in by_line] or named_in(text, items)
    if not chosen and len(items) == 1 and count_in(text) is not None:
        chosen = list(items)
    return [pieces_of(item, text) for item in chosen]


def named_in(text: str, items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The articles that the words name, by their kind of thing (睡袋 for 棉睡袋 10℃), else by letters of their titles (橙子
    for 赣南脐橙). Of several of a kind the one of which more is said."""
    said, plain = set(read_need(text).tokens("t:")), text.casefold()
    kinds = [set(read_need(item["title"]).tokens("t:")) for item in items]
    found = [
        (item, kind)
        for item, kind in zip(items, kinds, strict=True)
        if said & kind or (not kind and _shares(item, plain))
    ]
    if not found:
        return [item for item in items if _shares(item, plain)] or [item for item in items if _ends(item, plain)]
    near = [_shared(item, plain) for item, _ in found]
    return [
        item
        for (item, kind), how in zip(found, near, strict=True)
        if not any(how < more and said & kind & other for (_, other), more in zip(found, near, strict=True))
    ]


def orders_named(text: str, orders: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The orders that hold what the words name; of several those that hold what is named most closely."""
    named = [(order, found) for order in orders if (found := named_in(text, order["items"]))]
    if len(named) < 2:
        return [order for order, _ in named]
    plain = text.casefold()
    near = [max(_shared(item, plain) for item in found) for _, found in named]
    return [order for (order, _), how in zip(named, near, strict=True) if how == max(near)]


def all_but_came(text: str, items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is missing where the words tell what alone came: 「只有坚果，糖呢」."""
    came = _ONLY_CAME.search(text)
    there = named_in(came[1], items) if came is not None else []
    return [item for item in items if item not in there] if there else []


def part_about(text: str, item: dict[str, Any]) -> str:
    """Of 「桌子和一个灯」 the part that names this article."""
    parts = re.split(r"和|跟|与|、|以及|还有|，|,|\band\b", text)
    return next((part for part in parts if named_in(part, [item])), text)


def count_in(text: str) -> int | None:
    """How many pieces are spoken of, where a number stands with a measure word."""
    found = _COUNT.search(text)
    if found is None:
        return None
    said = (found[1] or found[2]).lower()
    return _MORE.get(said) or _number(said)


def pieces_of(item: dict[str, Any], text: str) -> dict[str, int]:
    """All of them, unless fewer are spoken of."""
    count = count_in(text)
    quantity = count if count is not None and 1 <= count <= item["quantity"] else item["quantity"]
    return {"line": item["line"], "quantity": quantity}


def _shares(item: dict[str, Any], plain: str) -> bool:
    """Two letters of the title in a row, for things that no vocabulary knows; a whole word of a Latin title."""
    title = _letters(item)
    if title.isascii():
        return any(len(word) > 3 and word in plain for word in title.split())
    return any(title[at : at + 2] in plain for at in range(len(title) - 1) if " " not in title[at : at + 2])


def _shared(item: dict[str, Any], plain: str) -> int:
    """How many letters of its title and variant in a row are said."""
    title = f"{_letters(item)} {(item.get('variant') or '').casefold()}"
    return max(
        (
            end - at
            for at in range(len(title))
            for end in range(at + 1, min(at + LONGEST, len(title)) + 1)
            if title[at:end] in plain
        ),
        default=0,
    )


def _ends(item: dict[str, Any], plain: str) -> bool:
    """The last sign of a name as people say it alone: 橙子 for 脐橙, 「糖呢」 for 牛轧糖."""
    return any(
        (last := run[-1]) not in _NO_NOUN and re.search(rf"{last}(?:子|儿|呢|都|也|怎么|还|$|[\s，。,!！?？])", plain)
        for run in _RUNS.findall(_letters(item))
    )


def _letters(item: dict[str, Any]) -> str:
    return "".join(mark for mark in item["title"].casefold() if mark.isalpha() or mark == " ")


def _number(said: str) -> int:
    return int(said) if said.isdecimal() else _HAN.index(said)
