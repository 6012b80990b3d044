"""HTTP: products. Those of a connected shop are its own; those of the built-in one are kept here."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Response, delete, get, post, put
from litestar.params import Parameter
from msgspec import Meta, Struct

from yingke.commerce.catalog.list_products import ProductFilter, list_products
from yingke.commerce.catalog.save_product import add_product, change_product, delete_product, get_product
from yingke.commerce.finding.found import FoundProduct
from yingke.commerce.shapes import Product, Variant
from yingke.kit.db import Database, Transaction
from yingke.kit.errors import bad_input, not_found
from yingke.kit.idempotency import Sending, run_once
from yingke.kit.ids import read_id, show_id
from yingke.kit.text import clean_line, clean_text
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller
from yingke.workspaces.require import require_scope
from yingke.workspaces.shapes import Page

READ = [require_scope("commerce:read")]
WRITE = [require_scope("commerce:write")]
TAGS = ["commerce"]
Key = Annotated[str | None, Parameter(header="Idempotency-Key")]
Limit = Annotated[int, Parameter(ge=1, le=200)]
Minor = Annotated[int, Meta(ge=0, le=10**12)]
Pieces = Annotated[int, Meta(ge=0, le=10**9)]
MOST_ATTRIBUTES = 60


class ProductRow(Struct):
    """Money in minor units. `stock_total` null: not told. `connection_id` null: the built-in shop."""

    id: str
    code: str
    title: str
    category: str
    currency: str
    price_from_minor: int
    price_to_minor: int
    stock_total: int | None
    variants: int
    is_listed: bool
    is_demo: bool
    connection_id: str | None
    picture_url: str | None
    seen_at: datetime


class VariantView(Struct):
    id: str
    external_id: str
    sku: str
    title: str
    attributes: dict[str, str]
    price_minor: int
    compare_at_minor: int | None
    stock: int | None
    restock_at: datetime | None
    is_listed: bool


class ProductView(Struct):
    """One product with all its variants, also those no longer sold. `shop_ids` null: every shop."""

    id: str
    code: str
    title: str
    category: str
    currency: str
    price_from_minor: int
    price_to_minor: int
    stock_total: int | None
    is_listed: bool
    is_demo: bool
    connection_id: str | None
    picture_url: str | None
    seen_at: datetime
    description: str
    attributes: dict[str, str]
    url: str | None
    shop_ids: list[str] | None
    no_seven_days: bool
    created_at: datetime
    variants: list[VariantView]


class VariantBody(Struct, forbid_unknown_fields=True):
    """`id` of the variant that it was; without one it is new."""

    price_minor: Minor
    id: str | None = None
    sku: str = ""
    title: str = ""
    attributes: dict[str, str] = {}
    compare_at_minor: Minor | None = None
    stock: Pieces | None = None
    restock_at: datetime | None = None
    is_listed: bool = True


class ProductBody(Struct, forbid_unknown_fields=True):
    title: str
    variants: Annotated[list[VariantBody], Meta(min_length=1, max_length=200)]
    code: str = ""
    description: str = ""
    category: str = ""
    attributes: dict[str, str] = {}
    url: str | None = None
    picture_url: str | None = None
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] = "CNY"
    no_seven_days: bool = False
    is_listed: bool = True
    shop_ids: list[str] | None = None


@get("/v1/products", guards=READ, tags=TAGS)
async def get_products(
    db: Database,
    caller: Caller,
    search: str = "",
    shop_id: str | None = None,
    source: str | None = None,
    listed: bool | None = None,
    low_stock: bool = False,
    after: str | None = None,
    limit: Limit = 50,
) -> Page[ProductRow]:
    """The newest first. `source`: "builtin", or the id of a connection. `low_stock`: some variant has 5 or fewer."""
    wanted = ProductFilter(
        clean_text(search, 100, field="search"),
        read_id(shop_id) if shop_id else None,
        read_source(source),
        listed,
        low_stock,
        read_id(after) if after else None,
        limit,
    )
    async with db.transaction(caller.workspace_id) as tx:
        rows = await list_products(tx, caller.workspace_id, wanted)
    items = [_row(row) for row in rows[:limit]]
    return Page(items, items[-1].id if len(rows) > limit else None)


@get("/v1/products/{product_id:str}", guards=READ, tags=TAGS)
async def get_one_product(product_id: str, db: Database, caller: Caller) -> ProductView:
    async with db.transaction(caller.workspace_id) as tx:
        return await _view(tx, caller.workspace_id, read_id(product_id))


@post("/v1/products", guards=WRITE, tags=TAGS)
async def post_product(
    data: ProductBody, db: Database, caller: Caller, idempotency_key: Key = None
) -> Response[ProductView]:
    """Adds a product to the built-in shop. 409 `code_taken` when there is one of this code."""

    async def work(tx: Transaction) -> ProductView:
        product = await _product(tx, caller, data)
        product_id = await add_product(tx, caller.workspace_id, product)
        await record_audit(tx, caller, "product.created", f"product:{product_id}", {"code": product.code})
        return await _view(tx, caller.workspace_id, product_id)

    sending = Sending(
        caller.workspace_id, caller.owner, idempotency_key, "POST /v1/products", msgspec.to_builtins(data)
    )
    result = await run_once(db, sending, ProductView, work)
    return Response(result.answer, status_code=result.status)


@put("/v1/products/{product_id:str}", guards=WRITE, tags=TAGS)
async def put_product(product_id: str, data: ProductBody, db: Database, caller: Caller) -> ProductView:
    """The whole product anew; variants left out are no longer sold. 409 for a product of a connected shop."""
    number = read_id(product_id)
    async with db.transaction(caller.workspace_id) as tx:
        product = await _product(tx, caller, data)
        ids = [read_id(one.id) if one.id is not None else None for one in data.variants]
        await change_product(tx, caller.workspace_id, number, product, ids)
        await record_audit(tx, caller, "product.changed", f"product:{number}", {"code": product.code})
        return await _view(tx, caller.workspace_id, number)


@delete("/v1/products/{product_id:str}", guards=WRITE, tags=TAGS)
async def delete_one_product(product_id: str, db: Database, caller: Caller) -> None:
    """409 for a product of a connected shop."""
    number = read_id(product_id)
    async with db.transaction(caller.workspace_id) as tx:
        await delete_product(tx, caller.workspace_id, number)
        await record_audit(tx, caller, "product.deleted", f"product:{number}")


def read_source(source: str | None) -> int | None:
    """0 for the built-in shop, the connection's id, None for all."""
    if source in (None, ""):
        return None
    return 0 if source == "builtin" else read_id(str(source))


