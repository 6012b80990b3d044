"""Model endpoints over HTTP. Keys go in and never come out."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from litestar import Request, delete, get, patch, post
from msgspec import Struct

from yingke.kit.asked_language import asked_language
from yingke.kit.db import Database
from yingke.kit.errors import bad_input
from yingke.kit.http import Outgoing
from yingke.kit.ids import read_id, show_id
from yingke.kit.rates import Rates
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings
from yingke.kit.text import clean_line
from yingke.models import lineup_routes, usage_routes
from yingke.models.check_endpoint import Checked, check_endpoint
from yingke.models.endpoints import (
    EndpointWish,
    abroad_not_confirmed,
    change_endpoint,
    clean_base_url,
    create_endpoint,
    delete_endpoint,
    get_endpoint,
    list_endpoints,
    same_origin,
)
from yingke.models.list_models import list_models
from yingke.models.location import Location, judge_location
from yingke.models.quirks import KINDS
from yingke.models.switchboard import Switchboard
from yingke.workspaces.caller import Caller
from yingke.workspaces.require import require
from yingke.workspaces.shapes import Page

Asking = Request[Any, Any, Any]
ADMIN = [require(role="admin")]
TAGS = ["models"]
BREAKER_IS_NEWS = timedelta(minutes=3)


class CheckView(Struct):
    ok: bool
    location: str
    reason: str | None
    milliseconds: int
    sentence: str
    at: datetime | None


class EndpointView(Struct):
    """`location_sentence` says where the words of customers would go. Prices in minor units for a million tokens, null
    where nobody entered one. `breaker`: closed (is called), open (not called for now), half_open (being tried again), as
    the process that told last saw it; `last_error` a short code."""

    id: str
    name: str
    base_url: str
    model: str
    location: str
    location_sentence: str
    location_is_sure: bool
    abroad_confirmed: bool
    filing_number: str
    is_enabled: bool
    has_api_key: bool
    last_check: CheckView | None
    provider: str
    position: int
    purposes: list[str]
    can_use_tools: bool
    currency: str
    price_in: int | None
    price_cached: int | None
    price_out: int | None
    breaker: str
    breaker_at: datetime | None
    last_error: str
    last_error_at: datetime | None


class CheckWish(Struct):
    """`id`: use that endpoint's stored key, which is only ever sent to the host it was given for."""

    base_url: str | None = None
    model: str | None = None
    api_key: str | None = None
    id: str | None = None
    abroad_confirmed: bool = False
    provider: str | None = None


class ModelNamesView(Struct):
    names: list[str]


@get("/v1/model-endpoints", guards=ADMIN, tags=TAGS)
async def get_endpoints(request: Asking, db: Database, caller: Caller) -> Page[EndpointView]:
    async with db.transaction(caller.workspace_id) as tx:
        rows = await list_endpoints(tx, caller.workspace_id)
    return Page([_show(row, asked_language(request.headers)) for row in rows], None)


@post("/v1/model-endpoints", guards=ADMIN, tags=TAGS)
async def post_endpoint(
    data: EndpointWish, request: Asking, db: Database, secrets: Secrets, switchboard: Switchboard, caller: Caller
) -> EndpointView:
    """It comes last in the order: a stand-in until somebody switches to it."""
    async with db.transaction(caller.workspace_id) as tx:
        endpoint_id = await create_endpoint(tx, caller, secrets, data)
        row = await get_endpoint(tx, caller.workspace_id, endpoint_id)
    switchboard.forget(caller.workspace_id)
    return _show(row, asked_language(request.headers))


@patch("/v1/model-endpoints/{id:str}", guards=ADMIN, tags=TAGS)
async def patch_endpoint(
    id: str,
    data: EndpointWish,
    request: Asking,
    db: Database,
    secrets: Secrets,
    switchboard: Switchboard,
    caller: Caller,
) -> EndpointView:
    async with db.transaction(caller.workspace_id) as tx:
        await change_endpoint(tx, caller, secrets, read_id(id), data)
        row = await get_endpoint(tx, caller.workspace_id, read_id(id))
    switchboard.forget(caller.workspace_id)
    return _show(row, asked_language(request.headers))


@delete("/v1/model-endpoints/{id:str}", guards=ADMIN, tags=TAGS)
async def remove_endpoint(id: str, db: Database, switchboard: Switchboard, caller: Caller) -> None:
    async with db.transaction(caller.workspace_id) as tx:
        await delete_endpoint(tx, caller, read_id(id))
    switchboard.forget(caller.workspace_id)


