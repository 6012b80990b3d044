"""Joins the rows of a table that speak of one order, and of its parcels."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from yingke.commerce.imports.inputs import AddressInput, ItemInput, OrderInput, Record, ShipmentInput
from yingke.commerce.imports.mapping import Meaning
from yingke.commerce.imports.read_cells import UnreadableCell, read_phone
from yingke.commerce.imports.read_state import read_state
from yingke.commerce.imports.row_reader import RowReader
from yingke.commerce.order_numbers import number_key
from yingke.commerce.shapes import OrderState

MOST_ITEMS = 500
MOST_PARCELS = 50
_SUMS: tuple[Meaning, ...] = ("total", "paid", "goods", "shipping")
_OFFS: tuple[Meaning, ...] = ("member_off", "promotion_off", "coupon_off")
_TIMES: tuple[Meaning, ...] = ("ordered_at", "paid_at", "shipped_at", "delivered_at", "updated_at")
_WORDS: tuple[Meaning, ...] = (
    "buyer",
    "buyer_id",
    "receiver",
    "email",
    "province",
    "city",
    "district",
    "region",
    "address",
    "note",
    "state",
)
_APART = re.compile(r"[,，;；、/\s|]+")
_BY_PROGRESS: dict[OrderState, int] = {"paid": 0, "part_shipped": 1, "shipped": 2, "delivered": 3}
_REACHED: tuple[tuple[Meaning, OrderState], ...] = (
    ("paid_at", "paid"),
    ("shipped_at", "shipped"),
    ("delivered_at", "delivered"),
)


@dataclass
class _Rows:
    """All rows of one order so far."""

    number: str
    row: int
    rows: int = 0
    is_bad: bool = False
    words: dict[Meaning, str] = field(default_factory=dict)
    times: dict[Meaning, datetime] = field(default_factory=dict)
    amounts: dict[Meaning, list[int | None]] = field(default_factory=dict)
    lines: list[int | None] = field(default_factory=list)
    """What each row's article costs together, where the row has one."""
    items: dict[str, ItemInput] = field(default_factory=dict)
    parcels: dict[str, ShipmentInput] = field(default_factory=dict)
    phone: str = ""
    currency: str = ""


def read_orders(reader: RowReader, rows: Sequence[Sequence[str]]) -> Iterator[Record]:
    """The orders of the table in the order in which they first appear. One row that cannot be read leaves its order out."""
    reader.look_for_rounding(rows)
    orders: dict[str, _Rows] = {}
    last: _Rows | None = None
    for number, row in enumerate(rows, start=1):
        order: _Rows | None = None
        try:
            with reader.row(number, row):
                order = _order_of(reader, orders, last, number, row)
                order.rows += 1
                _take_row(reader, order, number, row)
        except UnreadableCell:
            if order is not None:
                order.is_bad = True
        last = order or last
    for order in orders.values():
        if order.is_bad:
            for _ in range(order.rows - 1):
                reader.leave(order.row, "same_thing")
            continue
        yield Record(
            order.row, order.rows, order=_as_input(reader, order), is_new_allowed=reader.mapping.kind == "orders"
        )


def _order_of(
    reader: RowReader, orders: dict[str, _Rows], last: _Rows | None, number: int, row: Sequence[str]
) -> _Rows:
    """A row without a number, a buyer and a sum goes on with the order above."""
    written = reader.number(row, "number")
    key = number_key(written)
    if not key and last is not None and reader.line(row, "item") and not any(
        reader.text(row, meaning) for meaning in ("total", "paid", "phone", "receiver", "ordered_at")
    ):  # fmt: skip
        return last
    if not any(mark.isdigit() for mark in key):
        reader.text(row, "number")
        raise UnreadableCell("no_number")
    return orders.setdefault(key, _Rows(written[:100], number))


def _take_row(reader: RowReader, order: _Rows, number: int, row: Sequence[str]) -> None:
    for meaning in _WORDS:
        if value := reader.line(row, meaning):
            order.words.setdefault(meaning, value)
    order.phone = order.phone or read_phone(reader.text(row, "phone"))
    for meaning in _TIMES:
        if (time := reader.time(row, meaning)) is not None:
            order.times.setdefault(meaning, time)
    for meaning in (*_SUMS, *_OFFS):
        told = reader.taken_off(row, meaning) if meaning in _OFFS else reader.amount(row, meaning)
        order.amounts.setdefault(meaning, []).append(_of_one_currency(order, told))
    order.lines.append(_take_item(reader, order, row))
    _take_parcels(reader, order, row)
    if reader.mapping.kind == "shipments" and not order.parcels:
        raise UnreadableCell("no_tracking")


def _of_one_currency(order: _Rows, value: tuple[int, str] | None) -> int | None:
    if value is None:
        return None
    order.currency = order.currency or value[1]
    if value[1] != order.currency:
        raise UnreadableCell("mixed_currency")
    return value[0]