async def check_shops(tx: Transaction, workspace_id: int, shop_ids: Sequence[int]) -> None:
    """Raises 404 for a shop of another workspace."""
    known = await tx.fetchval(
        "select count(*) from shops where workspace_id = $1 and id = any($2)", workspace_id, list(shop_ids)
    )
    if known < len(set(shop_ids)):
        raise not_found()


async def _product(tx: Transaction, caller: Caller, data: ProductBody) -> Product:
    shop_ids = None if data.shop_ids is None else tuple(read_id(one) for one in data.shop_ids)
    if shop_ids:
        await check_shops(tx, caller.workspace_id, shop_ids)
    variants = [_variant(one, at) for at, one in enumerate(data.variants)]
    if len({one.external_id for one in variants}) < len(variants):
        raise bad_input({"variants": "规格的货号不能重复 / each variant needs its own SKU"})
    return Product(
        external_id="",
        title=clean_line(data.title, 300, field="title", min_chars=1),
        variants=tuple(variants),
        code=clean_line(data.code, 100, field="code"),
        description=clean_text(data.description, 20_000, field="description"),
        category=clean_line(data.category, 100, field="category"),
        attributes=_attributes(data.attributes),
        url=_link(data.url, "url"),
        picture_url=_link(data.picture_url, "picture_url"),
        currency=data.currency,
        no_seven_days=data.no_seven_days,
        shop_ids=shop_ids,
        is_listed=data.is_listed,
    )


def _variant(one: VariantBody, at: int) -> Variant:
    sku, title = clean_line(one.sku, 100, field="sku"), clean_line(one.title, 200, field="title")
    return Variant(
        one.id or sku or title or str(at),
        one.price_minor,
        sku,
        title,
        _attributes(one.attributes),
        one.compare_at_minor,
        one.stock,
        one.restock_at,
        one.is_listed,
    )


def _attributes(given: dict[str, str]) -> dict[str, str]:
    if len(given) > MOST_ATTRIBUTES:
        raise bad_input({"attributes": f"最多 {MOST_ATTRIBUTES} 项 / at most {MOST_ATTRIBUTES}"})
    pairs = ((name, value) for name, value in given.items())
    return {
        clean_line(name, 60, field="attributes"): clean_text(value, 500, field="attributes") for name, value in pairs
    }


def _link(url: str | None, field: str) -> str | None:
    if not url:
        return None
    if not url.lower().startswith(("https://", "http://")):
        raise bad_input({field: "应以 http:// 或 https:// 开头 / begins with http:// or https://"})
    return clean_line(url, 2000, field=field)


def _row(row: Any) -> ProductRow:
    values = dict(row)
    connection = values.pop("connection_id")
    return ProductRow(**{**values, "id": show_id(row["id"])}, connection_id=_id(connection))


async def _view(tx: Transaction, workspace_id: int, product_id: int) -> ProductView:
    product = await get_product(tx, workspace_id, product_id)
    row = await tx.fetchrow(
        "select price_from_minor, price_to_minor, stock_total, shop_ids, created_at from products"
        " where workspace_id = $1 and id = $2",
        workspace_id,
        product_id,
    )
    return ProductView(
        id=show_id(product.id),
        code=product.code,
        title=product.title,
        category=product.category,
        currency=product.currency,
        is_listed=product.is_listed,
        is_demo=product.is_demo,
        connection_id=_id(product.connection_id),
        picture_url=product.picture_url,
        seen_at=product.seen_at,
        description=product.description,
        attributes=product.attributes,
        url=product.url,
        no_seven_days=product.no_seven_days,
        variants=await _variants(tx, workspace_id, product),
        price_from_minor=row["price_from_minor"],
        price_to_minor=row["price_to_minor"],
        stock_total=row["stock_total"],
        created_at=row["created_at"],
        shop_ids=None if row["shop_ids"] is None else [show_id(one) for one in row["shop_ids"]],
    )


async def _variants(tx: Transaction, workspace_id: int, product: FoundProduct) -> list[VariantView]:
    rows = await tx.fetch(
        "select id from product_variants where workspace_id = $1 and product_id = $2 and is_listed",
        workspace_id,
        product.id,
    )
    listed = {row["id"] for row in rows}
    return [
        VariantView(
            show_id(one.id),
            one.external_id,
            one.sku,
            one.title,
            one.attributes,
            one.price_minor,
            one.compare_at_minor,
            one.stock,
            one.restock_at,
            one.id in listed,
        )
        for one in product.variants
    ]


def _id(number: int | None) -> str | None:
    return None if number is None else show_id(number)


ROUTES = [get_products, get_one_product, post_product, put_product, delete_one_product]
