"""Shows how a table would be read, before anything is read: for the screen on which a person confirms it."""

import re
from collections import Counter
from collections.abc import Sequence

from msgspec import UNSET, Struct

from yingke.commerce.imports.guess import SAMPLE, guess_mapping
from yingke.commerce.imports.inputs import OrderInput, ProductInput, Record, StockInput
from yingke.commerce.imports.mapping import MEANINGS, ImportMapping, Kind, Meaning
from yingke.commerce.imports.problems import RowProblem
from yingke.commerce.imports.read_cells import clean_cell
from yingke.commerce.imports.read_state import read_state
from yingke.commerce.imports.read_table_rows import read_table_rows
from yingke.commerce.imports.row_reader import RowReader
from yingke.commerce.shapes import OrderState

PREVIEW_ROWS = 40
PREVIEW_THINGS = 8
MOST_VALUES = 60
_LONGEST_CELL = 60
_MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")


class ImportColumn(Struct):
    """`examples`: the first different values, phone numbers masked."""

    name: str
    examples: list[str]


class StateValue(Struct):
    """A value of the state column, how often it stands in the first rows, and what it is taken for."""

    value: str
    times: int
    state: OrderState | None


class ThingLook(Struct):
    """One product, stock line or order as it will be read, and its first row."""

    row: int
    rows: int
    product: ProductInput | None = None
    stock: StockInput | None = None
    order: OrderInput | None = None


class ImportLook(Struct):
    """`meanings`: what may be said of a column in this kind of file. `things` are the first ones, as they will be read."""

    columns: list[ImportColumn]
    rows_total: int
    guess: ImportMapping
    used: ImportMapping
    meanings: list[Meaning]
    states: list[StateValue]
    things: list[ThingLook]
    problems: list[RowProblem]


def look_at(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    mapping: ImportMapping | None,
    kind: Kind | None,
    time_zone: str,
) -> ImportLook:
    """The first rows as `mapping` reads them, or as the guess (of `kind`, when given) does."""
    guess = guess_mapping(columns, rows, time_zone, mapping.kind if mapping is not None else kind)
    used = mapping or guess
    used.columns = {
        meaning: name for meaning, name in used.columns.items() if name in columns and meaning in MEANINGS[used.kind]
    }
    used.attributes = [name for name in used.attributes if name in columns]
    reader = RowReader(columns, used)
    things = list(read_table_rows(reader, rows[:PREVIEW_ROWS]))[:PREVIEW_THINGS]
    return ImportLook(
        columns=[ImportColumn(name, _examples(rows, at)) for at, name in enumerate(columns)],
        rows_total=len(rows),
        guess=guess,
        used=used,
        meanings=list(MEANINGS[used.kind]),
        states=_states(columns, rows, used),
        things=[_show(one) for one in things],
        problems=reader.problems[:PREVIEW_THINGS],
    )


def _examples(rows: Sequence[Sequence[str]], at: int) -> list[str]:
    found: dict[str, None] = {}
    for row in rows[:SAMPLE]:
        if value := " ".join(clean_cell(row[at]).split()):
            found.setdefault(_mask(value)[:_LONGEST_CELL])
        if len(found) == 3:
            break
    return list(found)


def _states(columns: Sequence[str], rows: Sequence[Sequence[str]], used: ImportMapping) -> list[StateValue]:
    if "state" not in used.columns or used.kind != "orders":
        return []
    at = list(columns).index(used.columns["state"])
    counted = Counter(value for row in rows if (value := " ".join(clean_cell(row[at]).split())[:300]))
    return [
        StateValue(value, times, used.states.get(value) or read_state(value))
        for value, times in counted.most_common(MOST_VALUES)
    ]


def _show(record: Record) -> ThingLook:
    if record.order is not None:
        for field in ("phone", "buyer_name"):
            value = getattr(record.order, field)
            if value is not UNSET:
                setattr(record.order, field, _mask(value))
        if record.order.address is not UNSET:
            record.order.address.phone = _mask(record.order.address.phone)
    return ThingLook(record.row, record.rows, record.product, record.stock, record.order)


def _mask(text: str) -> str:
    return _MOBILE.sub(r"\1****\2", text)
