"""Connected shops over HTTP."""

from collections.abc import Awaitable, Callable
from typing import Any, Literal

from litestar import Request, Response, delete, get, patch, post
from msgspec import UNSET, Struct, UnsetType

from yingke.commerce.connections.connect import (
    Keeper,
    Wish,
    add_connection,
    change_connection,
    get_provider,
    pause_connection,
    remove_connection,
    resume_connection,
    sync_now,
)
from yingke.commerce.connections.connection import Connection, get_connection, list_connections
from yingke.commerce.connections.form import Filled, fill_form
from yingke.commerce.connections.open_shop import ConnectedShops
from yingke.commerce.connections.registry import list_providers
from yingke.commerce.connections.sample import Sample, take_sample
from yingke.commerce.connections.try_connection import try_connection
from yingke.commerce.connections.views import ConnectionView, ProviderView, TriedView, show_connection, show_provider
from yingke.commerce.providers.pieces.connected import Access, NoTokens
from yingke.commerce.providers.pieces.door import Door
from yingke.kit.asked_language import asked_language
from yingke.kit.db import Database, Transaction
from yingke.kit.errors import bad_input
from yingke.kit.http import Outgoing
from yingke.kit.idempotency import Sending, run_once
from yingke.kit.ids import read_id, show_id
from yingke.kit.rates import Rates
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings
from yingke.workspaces.caller import Caller
from yingke.workspaces.require import require
from yingke.workspaces.shapes import Page

Asking = Request[Any, Any, Any]
READ = [require(role="agent", scope="commerce:read")]
WRITE = [require(role="admin", scope="commerce:write")]
TAGS = ["commerce"]
MOST_SHOPS = 200


class ConnectionBody(Struct):
    """`form` holds the values of the provider's fields. `shop_ids` left out: every shop."""

    provider: str
    form: dict[str, Any]
    name: str | UnsetType = UNSET
    shop_ids: list[str] | None = None


class ConnectionChange(Struct):
    """A secret that is left empty stays, unless its server's address changed."""

    name: str | UnsetType = UNSET
    shop_ids: list[str] | UnsetType | None = UNSET
    form: dict[str, Any] | UnsetType = UNSET


class FormBody(Struct):
    """A form that is not saved yet; with `connection_id` empty secrets are the saved ones."""

    provider: str
    form: dict[str, Any]
    connection_id: str | None = None


class SampleBody(Struct):
    """`url`: whose answer is looked at, whole or from the form's address on. `is_guessed`: propose fields by their names."""

    form: dict[str, Any]
    what: Literal["products", "orders"]
    url: str
    connection_id: str | None = None
    is_guessed: bool = False


@get("/v1/shop-providers", guards=READ, tags=TAGS)
async def get_shop_providers(request: Asking, caller: Caller) -> Page[ProviderView]:
    """Every kind of shop that can be connected, with its form."""
    return Page([show_provider(one, asked_language(request.headers)) for one in list_providers()], None)


@get("/v1/shop-connections", guards=READ, tags=TAGS)
async def get_shop_connections(
    request: Asking, db: Database, secrets: Secrets, settings: Settings, caller: Caller
) -> Page[ConnectionView]:
    """The oldest first, all of them."""
    async with db.transaction(caller.workspace_id) as tx:
        rows = await list_connections(tx, caller.workspace_id)
        counts = await _counts(tx, caller.workspace_id)
    return Page([_show(row, counts, secrets, settings, request) for row in rows], None)


@post("/v1/shop-connections", guards=WRITE, tags=TAGS)
async def post_shop_connection(
    data: ConnectionBody, request: Asking, db: Database, secrets: Secrets, settings: Settings, caller: Caller
) -> Response[ConnectionView]:
    """Its first sync begins at once, in the background."""

    async def add(tx: Transaction) -> str:
        wish = Wish(data.name, await _shops(tx, data.shop_ids), data.form)
        return show_id(await add_connection(tx, caller, Keeper(secrets, settings), data.provider, wish))

    key = request.headers.get("idempotency-key")
    sending = Sending(caller.workspace_id, caller.owner, key, "POST /v1/shop-connections", data)
    result = await run_once(db, sending, str, add)
    view = await _shown(db, request, secrets, settings, caller, result.answer)
    return Response(view, status_code=result.status)


