"""Stores what was read of products, stock and orders, and says of each what became of it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from msgspec import UNSET

from yingke.commerce.imports.inputs import Record
from yingke.commerce.imports.known import Known, find_orders, find_products
from yingke.commerce.imports.merge import CannotMerge, merge_order, merge_product, shipments_of
from yingke.commerce.imports.problems import ProblemCode
from yingke.commerce.imports.snapshot import Thing, hash_rows, read_rows
from yingke.commerce.order_numbers import number_key
from yingke.commerce.shapes import Order, OrderItem, Product, Shipment, Variant
from yingke.commerce.store.put_orders import put_orders, put_shipments
from yingke.commerce.store.put_products import put_products
from yingke.kit.db import Transaction

Outcome = Literal["added", "changed", "unchanged"]


@dataclass(frozen=True, slots=True)
class Stored:
    """`id` of the product or order; None, with a `problem`, for one that was left out."""

    record: Record
    outcome: Outcome | None
    id: int | None
    problem: ProblemCode | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose it is. `import_id`: a file's, whose changes are kept so that they can be taken back."""

    workspace_id: int
    shop_id: int | None = None
    import_id: int | None = None


async def store_records(tx: Transaction, scope: Scope, records: Sequence[Record]) -> list[Stored]:
    """One answer a record, in their order; all of them are of the same kind. What differs in nothing stays `unchanged`."""
    if records and records[0].order is not None:
        return await _watched(tx, scope, "order", records, _store_orders)
    return await _watched(tx, scope, "product", records, _store_products)


Put = Callable[[Transaction, Scope, Sequence[Record]], Awaitable[list[int | ProblemCode]]]


async def _watched(tx: Transaction, scope: Scope, thing: Thing, records: Sequence[Record], put: Put) -> list[Stored]:
    """Compares the rows before and after `put`, which answers each record with an id or a problem."""
    known = await _ids_before(tx, scope, thing, records)
    before = await read_rows(tx, scope.workspace_id, thing, known)
    answers = await put(tx, scope, records)
    ids = sorted({answer for answer in answers if isinstance(answer, int)})
    after = await read_rows(tx, scope.workspace_id, thing, ids)
    stored, changed = [], set()
    for record, answer in zip(records, answers, strict=True):
        if not isinstance(answer, int):
            stored.append(Stored(record, None, None, answer))
            continue
        outcome: Outcome = "added"
        if answer in before:
            is_same = hash_rows(before[answer]) == hash_rows(after[answer])
            outcome = "unchanged" if is_same else "changed"
        if outcome != "unchanged":
            changed.add(answer)
        stored.append(Stored(record, outcome, answer))
    if scope.import_id is not None:
        await tx.executemany(
            "insert into shop_import_changes (workspace_id, import_id, thing, thing_id, before, after_hash)"
            " values ($1, $2, $3, $4, $5, $6) on conflict (workspace_id, import_id, thing, thing_id)"
            " do update set after_hash = excluded.after_hash",
            [
                (scope.workspace_id, scope.import_id, thing, id, before.get(id), hash_rows(after[id]))
                for id in sorted(changed)
            ],
        )
    return stored


async def _ids_before(tx: Transaction, scope: Scope, thing: Thing, records: Sequence[Record]) -> list[int]:
    if thing == "order":
        numbers = [record.order.number for record in records if record.order is not None]
        return [known.id for known in (await find_orders(tx, scope.workspace_id, numbers)).values()]
    return [known.id for known in await _known_products(tx, scope, records)]


async def _known_products(tx: Transaction, scope: Scope, records: Sequence[Record]) -> list[Known]:
    external, codes = set(), set()
    for record in records:
        if record.stock is not None:
            codes.add(record.stock.sku)
        elif (product := record.product) is not None:
            external |= {
                key for key in (product.external_id, product.code, product.title) if isinstance(key, str) and key
            }
            codes |= {product.code} if isinstance(product.code, str) and product.code else set()
    return await find_products(tx, scope.workspace_id, sorted(external), sorted(codes))


async def _store_products(tx: Transaction, scope: Scope, records: Sequence[Record]) -> list[int | ProblemCode]:
    known = await _known_products(tx, scope, records)
    pending: dict[str, Product] = {}
    planned: list[str | ProblemCode] = []
    keys: list[bool] = []
    for record in records:
        try:
            product = (
                _plan_stock(known, pending, record)
                if record.stock is not None
                else _plan_product(scope, known, pending, record)
            )
        except CannotMerge as error:
            planned.append(error.code)
            keys.append(False)
            continue
        pending[product.external_id] = product
        planned.append(product.external_id)
        keys.append(True)
    await put_products(tx, scope.workspace_id, None, list(pending.values()))
    rows = await tx.fetch(
        "select id, external_id from products where workspace_id = $1 and connection_id is null and external_id = any($2)",
        scope.workspace_id,
        list(pending),
    )
    ids = {row["external_id"]: row["id"] for row in rows}
    return [ids[plan] if is_key else plan for plan, is_key in zip(planned, keys, strict=True)]  # type: ignore[misc]


