"""Gives the cells of a row their meaning; what cannot be read is noted with its reason."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from yingke.commerce.imports.mapping import ImportMapping, Meaning
from yingke.commerce.imports.problems import MOST_PROBLEMS, ProblemCode, RowProblem
from yingke.commerce.imports.read_cells import (
    UnreadableCell,
    clean_cell,
    is_rounded,
    read_amount,
    read_count,
    read_number,
    read_signed,
)
from yingke.commerce.imports.read_stock_cell import Stocked, read_stock_cell, read_stock_list
from yingke.kit.read_time import read_time

_NO_TIME = ("0000-00-00", "1970-01-01", "1900-01-01")
_SHOWN = frozenset((
    "price", "compare_at", "item_price", "item_total", "total", "paid", "goods", "member_off", "promotion_off", "coupon_off", "shipping",
    "stock", "stock_list", "restock_at", "quantity", "sku", "code", "number", "tracking", "ordered_at", "paid_at", "shipped_at", "delivered_at", "updated_at",
))  # fmt: skip
"""Meanings whose cells may be shown with a problem: none of them is about a person."""


@dataclass
class RowReader:
    """Reads the cells of one table by one mapping. `skipped` counts what `problems` lists the first of."""

    columns: Sequence[str]
    mapping: ImportMapping
    problems: list[RowProblem] = field(default_factory=list)
    skipped: int = 0
    are_numbers_rounded: bool = False

    def __post_init__(self) -> None:
        self._zone = ZoneInfo(self.mapping.time_zone)
        self._at = {meaning: list(self.columns).index(name) for meaning, name in self.mapping.columns.items()}
        self.attributes = [(name[:60], list(self.columns).index(name)) for name in self.mapping.attributes]
        self._meaning: Meaning | None = None
        self._today = datetime.now(self._zone).date()

    @property
    def list_name(self) -> str:
        """What the variants of a list of stock are told apart by: 颜色 of 「颜色和库存」."""
        found = re.match(r"颜色|尺码|口味|款式|色号|型号", self.mapping.columns.get("stock_list", ""))
        return found[0] if found else "规格"

    def look_for_rounding(self, rows: Sequence[Sequence[str]]) -> None:
        """A spreadsheet that once opened the file may have turned the last digits of all long numbers into zeros."""
        at = self._at.get("number")
        long = [value for row in rows if at is not None and len(value := clean_cell(row[at])) >= 17 and value.isdigit()]
        self.are_numbers_rounded = len(long) > 1 and sum(map(is_rounded, long)) > len(long) / 2

    def has(self, *meanings: Meaning) -> bool:
        return any(meaning in self._at for meaning in meanings)

    @contextmanager
    def row(self, number: int, row: Sequence[str]) -> Iterator[None]:
        """What cannot be read inside is noted for this row, and raised on."""
        self._meaning = None
        try:
            yield
        except UnreadableCell as error:
            self.leave(number, error.code, row)  # type: ignore[arg-type]
            raise

    def leave(self, number: int, code: ProblemCode, row: Sequence[str] = ()) -> None:
        self.skipped += 1
        if len(self.problems) < MOST_PROBLEMS:
            shown = self._meaning in _SHOWN and row and code.startswith(("bad_", "number_", "mixed"))
            self.problems.append(
                RowProblem(number, code, self.text(row, self._meaning, 60) if shown and self._meaning else "")
            )

    def text(self, row: Sequence[str], meaning: Meaning, longest: int = 300) -> str:
        self._meaning = meaning
        at = self._at.get(meaning)
        return clean_cell(row[at])[:longest] if at is not None else ""

    def line(self, row: Sequence[str], meaning: Meaning, longest: int = 300) -> str:
        return " ".join(self.text(row, meaning, longest).split())

    def number(self, row: Sequence[str], meaning: Meaning) -> str:
        value = read_number(self.text(row, meaning, 100))
        if meaning == "number" and self.are_numbers_rounded and is_rounded(value):
            raise UnreadableCell("number_cut")
        return value

    def amount(self, row: Sequence[str], meaning: Meaning) -> tuple[int, str] | None:
        return read_amount(self.text(row, meaning), self.currency(row))

    def taken_off(self, row: Sequence[str], meaning: Meaning) -> tuple[int, str] | None:
        """An amount that reduces a sum; its sign is written either way."""
        value = read_signed(self.text(row, meaning), self.currency(row))
        return (abs(value[0]), value[1]) if value is not None else None

    def currency(self, row: Sequence[str]) -> str:
        at = self._at.get("currency")
        named = clean_cell(row[at]).upper() if at is not None else ""
        named = {"RMB": "CNY", "人民币": "CNY", "美元": "USD", "欧元": "EUR", "日元": "JPY", "港币": "HKD"}.get(
            named, named
        )
        return named if len(named) == 3 and named.isascii() and named.isalpha() else self.mapping.currency

    def count(self, row: Sequence[str], meaning: Meaning) -> int | None:
        return read_count(self.text(row, meaning))

    def stock(self, row: Sequence[str]) -> Stocked | None:
        return read_stock_cell(self.text(row, "stock"), self._zone, self._today)

    def stock_list(self, row: Sequence[str]) -> list[tuple[str, Stocked]]:
        return read_stock_list(self.text(row, "stock_list", 4000), self._zone, self._today)

    def time(self, row: Sequence[str], meaning: Meaning) -> datetime | None:
        value = self.text(row, meaning)
        if not value or value.startswith(_NO_TIME):
            return None
        at = read_time(value, self._zone, self.mapping.time_format)
        if at is None:
            raise UnreadableCell("bad_time")
        return at
