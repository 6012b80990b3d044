"""HTTP: tools of a merchant's own, tried before they are saved, switched on and off, with their versions."""

from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, delete, get, post, put
from litestar.params import Parameter
from msgspec import Meta, Struct

from yingke.assistants.own_tools import store
from yingke.assistants.own_tools.check_tool import check_tool
from yingke.assistants.own_tools.config import OwnToolConfig
from yingke.assistants.own_tools.own_tool import open_headers
from yingke.assistants.own_tools.own_tools import OwnTools
from yingke.assistants.own_tools.store import StoredTool, Written
from yingke.assistants.own_tools.try_tool import Tried, as_far, try_tool
from yingke.kit.asked_language import asked_language
from yingke.kit.db import Database, Transaction
from yingke.kit.errors import bad_input
from yingke.kit.idempotency import Sending, run_once
from yingke.kit.ids import read_id, show_id
from yingke.kit.rates import Rates
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings
from yingke.workspaces.caller import Caller
from yingke.workspaces.require import require
from yingke.workspaces.shapes import Page

Asking = Request[Any, Any, Any]
Key = Annotated[str | None, Parameter(header="Idempotency-Key")]
ADMIN = [require(role="admin")]
TAGS = ["assistants"]
MOST_SHOPS = 200


class OwnToolBody(Struct, forbid_unknown_fields=True):
    """`headers`: header → value; one that is left empty keeps its value as long as the server stays the same.
    `based_on`: the version that was edited."""

    config: OwnToolConfig
    headers: dict[str, Annotated[str, Meta(max_length=2000)]] = {}
    is_on: bool = True
    based_on: int | None = None


class OwnToolTrial(Struct, forbid_unknown_fields=True):
    """`samples`: input → an example. With `tool_id` empty headers are the saved ones."""

    config: OwnToolConfig
    samples: dict[str, Annotated[str, Meta(max_length=200)]] = {}
    headers: dict[str, Annotated[str, Meta(max_length=2000)]] = {}
    tool_id: str | None = None


class OwnToolSwitch(Struct):
    is_on: bool


class OwnToolView(Struct):
    """The values of the headers are never shown."""

    id: str
    version: int
    config: OwnToolConfig
    is_on: bool
    created_at: datetime
    changed_at: datetime


class OwnToolVersionView(Struct):
    number: int
    config: OwnToolConfig
    made_by: str | None
    made_by_name: str
    made_at: datetime


@get("/v1/own-tools", guards=ADMIN, tags=TAGS)
async def get_own_tools(db: Database, caller: Caller) -> Page[OwnToolView]:
    """The oldest first, all of them."""
    async with db.transaction(caller.workspace_id) as tx:
        return Page([_view(one) for one in await store.list_tools(tx, caller.workspace_id)], None)


@post("/v1/own-tools", guards=ADMIN, tags=TAGS)
async def post_own_tool(
    data: OwnToolBody,
    db: Database,
    settings: Settings,
    secrets: Secrets,
    own_tools: OwnTools,
    caller: Caller,
    idempotency_key: Key = None,
) -> Response[OwnToolView]:
    """Serves within ten seconds."""
    written = await _written(db, own_tools, settings, secrets, caller, data, None)

    async def add(tx: Transaction) -> OwnToolView:
        tool_id = await store.add_tool(tx, caller, written, is_on=data.is_on)
        return _view(await store.get_tool(tx, caller.workspace_id, tool_id))

    # A key is never kept as what was sent.
    told = msgspec.to_builtins(msgspec.structs.replace(data, headers=dict.fromkeys(data.headers, "")))
    sending = Sending(caller.workspace_id, caller.owner, idempotency_key, "POST /v1/own-tools", told)
    result = await run_once(db, sending, OwnToolView, add)
    return Response(result.answer, status_code=result.status)


@post("/v1/own-tools/try", guards=ADMIN, tags=TAGS, status_code=200)
async def post_own_tool_try(
    data: OwnToolTrial,
    request: Asking,
    db: Database,
    settings: Settings,
    secrets: Secrets,
    own_tools: OwnTools,
    rates: Rates,
    caller: Caller,
) -> Tried:
    """Calls the real address once; nothing is stored, and nothing else has to be filled in yet."""
    rates.check(f"own_tool_try:{caller.workspace_id}", rate=0.5, burst=20)
    config = check_tool(as_far(data.config), settings)
    before = await _before(db, caller, read_id(data.tool_id)) if data.tool_id else None
    headers = _headers(secrets, config, data.headers, before)
    return await try_tool(
        own_tools.caller,
        config,
        headers,
        data.samples,
        today=datetime.now(UTC).date(),
        is_en=asked_language(request.headers) == "en",
    )


@get("/v1/own-tools/{id:str}", guards=ADMIN, tags=TAGS)
async def get_own_tool(id: str, db: Database, caller: Caller) -> OwnToolView:
    return _view(await _before(db, caller, read_id(id)))


