"""Keys of programs over HTTP."""

from datetime import datetime
from typing import Annotated, Any

from litestar import Request, Response, delete, get, post
from msgspec import UNSET, Meta, Struct, UnsetType

from yingke.kit.db import Database, Transaction
from yingke.kit.ids import read_id, show_id
from yingke.kit.secrets import Secrets
from yingke.workspaces.api_keys import ApiKey, get_api_key, list_api_keys, revoke_api_key
from yingke.workspaces.caller import Caller
from yingke.workspaces.create_api_key import create_api_key
from yingke.workspaces.creating import IdempotencyKey, create_once
from yingke.workspaces.require import require
from yingke.workspaces.shapes import Page


class ApiKeyWish(Struct):
    name: Annotated[str, Meta(max_length=200)]
    scopes: Annotated[list[str], Meta(max_length=50)]


class ApiKeyView(Struct):
    """`key` is given once, when it is made."""

    id: str
    name: str
    scopes: list[str]
    hint: str
    last_used_at: datetime | None
    revoked_at: datetime | None
    created_at: datetime
    key: str | UnsetType = UNSET


@get("/v1/api-keys", guards=[require(role="admin")], tags=["programs"])
async def get_api_keys(db: Database, caller: Caller) -> Page[ApiKeyView]:
    async with db.transaction(caller.workspace_id) as tx:
        return Page([_view(one) for one in await list_api_keys(tx)], None)


@post("/v1/api-keys", guards=[require(role="admin")], tags=["programs"])
async def post_api_key(
    data: ApiKeyWish,
    request: Request[Any, Any, Any],
    db: Database,
    secrets: Secrets,
    caller: Caller,
    idempotency_key: IdempotencyKey = None,
) -> Response[ApiKeyView]:
    async def work(tx: Transaction) -> ApiKeyView:
        key_id, key = await create_api_key(tx, caller, data.name, data.scopes)
        return _view(await get_api_key(tx, key_id), key)

    return await create_once(db, caller, request, data, ApiKeyView, work, seal=secrets)


@delete("/v1/api-keys/{id:str}", guards=[require(role="admin")], tags=["programs"])
async def delete_api_key(id: str, db: Database, caller: Caller) -> None:
    async with db.transaction(caller.workspace_id) as tx:
        await revoke_api_key(tx, caller, read_id(id))


def _view(one: ApiKey, key: str | UnsetType = UNSET) -> ApiKeyView:
    return ApiKeyView(
        id=show_id(one.id),
        name=one.name,
        scopes=one.scopes,
        hint=one.hint,
        last_used_at=one.last_used_at,
        revoked_at=one.revoked_at,
        created_at=one.created_at,
        key=key,
    )


ROUTES = [get_api_keys, post_api_key, delete_api_key]
