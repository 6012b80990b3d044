"""Guesses what kind of file it is and what its columns mean, from their names and from what stands in them."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo

from yingke.commerce.imports.mapping import MEANINGS, MOST_STATES, ImportMapping, Kind, Meaning
from yingke.commerce.imports.names import ATTRIBUTES, INTERNAL, OF_ORDERS, fits
from yingke.commerce.imports.read_cells import UnreadableCell, clean_cell, read_count, read_phone, read_signed
from yingke.commerce.imports.read_state import read_state
from yingke.commerce.imports.read_stock_cell import lists_variants, read_stock_cell
from yingke.commerce.shapes import OrderState
from yingke.kit.read_time import read_time

SAMPLE = 500
Rows = Sequence[Sequence[str]]
_AMOUNTS: frozenset[Meaning] = frozenset((
    "price", "compare_at", "item_price", "item_total", "total", "paid", "goods", "member_off", "promotion_off", "coupon_off", "shipping",
))  # fmt: skip
_TIMES: frozenset[Meaning] = frozenset(
    ("ordered_at", "paid_at", "shipped_at", "delivered_at", "updated_at", "restock_at")
)
_ENOUGH = 0.6
MOST_ATTRIBUTES = 60
_LONGEST_TOLD = 120
_IN_WORDS = re.compile(r"[^\W\d_]")
_ADDRESS = re.compile(r"https?://|\S+@\S+")


def guess_mapping(columns: Sequence[str], rows: Rows, time_zone: str, kind: Kind | None = None) -> ImportMapping:
    """The likeliest reading, of `kind` when it is given; what nothing points to stays open for a person to choose."""
    values = {name: _values(rows, at) for at, name in enumerate(columns)}
    kind = kind or _guess_kind(columns)
    zone = ZoneInfo(time_zone)
    found = _by_name(columns, values, kind, zone)
    if kind == "orders":
        _by_value(values, found, zone)
    mapping = ImportMapping(kind=kind, columns=found, time_zone=time_zone)
    if kind == "products":
        free = [name for name in columns if name not in found.values()]
        mapping.attributes = [name for name in free if _is_told(name, values[name])][:MOST_ATTRIBUTES]
    mapping.states = _states(values.get(found.get("state", ""), []))
    mapping.currency = _currency(values, found)
    mapping.time_format = _time_format(
        [value for meaning in _TIMES for value in values.get(found.get(meaning, ""), [])]
    )
    return mapping


def _is_told(name: str, values: Sequence[str]) -> bool:
    """Whether a column tells of the goods: by its name, or by what stands in it where it is no business of the shop's."""
    if ATTRIBUTES.search(name):
        return True
    if INTERNAL.search(name) or not values:
        return False
    some = values[:50]
    is_short = sum(map(len, some)) / len(some) <= _LONGEST_TOLD
    return is_short and _share(some, lambda value: _IN_WORDS.search(value) and not _ADDRESS.search(value)) >= _ENOUGH


def _values(rows: Rows, at: int) -> list[str]:
    return [value for row in rows[:SAMPLE] if (value := clean_cell(row[at]))]


def _guess_kind(columns: Sequence[str]) -> Kind:
    """An order file has a number and somebody or something in it; a stock file has no names of products."""

    def has(*meanings: Meaning) -> bool:
        return any(fits(name, meaning) is not None for name in columns for meaning in meanings)

    of_orders = sum(any(fits(name, meaning) is not None for meaning in OF_ORDERS) for name in columns)
    if has("number") and has("tracking") and not has("item", "total", "paid", "item_price", "quantity", "goods"):
        return "shipments"
    named = any(fits(name, "number") in (0, 1, 2) and fits(name, "title") is None for name in columns)
    if has("number") and of_orders >= (1 if named else 3):
        return "orders"
    return "products" if has("title") or not has("sku", "code") else "stock"


def _by_name(columns: Sequence[str], values: dict[str, list[str]], kind: Kind, zone: ZoneInfo) -> dict[Meaning, str]:
    """The surest pairs of column and meaning first; a column whose cells cannot mean it does not get it."""
    pairs = [
        (rank, order, at, meaning, name)
        for order, meaning in enumerate(MEANINGS[kind])
        for at, name in enumerate(columns)
        if (rank := fits(name, meaning)) is not None and _can_be(meaning, values[name], zone)
    ]
    found: dict[Meaning, str] = {}
    for _, _, _, meaning, name in sorted(pairs):
        if meaning not in found and name not in found.values():
            found[meaning] = name
    if kind == "stock" and "sku" not in found:
        named = [name for name in columns if name not in found.values() and fits(name, "code") is not None]
        found |= {"sku": named[0]} if named else {}
    if (
        kind == "products"
        and "code" not in found
        and "external_id" not in found
        and "variant" not in found
        and "sku" in found
    ):
        # One row a product, known by the only number that it has.
        found["code"] = found.pop("sku")
    return found


