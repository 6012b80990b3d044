"""Orders for a list: filtered, the newest first, by cursor."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from yingke.commerce.order_numbers import digits_of, number_key
from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input

_COLUMNS = (
    "o.id, o.number, o.state, o.state_text, o.currency, o.total_minor, o.paid_minor, o.buyer_name, o.phone, o.connection_id,"
    " o.shop_id, o.is_demo, o.ordered_at, o.seen_at, i.items, i.first_item"
)
_ITEMS = (
    "left join lateral (select count(*)::int as items, (array_agg(title order by line))[1] as first_item from order_items"
    " where workspace_id = $1 and order_id = o.id) as i on true"
)


@dataclass(frozen=True)
class OrderFilter:
    """`shops`: those the caller sees, None = all. `connection_id` 0: the built-in shop. `after`: a cursor of this list."""

    shops: list[int] | None
    search: str = ""
    state: str | None = None
    shop_id: int | None = None
    connection_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    after: str | None = None
    limit: int = 50


async def list_orders(tx: Transaction, workspace_id: int, wanted: OrderFilter) -> Sequence[Any]:
    """At most `limit` + 1 rows. `search`: a number from its beginning, a buyer's name, a phone or its last four digits."""
    values: list[Any] = [workspace_id]

    def given(value: Any, type: str) -> str:
        values.append(value)
        return f"${len(values)}::{type}"

    where = ["o.workspace_id = $1"]
    if wanted.shops is not None:
        where.append(f"(o.shop_id is null or o.shop_id = any({given(wanted.shops, 'bigint[]')}))")
    if wanted.shop_id is not None:
        where.append(f"o.shop_id = {given(wanted.shop_id, 'bigint')}")
    if wanted.connection_id is not None:
        where.append(f"coalesce(o.connection_id, 0) = {given(wanted.connection_id, 'bigint')}")
    if wanted.state is not None:
        where.append(f"o.state = {given(wanted.state, 'text')}")
    if wanted.since is not None:
        where.append(f"o.ordered_at >= {given(wanted.since, 'timestamptz')}")
    if wanted.until is not None:
        where.append(f"o.ordered_at < {given(wanted.until, 'timestamptz')}")
    if wanted.after is not None:
        at, id = _read_cursor(wanted.after)
        where.append(f"(o.ordered_at, o.id) < ({given(at, 'timestamptz')}, {given(id, 'bigint')})")
    if wanted.search.strip():
        where.append(_search(wanted.search.strip(), given))
    rows: Sequence[Any] = await tx.fetch(
        f"select {_COLUMNS} from orders o {_ITEMS} where {' and '.join(where)}"
        f" order by o.ordered_at desc, o.id desc limit {given(wanted.limit + 1, 'int')}",
        *values,
    )
    return rows


async def list_orders_by_id(tx: Transaction, workspace_id: int, ids: Sequence[int]) -> Sequence[Any]:
    """The same rows for these ids, the newest first."""
    rows: Sequence[Any] = await tx.fetch(
        f"select {_COLUMNS} from orders o {_ITEMS} where o.workspace_id = $1 and o.id = any($2)"
        " order by o.ordered_at desc, o.id desc",
        workspace_id,
        list(ids),
    )
    return rows


def show_cursor(row: Any) -> str:
    """Behind this row; microseconds since 1970 and the id."""
    at: datetime = row["ordered_at"]
    return f"{int(at.timestamp()) * 1_000_000 + at.microsecond}-{row['id']}"


def _read_cursor(text: str) -> tuple[datetime, int]:
    found = re.fullmatch(r"(\d{1,17})-(\d{1,18})", text)
    if found is None:
        raise bad_input({"after": "not a cursor of this list / 不是本列表给出的游标"})
    seconds, micro = divmod(int(found[1]), 1_000_000)
    try:
        at = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise bad_input({"after": "not a cursor of this list / 不是本列表给出的游标"}) from error
    return at.replace(microsecond=micro), int(found[2])


def _search(words: str, given: Any) -> str:
    parts = [f"o.buyer_name ilike {given('%' + _escaped(words) + '%', 'text')}"]
    if key := number_key(words):
        parts.append(f"o.number_key like {given(_escaped(key) + '%', 'text')}")
    digits = digits_of(words)
    if len(digits) == 4:
        parts.append(f"right(o.phone, 4) = {given(digits, 'text')}")
    elif len(digits) >= 7:
        parts.append(f"o.phone = {given(digits, 'text')}")
    return f"({' or '.join(parts)})"


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