@post("/v1/model-endpoints/check", guards=ADMIN, tags=TAGS, status_code=200)
async def post_check(
    data: CheckWish,
    request: Asking,
    db: Database,
    outgoing: Outgoing,
    secrets: Secrets,
    settings: Settings,
    rates: Rates,
    caller: Caller,
) -> CheckView:
    """Calls the endpoint with a fixed sentence. One abroad is not called before somebody agreed to that."""
    rates.check(f"model-check:{caller.workspace_id}", rate=0.2, burst=10)
    target = await _target(data, db, secrets, caller)
    if target.location.place == "abroad" and not target.is_confirmed:
        problem = abroad_not_confirmed()
        zh, en = f"{target.location.zh}{problem.zh}", f"{target.location.en} {problem.en}"
        checked = Checked(False, "abroad", problem.code, 0, zh, en)
    else:
        checked = await check_endpoint(
            outgoing,
            target.base_url,
            target.model,
            target.key,
            target.location,
            kind=target.kind,
            with_tools=target.with_tools,
            allow_private=settings.allow_private_urls,
        )
    at = datetime.now(UTC)
    if target.endpoint_id is not None:
        async with db.transaction(caller.workspace_id) as tx:
            await tx.execute(
                "update model_endpoints set last_check = $2 where id = $1",
                target.endpoint_id,
                {**checked.as_data(), "at": at.isoformat()},
            )
    sentence = checked.en if asked_language(request.headers) == "en" else checked.zh
    return CheckView(checked.ok, checked.location, checked.reason, checked.milliseconds, sentence, at)


@post("/v1/model-endpoints/names", guards=ADMIN, tags=TAGS, status_code=200)
async def post_names(
    data: CheckWish,
    db: Database,
    outgoing: Outgoing,
    secrets: Secrets,
    settings: Settings,
    rates: Rates,
    caller: Caller,
) -> ModelNamesView:
    """Which models the endpoint offers. Nothing of a customer leaves with it, but a key does: a stored one only to its
    own host."""
    rates.check(f"model-check:{caller.workspace_id}", rate=0.2, burst=10)
    target = await _target(msgspec.structs.replace(data, model=data.model or "-"), db, secrets, caller)
    names = await list_models(
        outgoing, target.base_url, target.key, target.kind, allow_private=settings.allow_private_urls
    )
    return ModelNamesView(names)


@dataclass(frozen=True)
class _Target:
    """What is to be called. `endpoint_id` when it is exactly what is stored, so that the result is kept there."""

    base_url: str
    model: str
    key: str
    location: Location
    is_confirmed: bool
    endpoint_id: int | None
    kind: str = ""
    with_tools: bool = True


async def _target(data: CheckWish, db: Database, secrets: Secrets, caller: Caller) -> _Target:
    """Raises 400, 404."""
    row = None
    if data.id is not None:
        async with db.transaction(caller.workspace_id) as tx:
            row = await get_endpoint(tx, caller.workspace_id, read_id(data.id))
    base_url = clean_base_url(data.base_url or (row["base_url"] if row is not None else ""))
    model = clean_line(data.model or (row["model"] if row is not None else ""), 120, field="model", min_chars=1)
    key = clean_line(data.api_key, 500, field="api_key") if data.api_key else ""
    location = judge_location(base_url)
    kind = data.provider if data.provider is not None else row["provider"] if row is not None else ""
    if kind and kind not in KINDS:
        raise bad_input({"provider": ", ".join(sorted(KINDS))})
    if row is None:
        return _Target(base_url, model, key, location, data.abroad_confirmed, None, kind)
    is_same = same_origin(base_url, row["base_url"])
    if is_same and not location.is_sure:
        location = replace(location, place=row["location"])
    if not key and row["api_key"] is not None:
        if not is_same:
            raise bad_input({"api_key": "the address changed: enter the key again / 地址换了，请重新填写密钥"})
        key = secrets.open(row["api_key"]).decode()
    is_confirmed = data.abroad_confirmed or (is_same and row["abroad_confirmed_at"] is not None)
    is_stored = base_url == row["base_url"] and model == row["model"] and not data.api_key
    stored_id = row["id"] if is_stored else None
    return _Target(base_url, model, key, location, is_confirmed, stored_id, kind, row["can_use_tools"])


def _show(row: Any, language: str) -> EndpointView:
    location = judge_location(row["base_url"])
    last = row["last_check"]
    word = "en" if language == "en" else "zh"
    return EndpointView(
        id=show_id(row["id"]),
        name=row["name"],
        base_url=row["base_url"],
        model=row["model"],
        location=row["location"],
        location_sentence=getattr(location, word),
        location_is_sure=location.is_sure,
        abroad_confirmed=row["abroad_confirmed_at"] is not None,
        filing_number=row["filing_number"],
        is_enabled=row["is_enabled"],
        has_api_key=row["api_key"] is not None,
        last_check=CheckView(
            last["ok"],
            last["location"],
            last["reason"],
            last["milliseconds"],
            last[word],
            datetime.fromisoformat(last["at"]),
        )
        if last
        else None,
        **({name: row[name] for name in _PLAIN} | {"breaker": _breaker(row)}),
    )


def _breaker(row: Any) -> str:
    """Nothing was heard of an open one for minutes: it has been tried again or its process is gone."""
    is_fresh = row["breaker_at"] is not None and datetime.now(UTC) - row["breaker_at"] < BREAKER_IS_NEWS
    return str(row["breaker"]) if is_fresh else "closed"


_PLAIN = (
    "provider", "position", "purposes", "can_use_tools", "currency", "price_in", "price_cached", "price_out", "breaker",
    "breaker_at", "last_error", "last_error_at",
)  # fmt: skip
ROUTES = [
    get_endpoints, post_endpoint, patch_endpoint, remove_endpoint, post_check, post_names, *lineup_routes.ROUTES,
    *usage_routes.ROUTES,
]  # fmt: skip
