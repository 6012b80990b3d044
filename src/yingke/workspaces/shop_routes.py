"""Shops over HTTP."""

from typing import Any

from litestar import Request, Response, delete, get, patch, post
from msgspec import Struct

from yingke.kit.db import Database, Transaction
from yingke.kit.errors import bad_input
from yingke.kit.ids import read_id, show_id
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings
from yingke.kit.text import clean_line
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller
from yingke.workspaces.change_shop import archive_shop, change_shop, renew_site_secret
from yingke.workspaces.create_shop import create_shop
from yingke.workspaces.creating import IdempotencyKey, create_once
from yingke.workspaces.require import require, require_scope
from yingke.workspaces.shapes import Page
from yingke.workspaces.shop_shapes import ShopChange, ShopView
from yingke.workspaces.shops import get_shop, list_shops

MOST_SHOPS = 200


class SiteSecret(Struct):
    site_secret: str


@get("/v1/shops", guards=[require_scope("shops:read")], tags=["shops"])
async def get_shops(db: Database, settings: Settings, caller: Caller) -> Page[ShopView]:
    async with db.transaction(caller.workspace_id) as tx:
        return Page(await list_shops(tx, settings), None)


@post("/v1/shops", guards=[require_scope("shops:write")], tags=["shops"])
async def post_shop(
    data: ShopChange,
    request: Request[Any, Any, Any],
    db: Database,
    settings: Settings,
    secrets: Secrets,
    caller: Caller,
    idempotency_key: IdempotencyKey = None,
) -> Response[ShopView]:
    """Needs `name`; what else is left out gets useful defaults. `site_secret` is shown this once."""
    if not isinstance(data.name, str):
        raise bad_input({"name": "请填写 / required"})
    name = clean_line(data.name, 60, field="name", min_chars=1)

    async def work(tx: Transaction) -> ShopView:
        if await tx.fetchval("select count(*) from shops where archived_at is null") >= MOST_SHOPS:
            raise bad_input({"name": f"最多 {MOST_SHOPS} 个店铺 / at most {MOST_SHOPS} shops"})
        made = await create_shop(tx, secrets, caller.workspace_id, name)
        await record_audit(tx, caller, "shop.created", f"shop:{show_id(made.shop_id)}", {"name": name})
        await change_shop(tx, caller, made.shop_id, data)
        shop = await get_shop(tx, settings, made.shop_id)
        shop.site_secret = made.site_secret
        return shop

    return await create_once(db, caller, request, data, ShopView, work, seal=secrets)


@get("/v1/shops/{id:str}", guards=[require_scope("shops:read")], tags=["shops"])
async def get_one_shop(id: str, db: Database, settings: Settings, caller: Caller) -> ShopView:
    async with db.transaction(caller.workspace_id) as tx:
        return await get_shop(tx, settings, read_id(id))


@patch("/v1/shops/{id:str}", guards=[require_scope("shops:write")], tags=["shops"])
async def patch_shop(id: str, data: ShopChange, db: Database, settings: Settings, caller: Caller) -> ShopView:
    async with db.transaction(caller.workspace_id) as tx:
        await change_shop(tx, caller, read_id(id), data)
        return await get_shop(tx, settings, read_id(id))


@delete("/v1/shops/{id:str}", guards=[require_scope("shops:write")], tags=["shops"])
async def delete_shop(id: str, db: Database, caller: Caller) -> None:
    """Archives: the widget stops, conversations stay."""
    async with db.transaction(caller.workspace_id) as tx:
        await archive_shop(tx, caller, read_id(id))


@post("/v1/shops/{id:str}/site-secret", guards=[require(role="admin")], tags=["shops"])
async def post_site_secret(id: str, db: Database, secrets: Secrets, caller: Caller) -> SiteSecret:
    async with db.transaction(caller.workspace_id) as tx:
        return SiteSecret(await renew_site_secret(tx, secrets, caller, read_id(id)))


ROUTES = [get_shops, post_shop, get_one_shop, patch_shop, delete_shop, post_site_secret]