@put("/v1/own-tools/{id:str}", guards=ADMIN, tags=TAGS)
async def put_own_tool(
    id: str,
    data: OwnToolBody,
    db: Database,
    settings: Settings,
    secrets: Secrets,
    own_tools: OwnTools,
    caller: Caller,
) -> OwnToolView:
    """The next version, which serves within ten seconds. 409 when somebody else changed it meanwhile."""
    before = await _before(db, caller, read_id(id))
    written = await _written(db, own_tools, settings, secrets, caller, data, before)
    async with db.transaction(caller.workspace_id) as tx:
        await store.change_tool(tx, caller, before.id, written, data.based_on)
        await store.switch_tool(tx, caller, before.id, is_on=data.is_on)
        return _view(await store.get_tool(tx, caller.workspace_id, before.id))


@put("/v1/own-tools/{id:str}/switch", guards=ADMIN, tags=TAGS)
async def put_own_tool_switch(id: str, data: OwnToolSwitch, db: Database, caller: Caller) -> OwnToolView:
    async with db.transaction(caller.workspace_id) as tx:
        await store.switch_tool(tx, caller, read_id(id), is_on=data.is_on)
        return _view(await store.get_tool(tx, caller.workspace_id, read_id(id)))


@delete("/v1/own-tools/{id:str}", guards=ADMIN, tags=TAGS)
async def delete_own_tool(id: str, db: Database, caller: Caller) -> None:
    """Its keys are forgotten."""
    async with db.transaction(caller.workspace_id) as tx:
        await store.remove_tool(tx, caller, read_id(id))


@get("/v1/own-tools/{id:str}/versions", guards=ADMIN, tags=TAGS)
async def get_own_tool_versions(id: str, db: Database, caller: Caller) -> Page[OwnToolVersionView]:
    """The newest first, at most 50."""
    async with db.transaction(caller.workspace_id) as tx:
        rows = await store.list_versions(tx, caller.workspace_id, read_id(id))
    return Page([_version(row) for row in rows], None)


@post("/v1/own-tools/{id:str}/versions/{number:int}/restoration", guards=ADMIN, tags=TAGS, status_code=200)
async def post_own_tool_restoration(
    id: str,
    number: int,
    db: Database,
    settings: Settings,
    secrets: Secrets,
    own_tools: OwnTools,
    caller: Caller,
) -> OwnToolView:
    """An earlier version serves again, as a version of its own. 400 where its server is another and wants its key anew."""
    before = await _before(db, caller, read_id(id))
    async with db.transaction(caller.workspace_id) as tx:
        config = await store.find_version(tx, caller.workspace_id, before.id, number)
    body = OwnToolBody(config)
    written = await _written(db, own_tools, settings, secrets, caller, body, before)
    async with db.transaction(caller.workspace_id) as tx:
        await store.change_tool(tx, caller, before.id, written, before.version)
        return _view(await store.get_tool(tx, caller.workspace_id, before.id))


async def _written(
    db: Database,
    own_tools: OwnTools,
    settings: Settings,
    secrets: Secrets,
    caller: Caller,
    data: OwnToolBody,
    before: StoredTool | None,
) -> Written:
    """The encoder is asked before any transaction begins. Raises 400, 422, 503."""
    config = check_tool(data.config, settings)
    config = msgspec.structs.replace(config, shop_ids=await _shops(db, caller, config.shop_ids))
    headers = _headers(secrets, config, data.headers, before)
    vectors = await own_tools.encode(config.examples)
    return Written(config, secrets.seal(msgspec.json.encode(headers)), vectors)


def _headers(
    secrets: Secrets, config: OwnToolConfig, given: dict[str, str], before: StoredTool | None
) -> dict[str, str]:
    kept = open_headers(secrets, before.secret) if before is not None else {}
    return store.keep_headers(config, given, before.config if before is not None else None, kept)


async def _before(db: Database, caller: Caller, tool_id: int) -> StoredTool:
    async with db.transaction(caller.workspace_id) as tx:
        return await store.get_tool(tx, caller.workspace_id, tool_id)


async def _shops(db: Database, caller: Caller, texts: list[str] | None) -> list[str] | None:
    """None and an empty list mean every shop. Raises 400 for one that is not ours."""
    if not texts:
        return None
    wanted = sorted({read_id(text) for text in texts[: MOST_SHOPS + 1]})
    async with db.transaction(caller.workspace_id) as tx:
        known = await tx.fetchval(
            "select count(*) from shops where workspace_id = $1 and id = any($2)", caller.workspace_id, wanted
        )
    if known != len(wanted):
        raise bad_input({"shop_ids": "没有这个店铺 / unknown shop"})
    return [show_id(one) for one in wanted]


def _view(one: StoredTool) -> OwnToolView:
    return OwnToolView(show_id(one.id), one.version, one.config, one.is_on, one.created_at, one.changed_at)


def _version(row: Any) -> OwnToolVersionView:
    return OwnToolVersionView(
        row["number"],
        msgspec.convert(row["config"], OwnToolConfig),
        show_id(row["made_by"]) if row["made_by"] is not None else None,
        row["made_by_name"],
        row["made_at"],
    )


ROUTES = [
    get_own_tools, post_own_tool, post_own_tool_try, get_own_tool, put_own_tool, put_own_tool_switch, delete_own_tool,
    get_own_tool_versions, post_own_tool_restoration,
]  # fmt: skip
