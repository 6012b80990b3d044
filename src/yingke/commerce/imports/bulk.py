"""Takes a list of products or orders that a program sends: each is stored or told why not, whatever the others are."""

from collections.abc import Callable, Sequence
from typing import Any, Literal

import msgspec
from msgspec import UNSET, Struct

from yingke.commerce.imports.inputs import OrderInput, ProductInput, Record
from yingke.commerce.imports.problems import ProblemCode
from yingke.commerce.imports.read_cells import read_phone
from yingke.commerce.imports.store_records import Scope, store_records
from yingke.kit.db import Transaction
from yingke.kit.ids import show_id
from yingke.kit.text import has_surrogate

MOST_ITEMS = 1000
_SENTENCES: dict[str, str] = {
    "no_title": "a new product needs a title / 新商品需要 title",
    "no_code": "a product needs external_id or code / 商品需要 external_id 或 code",
    "no_price": "a new product or variant needs price_minor / 新商品或新规格需要 price_minor",
    "no_amount": "a new order needs total_minor, paid_minor or priced items / 新订单需要 total_minor、paid_minor 或带价格的明细",
    "from_connection": "a connected shop tells this itself / 这一项由已连接的店铺同步，不能从这里改",
    "unknown_shop": "no such shop / 没有这个店铺",
}


class BulkError(Struct):
    """`message` in English and Chinese."""

    code: str
    message: str


class BulkResult(Struct):
    """One answer an item, in their order. `index` counts from 0."""

    index: int
    status: Literal["added", "changed", "unchanged", "error"]
    id: str | None = None
    error: BulkError | None = None


class BulkAnswer(Struct):
    added: int
    changed: int
    unchanged: int
    errors: int
    results: list[BulkResult]


async def take_products(tx: Transaction, workspace_id: int, items: Sequence[Any]) -> BulkAnswer:
    """Items as `ProductInput`."""
    shops = await _shops(tx, workspace_id)

    def read(item: Any) -> Record:
        product = msgspec.convert(item, ProductInput)
        if isinstance(product.shop_ids, list) and not set(product.shop_ids) <= shops:
            raise msgspec.ValidationError("unknown_shop")
        return Record(0, product=product)

    return await _take(tx, workspace_id, items, read)


async def take_orders(tx: Transaction, workspace_id: int, items: Sequence[Any]) -> BulkAnswer:
    """Items as `OrderInput`."""
    shops = await _shops(tx, workspace_id)

    def read(item: Any) -> Record:
        order = msgspec.convert(item, OrderInput)
        if isinstance(order.shop_id, str) and order.shop_id not in shops:
            raise msgspec.ValidationError("unknown_shop")
        if not any(mark.isdigit() for mark in order.number):
            raise msgspec.ValidationError("`number` holds no digit / number 里没有数字")
        if order.phone is not UNSET:
            order.phone = read_phone(order.phone)
        return Record(0, order=order)

    return await _take(tx, workspace_id, items, read)


async def _shops(tx: Transaction, workspace_id: int) -> set[str]:
    rows = await tx.fetch("select id from shops where workspace_id = $1", workspace_id)
    return {show_id(row["id"]) for row in rows}


async def _take(tx: Transaction, workspace_id: int, items: Sequence[Any], read: Callable[[Any], Record]) -> BulkAnswer:
    results: list[BulkResult] = []
    good: list[tuple[int, Record]] = []
    for index, item in enumerate(items):
        try:
            if has_surrogate(text := msgspec.json.encode(item).decode("utf-8", "surrogatepass")) or "\\u0000" in text:
                raise msgspec.ValidationError("characters that cannot be stored / 含有无法保存的字符")
            good.append((index, read(item)))
        except msgspec.ValidationError as error:
            results.append(_error(index, str(error)))
    for (index, _), stored in zip(
        good, await store_records(tx, Scope(workspace_id), [record for _, record in good]), strict=True
    ):
        if stored.problem is not None or stored.outcome is None:
            results.append(_refused(index, stored.problem or "no_value"))
        else:
            results.append(BulkResult(index, stored.outcome, show_id(stored.id or 0)))
    results.sort(key=lambda one: one.index)
    counted = {
        status: sum(one.status == status for one in results) for status in ("added", "changed", "unchanged", "error")
    }
    return BulkAnswer(counted["added"], counted["changed"], counted["unchanged"], counted["error"], results)


def _error(index: int, message: str) -> BulkResult:
    code = message if message in _SENTENCES else "bad_item"
    return BulkResult(index, "error", error=BulkError(code, _SENTENCES.get(message, message)))


def _refused(index: int, code: ProblemCode) -> BulkResult:
    return BulkResult(index, "error", error=BulkError(code, _SENTENCES.get(code, code)))
