"""A product of the built-in shop, written down by an admin."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import replace

from yingke.commerce.finding.found import FoundProduct
from yingke.commerce.finding.load_products import load_products
from yingke.commerce.shapes import Product, Variant
from yingke.commerce.store.put_products import put_products
from yingke.kit.db import Transaction
from yingke.kit.errors import Problem, conflict, not_found


async def get_product(tx: Transaction, workspace_id: int, product_id: int) -> FoundProduct:
    """With variants that are no longer sold. Raises 404."""
    found = await load_products(tx, workspace_id, [product_id], with_unlisted=True)
    if not found:
        raise not_found()
    return found[0]


async def add_product(tx: Transaction, workspace_id: int, product: Product) -> int:
    """`product.external_id` is made from its code, or anew. Raises 409 `code_taken`, 400 for what cannot be sold."""
    external_id = product.code or f"p-{secrets.token_hex(6)}"
    taken = await tx.fetchval(
        "select 1 from products where workspace_id = $1 and connection_id is null and external_id = $2",
        workspace_id,
        external_id,
    )
    if taken:
        raise conflict("code_taken", "这个货号已有商品，请换一个。", "There is a product of this code already.")
    await put_products(tx, workspace_id, None, [replace(product, external_id=external_id)])
    found = await tx.fetchval(
        "select id from products where workspace_id = $1 and connection_id is null and external_id = $2",
        workspace_id,
        external_id,
    )
    return int(found)


async def change_product(
    tx: Transaction, workspace_id: int, product_id: int, product: Product, variant_ids: Sequence[int | None]
) -> None:
    """The whole product anew; `variant_ids` says which variant each one was, None for a new one.

    Raises 404, 409 for a product that a connected shop owns.
    """
    before = await own_product(tx, workspace_id, product_id)
    known = {one.id: one.external_id for one in before.variants}
    if any(id is not None and id not in known for id in variant_ids):
        raise not_found()
    variants = tuple(
        replace(one, external_id=known[id] if id is not None else _new_id(one, set(known.values())))
        for one, id in zip(product.variants, variant_ids, strict=True)
    )
    await put_products(tx, workspace_id, None, [replace(product, external_id=before.external_id, variants=variants)])


async def delete_product(tx: Transaction, workspace_id: int, product_id: int) -> None:
    """Raises 404, 409 for a product that a connected shop owns."""
    await own_product(tx, workspace_id, product_id)
    await tx.execute("delete from products where workspace_id = $1 and id = $2", workspace_id, product_id)


async def own_product(tx: Transaction, workspace_id: int, product_id: int) -> FoundProduct:
    product = await get_product(tx, workspace_id, product_id)
    if product.connection_id is not None:
        raise Problem(
            409,
            "product_of_a_shop",
            "这件商品由所连接的店铺维护，请到店铺后台修改。",
            "Its own shop keeps this product. Change it there.",
        )
    return product


def _new_id(variant: Variant, taken: Collection[str]) -> str:
    wish = variant.sku or variant.title
    return wish if wish and wish not in taken else f"v-{secrets.token_hex(6)}"