def _take_item(reader: RowReader, order: _Rows, row: Sequence[str]) -> int | None:
    """What the article of this row costs together; None without one or without a price."""
    sku, title = reader.line(row, "item_sku"), reader.line(row, "item")
    if not sku and not title:
        return None
    quantity = reader.count(row, "quantity")
    if quantity is not None and not 1 <= quantity <= 1_000_000:
        raise UnreadableCell("bad_quantity")
    quantity = quantity or 1
    each = _of_one_currency(order, reader.amount(row, "item_price"))
    together = _of_one_currency(order, reader.amount(row, "item_total"))
    if together is not None:
        each = (2 * together + quantity) // (2 * quantity)
    elif each is not None:
        together = each * quantity
    line_id = reader.number(row, "line_id") if reader.has("line_id") else ""
    if len(order.items) >= MOST_ITEMS:
        raise UnreadableCell("too_many")
    order.items[line_id or f"row {len(order.lines)}"] = ItemInput(
        title=title or sku, quantity=quantity, price_minor=each or 0, external_id=line_id, sku=sku, variant=reader.line(row, "item_variant"),
    )  # fmt: skip
    return together


def _take_parcels(reader: RowReader, order: _Rows, row: Sequence[str]) -> None:
    if not reader.has("tracking"):
        return
    carrier = reader.line(row, "carrier", 100)
    for piece in _APART.split(reader.text(row, "tracking", 2000)):
        named, _, number = piece.replace("：", ":").rpartition(":")
        number = _checked(number) if number else ""
        named = "" if named.strip(" .").casefold() in ("no", "单号", "运单号") else named.strip()
        if number and len(order.parcels) < MOST_PARCELS:
            order.parcels.setdefault(number, ShipmentInput(tracking_number=number[:100], carrier=named or carrier))


def _checked(number: str) -> str:
    from_cell = number.strip("'\"= ")
    if re.fullmatch(r"\d(?:\.\d+)?E\+?\d+", from_cell, re.IGNORECASE):
        raise UnreadableCell("number_cut")
    return from_cell if any(mark.isdigit() for mark in from_cell) else ""


def _as_input(reader: RowReader, order: _Rows) -> OrderInput:
    words, times = order.words, order.times
    told: dict[str, Any] = {
        f"{name}_minor": value for name in (*_SUMS, *_OFFS) if (value := _sum_of(order, name)) is not None
    }
    told |= {meaning: time for meaning, time in times.items()}
    told |= {
        name: words[meaning]
        for name, meaning in (
            ("buyer_name", "buyer"),
            ("buyer_external_id", "buyer_id"),
            ("email", "email"),
            ("note", "note"),
        )
        if meaning in words
    }
    if "buyer_name" not in told and "receiver" in words:
        told["buyer_name"] = words["receiver"]
    if order.phone:
        told["phone"] = order.phone
    if address := _address(words, order.phone):
        told["address"] = address
    if order.items:
        told["items"] = list(order.items.values())
        _price_alone(told["items"], told.get("goods_minor"))
    if order.currency:
        told["currency"] = order.currency
    if order.parcels:
        shipped, delivered = times.get("shipped_at"), times.get("delivered_at")
        for parcel in order.parcels.values():
            parcel.shipped_at, parcel.delivered_at = shipped, delivered
        told["shipments"] = list(order.parcels.values())
    if "state" in words:
        told["state_text"] = words["state"]
    if (state := _state(reader, order)) is not None and reader.mapping.kind == "orders":
        told["state"] = state
    return OrderInput(number=order.number, **told)


def _price_alone(items: list[ItemInput], goods_minor: int | None) -> None:
    """Files with one article an order often say only what it came to."""
    if goods_minor and len(items) == 1 and items[0].price_minor == 0:
        quantity = items[0].quantity
        items[0].price_minor = (2 * goods_minor + quantity) // (2 * quantity)


def _sum_of(order: _Rows, meaning: Meaning) -> int | None:
    """Files say a sum of the order once, in every row, or in each row its own share of it."""
    told = [value for value in order.amounts.get(meaning, []) if value is not None]
    if not told:
        return None
    if len(told) == 1 or len(set(told)) > 1:
        return sum(told)
    lines = [line for line in order.lines if line is not None]
    is_share = (
        meaning in ("total", "paid", "goods") and len(lines) == len(told) and all(line == told[0] for line in lines)
    )
    return sum(told) if is_share else told[0]


def _address(words: dict[Meaning, str], phone: str) -> AddressInput | None:
    parts = [words[part] for part in ("province", "city", "district") if part in words]
    region = " ".join(dict.fromkeys(parts)) or words.get("region", "")
    if not region and "address" not in words and "receiver" not in words:
        return None
    return AddressInput(
        name=words.get("receiver", ""), phone=phone, region=region[:300], detail=words.get("address", "")
    )


def _state(reader: RowReader, order: _Rows) -> OrderState | None:
    """What the word says; where it says paid or nothing, as far as the times and parcels have come."""
    word = order.words.get("state", "")
    told = reader.mapping.states.get(word) or read_state(word)
    if told is not None and told not in _BY_PROGRESS:
        return told
    reached: OrderState | None = told
    for meaning, state in _REACHED:
        if meaning in order.times and (reached is None or _BY_PROGRESS[state] > _BY_PROGRESS[reached]):
            reached = state
    if order.parcels and (reached is None or reached == "paid"):
        reached = "shipped"
    return reached