def _plan_product(scope: Scope, known: Sequence[Known], pending: dict[str, Product], record: Record) -> Product:
    told = record.product
    assert told is not None
    found = _find_product(known, pending, told.external_id, told.code, told.title)
    if found is not None and found.connection_id is not None:
        raise CannotMerge("from_connection")
    shops: tuple[int, ...] | None = (scope.shop_id,) if scope.shop_id is not None else None
    if told.shop_ids is not UNSET and told.shop_ids is not None:
        shops = tuple(int(id) for id in told.shop_ids)
    base = found.product if found is not None else None
    return merge_product(pending.get(base.external_id, base) if base is not None else None, told, shops)


def _find_product(
    known: Sequence[Known], pending: dict[str, Product], external_id: object, code: object, title: object
) -> Known | None:
    """By its id; else by its article number, where a connected shop's counts as well; by its name where it has neither."""
    keys = [key for key in (external_id, code) if isinstance(key, str) and key] or [str(title)]
    for key in keys:
        if key in pending:
            return Known(0, None, product=pending[key])
        same = [
            one
            for one in known
            if one.connection_id is None and one.product is not None and one.product.external_id == key
        ]
        if not same and key == code:
            same = [one for one in known if one.product is not None and one.product.code.lower() == key.lower()]
        if same:
            return min(same, key=lambda one: one.connection_id is not None)
    return None


def _plan_stock(known: Sequence[Known], pending: dict[str, Product], record: Record) -> Product:
    """Raises CannotMerge: unknown_sku, unclear_sku, from_connection."""
    told = record.stock
    assert told is not None
    sku = told.sku.lower()
    hits: list[tuple[Product, Variant]] = []
    for one in known:
        product = one.product
        assert product is not None
        named = [variant for variant in product.variants if variant.sku.lower() == sku]
        if not named and product.code.lower() == sku and len(product.variants) == 1:
            named = list(product.variants)
        if named and one.connection_id is not None:
            raise CannotMerge("from_connection")
        hits += [(pending.get(product.external_id, product), variant) for variant in named]
    if len(hits) != 1:
        raise CannotMerge("unclear_sku" if hits else "unknown_sku")
    product, variant = hits[0]
    names = ("stock", "price_minor", "compare_at_minor")
    changes = {name: value for name in names if (value := getattr(told, name)) is not UNSET}
    variants = [replace(one, **changes) if one.external_id == variant.external_id else one for one in product.variants]
    return replace(product, variants=tuple(variants), updated_at=None)


async def _store_orders(tx: Transaction, scope: Scope, records: Sequence[Record]) -> list[int | ProblemCode]:
    told = [record.order for record in records if record.order is not None]
    known = await find_orders(tx, scope.workspace_id, [one.number for one in told])
    by_sku = await _products_by_sku(
        tx, scope, [item.sku for one in told if one.items is not UNSET for item in one.items]
    )
    pending: dict[str, Order] = {}
    parcels: list[tuple[int, Shipment]] = []
    answers: list[ProblemCode | None] = []
    for record, one in zip(records, told, strict=True):
        key = number_key(one.number)
        old = known.get(key)
        try:
            if old is None and not record.is_new_allowed:
                raise CannotMerge("unknown_order")
            if old is not None and old.connection_id is not None:
                if not (own := shipments_of(one)):
                    raise CannotMerge("from_connection")
                parcels += [(old.id, parcel) for parcel in own]
            else:
                shop = int(one.shop_id) if isinstance(one.shop_id, str) else scope.shop_id
                merged = merge_order(pending.get(key) or (old.order if old is not None else None), one, shop)
                pending[key] = replace(merged, items=tuple(_linked(item, by_sku) for item in merged.items))
            answers.append(None)
        except CannotMerge as error:
            answers.append(error.code)
    await put_orders(tx, scope.workspace_id, None, list(pending.values()))
    if parcels:
        await put_shipments(tx, scope.workspace_id, parcels)
    now = await find_orders(tx, scope.workspace_id, [one.number for one in told])
    return [answer or now[number_key(one.number)].id for answer, one in zip(answers, told, strict=True)]


async def _products_by_sku(tx: Transaction, scope: Scope, skus: Sequence[str]) -> dict[str, str]:
    """SKU or article number → external id of the product of the built-in shop."""
    wanted = sorted({sku.lower() for sku in skus if sku})
    rows = await tx.fetch(
        "select lower(v.sku) as sku, p.external_id from product_variants v join products p on p.workspace_id = v.workspace_id"
        " and p.id = v.product_id where v.workspace_id = $1 and v.sku <> '' and lower(v.sku) = any($2) and p.connection_id is null"
        " union select lower(code), external_id from products where workspace_id = $1 and code <> '' and lower(code) = any($2)"
        " and connection_id is null",
        scope.workspace_id,
        wanted,
    )
    return {row["sku"]: row["external_id"] for row in rows}


def _linked(item: OrderItem, by_sku: dict[str, str]) -> OrderItem:
    product = item.product_external_id or by_sku.get(item.sku.lower(), "")
    return replace(item, product_external_id=product) if product else item
