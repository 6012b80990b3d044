"""The order of models over HTTP: set, switched, taken back; and what a new endpoint may begin with."""

from datetime import datetime
from typing import Any

from litestar import Request, get, post, put
from msgspec import Struct

from yingke.kit.asked_language import asked_language
from yingke.kit.db import Database
from yingke.kit.ids import read_id, show_id
from yingke.models.lineup import list_lineups, reorder_endpoints, restore_lineup, switch_to
from yingke.models.presets import PRESETS
from yingke.models.quirks import find_quirk
from yingke.models.switchboard import Switchboard
from yingke.workspaces.caller import Caller
from yingke.workspaces.require import require
from yingke.workspaces.shapes import Page

Asking = Request[Any, Any, Any]
ADMIN = [require(role="admin")]
TAGS = ["models"]


class PresetPriceView(Struct):
    """Minor units for a million tokens, as the provider's page said when it was read: to be checked."""

    model: str
    currency: str
    price_in: int
    price_cached: int
    price_out: int


class ModelPresetView(Struct):
    """`unverified`: what no page of the provider told."""

    kind: str
    name: str
    base_url: str
    key_hint: str
    models: list[str]
    lists_models: bool
    needs_key: bool
    prices: list[PresetPriceView]
    sources: list[str]
    unverified: list[str]


class ModelOrderWish(Struct):
    ids: list[str]


class ModelLineupView(Struct):
    """`reason`: created, changed, deleted, reordered, switched, restored. `answering`: who answered customers first."""

    version: int
    reason: str
    endpoint_id: str | None
    agent_name: str | None
    created_at: datetime
    answering: list[str]


class RestoredLineupView(Struct):
    """`missing` are deleted since and stay so; `keyless` moved to another host since and need their key again."""

    version: int
    missing: list[str]
    keyless: list[str]


@get("/v1/model-presets", guards=ADMIN, tags=TAGS)
async def get_presets(request: Asking) -> list[ModelPresetView]:
    language = asked_language(request.headers)
    views = []
    for preset in PRESETS:
        quirk = find_quirk(preset.base_url, preset.kind)
        views.append(
            ModelPresetView(
                **preset.as_data(language),
                prices=[PresetPriceView(*price) for price in preset.prices],
                sources=list(quirk.sources),
                unverified=list(quirk.unverified),
            )
        )
    return views


@put("/v1/model-endpoints/order", guards=ADMIN, tags=TAGS, status_code=204)
async def put_order(data: ModelOrderWish, db: Database, switchboard: Switchboard, caller: Caller) -> None:
    """All endpoints, first asked first."""
    async with db.transaction(caller.workspace_id) as tx:
        await reorder_endpoints(tx, caller, [read_id(one) for one in data.ids])
    switchboard.forget(caller.workspace_id)


@post("/v1/model-endpoints/{id:str}/switch", guards=ADMIN, tags=TAGS, status_code=200)
async def post_switch(id: str, db: Database, switchboard: Switchboard, caller: Caller) -> ModelLineupView:
    """This endpoint answers customers first from now on; the others stay behind it."""
    async with db.transaction(caller.workspace_id) as tx:
        version = await switch_to(tx, caller, read_id(id))
        row = (await list_lineups(tx, caller.workspace_id, version + 1, 1))[0]
    switchboard.forget(caller.workspace_id)
    return _show(row)


@get("/v1/model-lineups", guards=ADMIN, tags=TAGS)
async def get_lineups(db: Database, caller: Caller, after: int | None = None, limit: int = 20) -> Page[ModelLineupView]:
    """Newest first."""
    limit = min(max(limit, 1), 100)
    async with db.transaction(caller.workspace_id) as tx:
        rows = await list_lineups(tx, caller.workspace_id, after, limit + 1)
    views = [_show(row) for row in rows[:limit]]
    return Page(views, str(views[-1].version) if len(rows) > limit else None)


@post("/v1/model-lineups/{version:int}/restoration", guards=ADMIN, tags=TAGS, status_code=200)
async def post_restoration(version: int, db: Database, switchboard: Switchboard, caller: Caller) -> RestoredLineupView:
    """Back to how it was, as a new version."""
    async with db.transaction(caller.workspace_id) as tx:
        restored = await restore_lineup(tx, caller, version)
    switchboard.forget(caller.workspace_id)
    return RestoredLineupView(restored.version, list(restored.missing), list(restored.keyless))


def _show(row: Any) -> ModelLineupView:
    return ModelLineupView(
        version=row["version"],
        reason=row["reason"],
        endpoint_id=show_id(row["endpoint_id"]) if row["endpoint_id"] is not None else None,
        agent_name=row["agent_name"],
        created_at=row["created_at"],
        answering=[
            f"{one['name']} · {one['model']}"
            for one in row["endpoints"]
            if one["is_enabled"] and "answer" in one["purposes"]
        ],
    )


ROUTES = [get_presets, put_order, post_switch, get_lineups, post_restoration]
