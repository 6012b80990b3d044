"""Which articles of an order, and how many of them, a customer means by his words."""

import re
from collections.abc import Sequence
from typing import Any

from yingke.commerce.finding.need import read_need
from yingke.kit.expression import expression

_PLACE = expression(r"第\s*(\d{1,2}|[一二三四五六七八九])|^\s*(\d{1,2}|[一二三四五六七八九])\s*(?:号)?[\s.、,，。]*$")
_PLACES = expression(
    r"^\s*(?:\d{1,2}|[一二三四五六七八九])(?:\s*[、,，和跟与 ]\s*(?:\d{1,2}|[一二三四五六七八九]))+\s*$"
)
_ONE = expression(r"\d{1,2}|[一二三四五六七八九]")
_COUNT = expression(
    r"(?<![第\d.])(\d{1,2}|[一二两俩三四五六七八九])\s*(?:个|件|条|双|盏|把|台|套|只|包|顶|张|份|瓶|盒|支|块|本)(?!月|工作日|小时)"
    r"|\b(?:just|only)?\s*(one|two|three|\d{1,2}) (?:of (?:them|these|the)|piece)",
    re.IGNORECASE,
)
_ALL = expression(
    r"全部|全都|都(?:要|退|换|修|坏|有|是|不)|^都|所有|整单|一起|两(?:个|件|条)都|\ball\b|\bboth\b|everything",
    re.IGNORECASE,
)
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
    """The articles whose kind of thing the words name: 睡袋 for 棉睡袋 10℃. Of several of a kind the one whose own words
    stand there as well."""
    things = set(read_need(text).tokens("t:"))
    found = [item for item in items if things & set(read_need(item["title"]).tokens("t:"))]
    plain = text.casefold()
    exact = [item for item in found if item["title"].casefold() in plain]
    if not found:
        return [item for item in items if _shares(item, plain)]
    closer = [item for item in found if item.get("variant") and item["variant"].casefold() in plain]
    return exact or closer or found


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
    title = "".join(mark for mark in item["title"].casefold() if mark.isalpha() or mark == " ")
    if title.isascii():
        return any(len(word) > 3 and word in plain for word in title.split())
    return any(title[at : at + 2] in plain for at in range(len(title) - 1) if " " not in title[at : at + 2])


def _number(said: str) -> int:
    return int(said) if said.isdecimal() else _HAN.index(said)