@post("/v1/shop-connections/test", guards=WRITE, tags=TAGS, status_code=200)
async def post_form_test(
    data: FormBody,
    request: Asking,
    db: Database,
    secrets: Secrets,
    settings: Settings,
    outgoing: Outgoing,
    rates: Rates,
    caller: Caller,
) -> TriedView:
    """Tries a form that is not saved."""
    rates.check(f"shop_test:{caller.workspace_id}", rate=0.5, burst=20)
    kind = get_provider(data.provider)
    filled = await _filled(db, secrets, settings, caller, data)
    access = Access(filled.settings, filled.secret)
    tried = await try_connection(kind(Door(outgoing, allow_private=settings.allow_private_urls), access, NoTokens()))
    return _tried(tried.shop_name, tried.problem, request)


@post("/v1/shop-connections/sample", guards=WRITE, tags=TAGS, status_code=200)
async def post_sample(
    data: SampleBody,
    request: Asking,
    db: Database,
    secrets: Secrets,
    settings: Settings,
    outgoing: Outgoing,
    rates: Rates,
    caller: Caller,
) -> Sample:
    """What an address of an HTTP shop answers, cut short, and what our fields would read from it."""
    rates.check(f"shop_test:{caller.workspace_id}", rate=0.5, burst=20)
    form = FormBody("http_shop", data.form, data.connection_id)
    filled = await _filled(db, secrets, settings, caller, form)
    door = Door(outgoing, allow_private=settings.allow_private_urls)
    return await take_sample(
        door, filled, data.what, data.url, data.is_guessed, is_en=asked_language(request.headers) == "en"
    )


@get("/v1/shop-connections/{id:str}", guards=READ, tags=TAGS)
async def get_shop_connection(
    id: str, request: Asking, db: Database, secrets: Secrets, settings: Settings, caller: Caller
) -> ConnectionView:
    return await _shown(db, request, secrets, settings, caller, id)


@patch("/v1/shop-connections/{id:str}", guards=WRITE, tags=TAGS)
async def patch_shop_connection(
    id: str,
    data: ConnectionChange,
    request: Asking,
    db: Database,
    secrets: Secrets,
    settings: Settings,
    caller: Caller,
) -> ConnectionView:
    """New keys or addresses are tried at once by a full read."""

    async def change(tx: Transaction) -> None:
        shops = UNSET if data.shop_ids is UNSET else await _shops(tx, data.shop_ids)
        wish = Wish(data.name, shops, data.form)
        await change_connection(tx, caller, Keeper(secrets, settings), read_id(id), wish)

    return await _changed(db, request, secrets, settings, caller, id, change)


@post("/v1/shop-connections/{id:str}/test", guards=WRITE, tags=TAGS, status_code=200)
async def post_connection_test(
    id: str, request: Asking, db: Database, shops: ConnectedShops, rates: Rates, caller: Caller
) -> TriedView:
    rates.check(f"shop_test:{caller.workspace_id}", rate=0.5, burst=20)
    async with db.transaction(caller.workspace_id) as tx:
        row = await get_connection(tx, caller.workspace_id, read_id(id))
    tried = await try_connection(shops.provider(row))
    return _tried(tried.shop_name, tried.problem, request)


@post("/v1/shop-connections/{id:str}/sync", guards=WRITE, tags=TAGS, status_code=202)
async def post_connection_sync(
    id: str, request: Asking, db: Database, secrets: Secrets, settings: Settings, rates: Rates, caller: Caller
) -> ConnectionView:
    """Everything anew, in the background."""
    rates.check(f"shop_sync:{caller.workspace_id}", rate=0.1, burst=10)
    return await _changed(db, request, secrets, settings, caller, id, lambda tx: sync_now(tx, caller, read_id(id)))


@post("/v1/shop-connections/{id:str}/pause", guards=WRITE, tags=TAGS, status_code=200)
async def post_connection_pause(
    id: str, request: Asking, db: Database, secrets: Secrets, settings: Settings, caller: Caller
) -> ConnectionView:
    """Nothing is asked there and nothing heard; what was mirrored stays."""
    return await _changed(
        db, request, secrets, settings, caller, id, lambda tx: pause_connection(tx, caller, read_id(id))
    )


