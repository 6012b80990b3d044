"""Model endpoints over HTTP. Keys go in and never come out."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

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
from yingke.models.location import Location, judge_location
from yingke.workspaces.caller import Caller
from yingke.workspaces.require import require
from yingke.workspaces.shapes import Page

Asking = Request[Any, Any, Any]
ADMIN = [require(role="admin")]
TAGS = ["models"]


class CheckView(Struct):
    ok: bool
    location: str
    reason: str | None
    milliseconds: int
    sentence: str
    at: datetime | None


class EndpointView(Struct):
    """`location_sentence` says where the words of customers would go."""

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


class CheckWish(Struct):
    """`id`: use that endpoint's stored key, which is only ever sent to the host it was given for."""

    base_url: str | None = None
    model: str | None = None
    api_key: str | None = None
    id: str | None = None
    abroad_confirmed: bool = False


@get("/v1/model-endpoints", guards=ADMIN, tags=TAGS)
async def get_endpoints(request: Asking, db: Database, caller: Caller) -> Page[EndpointView]:
    async with db.transaction(caller.workspace_id) as tx:
        rows = await list_endpoints(tx, caller.workspace_id)
    return Page([_show(row, asked_language(request.headers)) for row in rows], None)


@post("/v1/model-endpoints", guards=ADMIN, tags=TAGS)
async def post_endpoint(
    data: EndpointWish, request: Asking, db: Database, secrets: Secrets, caller: Caller
) -> EndpointView:
    async with db.transaction(caller.workspace_id) as tx:
        endpoint_id = await create_endpoint(tx, caller, secrets, data)
        row = await get_endpoint(tx, caller.workspace_id, endpoint_id)
    return _show(row, asked_language(request.headers))


@patch("/v1/model-endpoints/{id:str}", guards=ADMIN, tags=TAGS)
async def patch_endpoint(
    id: str, data: EndpointWish, request: Asking, db: Database, secrets: Secrets, caller: Caller
) -> EndpointView:
    async with db.transaction(caller.workspace_id) as tx:
        await change_endpoint(tx, caller, secrets, read_id(id), data)
        row = await get_endpoint(tx, caller.workspace_id, read_id(id))
    return _show(row, asked_language(request.headers))


@delete("/v1/model-endpoints/{id:str}", guards=ADMIN, tags=TAGS)
async def remove_endpoint(id: str, db: Database, caller: Caller) -> None:
    async with db.transaction(caller.workspace_id) as tx:
        await delete_endpoint(tx, caller, read_id(id))


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


@dataclass(frozen=True)
class _Target:
    """What is to be called. `endpoint_id` when it is exactly what is stored, so that the result is kept there."""

    base_url: str
    model: str
    key: str
    location: Location
    is_confirmed: bool
    endpoint_id: int | None


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
    if row is None:
        return _Target(base_url, model, key, location, data.abroad_confirmed, None)
    is_same = same_origin(base_url, row["base_url"])
    if is_same and not location.is_sure:
        location = replace(location, place=row["location"])
    if not key and row["api_key"] is not None:
        if not is_same:
            raise bad_input({"api_key": "the address changed: enter the key again / 地址换了，请重新填写密钥"})
        key = secrets.open(row["api_key"]).decode()
    is_confirmed = data.abroad_confirmed or (is_same and row["abroad_confirmed_at"] is not None)
    is_stored = base_url == row["base_url"] and model == row["model"] and not data.api_key
    return _Target(base_url, model, key, location, is_confirmed, row["id"] if is_stored else None)


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
    )


ROUTES = [get_endpoints, post_endpoint, patch_endpoint, remove_endpoint, post_check]