def _can_be(meaning: Meaning, values: Sequence[str], zone: ZoneInfo) -> bool:
    some = values[:50]
    if not some:
        return True
    if meaning in _AMOUNTS:
        return _share(some, _is_amount) >= _ENOUGH
    if meaning in _TIMES:
        return _share(some, lambda value: read_time(value, zone) is not None) >= _ENOUGH
    if meaning == "quantity":
        return _share(some, _is_count) >= _ENOUGH
    if meaning == "stock":
        return _share(some, _is_stock) >= _ENOUGH
    if meaning == "stock_list":
        return any(map(lists_variants, some))
    if meaning == "phone":
        return _share(some, lambda value: "*" in value or sum(mark.isdigit() for mark in value) >= 4) >= _ENOUGH
    if meaning in ("number", "tracking"):
        return _share(some, lambda value: any(mark.isdigit() for mark in value)) >= _ENOUGH
    if meaning == "state":
        return len(set(values)) <= 40
    return True


def _share(values: Sequence[str], test: Callable[[str], object]) -> float:
    return sum(bool(test(value)) for value in values) / len(values)


def _is_amount(value: str) -> bool:
    try:
        return read_signed(value, "CNY") is not None
    except UnreadableCell:
        return False


def _is_count(value: str) -> bool:
    try:
        return read_count(value) is not None
    except UnreadableCell:
        return False


def _is_stock(value: str) -> bool:
    try:
        return read_stock_cell(value, ZoneInfo("UTC"), date.today()) is not None
    except UnreadableCell:
        return False


def _by_value(values: dict[str, list[str]], found: dict[Meaning, str], zone: ZoneInfo) -> None:
    """What the names did not tell: the time of the order, a masked phone, the words of a state."""
    free = [name for name in values if name not in found.values() and values[name]]
    if not set(found) & {"ordered_at", "paid_at"}:
        _take(found, "ordered_at", [name for name in free if _can_be("ordered_at", values[name], zone)])
    if "phone" not in found:
        masked = re.compile(r"1[3-9]\d?[*＊]{4,8}\d{0,4}|1[3-9]\d{9}")
        _take(
            found,
            "phone",
            [
                name
                for name in free
                if _share(values[name][:50], masked.fullmatch) > 0.8 and read_phone(values[name][0])
            ],
        )
    if "state" not in found:
        _take(
            found,
            "state",
            [name for name in free if len(set(values[name])) <= 12 and _share(values[name][:50], read_state) > 0.8],
        )


def _take(found: dict[Meaning, str], meaning: Meaning, names: Sequence[str]) -> None:
    names = [name for name in names if name not in found.values()]
    if names:
        found[meaning] = names[0]


def _states(values: Sequence[str]) -> dict[str, OrderState]:
    states: dict[str, OrderState] = {}
    for value, _ in Counter(values).most_common(MOST_STATES):
        if (state := read_state(value)) is not None:
            states[value] = state
    return states


def _currency(values: dict[str, list[str]], found: dict[Meaning, str]) -> str:
    named = [
        value.upper() for value in values.get(found.get("currency", ""), []) if re.fullmatch(r"[A-Za-z]{3}", value)
    ]
    if named:
        return Counter(named).most_common(1)[0][0]
    signed: Counter[str] = Counter()
    for meaning in _AMOUNTS & set(found):
        for value in values[found[meaning]][:100]:
            try:
                amount = read_signed(value, "CNY")
            except UnreadableCell:
                continue
            signed.update([amount[1]] if amount else [])
    return signed.most_common(1)[0][0] if signed else "CNY"


def _time_format(values: Sequence[str]) -> Literal["auto", "day_first", "month_first"]:
    """A first number above 12 in any row makes all of them day first; a second one, month first."""
    pairs = [
        (int(time[1]), int(time[2]))
        for value in values
        if (time := re.match(r"(\d{1,2})[-/.](\d{1,2})[-/.]\d{4}", value))
    ]
    if any(first > 12 for first, _ in pairs):
        return "day_first"
    return "month_first" if any(second > 12 for _, second in pairs) else "auto"