@delete("/v1/shop-connections/{id:str}/pause", guards=WRITE, tags=TAGS, status_code=200)
async def remove_connection_pause(
    id: str, request: Asking, db: Database, secrets: Secrets, settings: Settings, caller: Caller
) -> ConnectionView:
    return await _changed(
        db, request, secrets, settings, caller, id, lambda tx: resume_connection(tx, caller, read_id(id))
    )


@delete("/v1/shop-connections/{id:str}", guards=WRITE, tags=TAGS)
async def delete_shop_connection(id: str, db: Database, caller: Caller, keep_data: bool = True) -> None:
    """Its keys are forgotten. With `keep_data` its orders stay readable and its products are no longer offered."""
    async with db.transaction(caller.workspace_id) as tx:
        await remove_connection(tx, caller, read_id(id), keeps_data=keep_data)


async def _shops(tx: Transaction, texts: list[str] | None) -> list[int] | None:
    """None and an empty list mean every shop. Raises 400 for one that is not ours."""
    if not texts:
        return None
    wanted = sorted({read_id(text) for text in texts[: MOST_SHOPS + 1]})
    if len(wanted) > MOST_SHOPS or await tx.fetchval("select count(*) from shops where id = any($1)", wanted) != len(
        wanted
    ):
        raise bad_input({"shop_ids": "没有这个店铺 / unknown shop"})
    return wanted


async def _filled(db: Database, secrets: Secrets, settings: Settings, caller: Caller, data: FormBody) -> Filled:
    before = None
    if data.connection_id is not None:
        async with db.transaction(caller.workspace_id) as tx:
            row = await get_connection(tx, caller.workspace_id, read_id(data.connection_id))
        if row.provider != data.provider:
            raise bad_input({"provider": "与已保存的不同 / not that of the connection"})
        before = Keeper(secrets, settings).filled(row)
    return fill_form(get_provider(data.provider), settings, data.form, before)


async def _changed(
    db: Database,
    request: Asking,
    secrets: Secrets,
    settings: Settings,
    caller: Caller,
    id: str,
    change: Callable[[Transaction], Awaitable[None]],
) -> ConnectionView:
    async with db.transaction(caller.workspace_id) as tx:
        await change(tx)
    return await _shown(db, request, secrets, settings, caller, id)


async def _shown(
    db: Database, request: Asking, secrets: Secrets, settings: Settings, caller: Caller, id: str
) -> ConnectionView:
    async with db.transaction(caller.workspace_id) as tx:
        row = await get_connection(tx, caller.workspace_id, read_id(id))
        counts = await _counts(tx, caller.workspace_id)
    return _show(row, counts, secrets, settings, request)


async def _counts(tx: Transaction, workspace_id: int) -> dict[int, tuple[int, int]]:
    """Connection → (listed products, orders) in the mirror."""
    rows = await tx.fetch(
        "select c.id, (select count(*) from products p where p.workspace_id = $1 and p.connection_id = c.id and p.is_listed),"
        " (select count(*) from orders o where o.workspace_id = $1 and o.connection_id = c.id)"
        " from shop_connections c where c.workspace_id = $1 and c.deleted_at is null",
        workspace_id,
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def _show(
    row: Connection, counts: dict[int, tuple[int, int]], secrets: Secrets, settings: Settings, request: Asking
) -> ConnectionView:
    filled = Keeper(secrets, settings).filled(row)
    kind = get_provider(row.provider)
    provider = kind(None, Access(filled.settings, filled.secret), NoTokens())  # type: ignore[arg-type]
    address = settings.public_url.rstrip("/") or f"http://{settings.host}:{settings.port}"
    secrets_set = sorted(key for key, value in filled.secret.items() if value)
    can = sorted(provider.can)
    return show_connection(
        row, secrets_set, counts.get(row.id, (0, 0)), address, list(can), asked_language(request.headers)
    )


def _tried(shop_name: str, problem: dict[str, str] | None, request: Asking) -> TriedView:
    tongue = "en" if asked_language(request.headers) == "en" else "zh"
    return TriedView(problem is None, shop_name, problem[tongue] if problem else "")


ROUTES = [
    get_shop_providers, get_shop_connections, post_shop_connection, post_form_test, post_sample, get_shop_connection,
    patch_shop_connection, post_connection_test, post_connection_sync, post_connection_pause, remove_connection_pause,
    delete_shop_connection,
]  # fmt: skip
