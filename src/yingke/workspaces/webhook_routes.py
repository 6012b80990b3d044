"""Webhooks, their log and their replay over HTTP."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from litestar import Request, Response, delete, get, patch, post
from litestar.params import Parameter
from msgspec import UNSET, Meta, Struct, UnsetType

from yingke.kit.db import Database, Transaction
from yingke.kit.http import Outgoing
from yingke.kit.ids import read_id, show_id
from yingke.kit.rates import Rates
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings
from yingke.workspaces.caller import Caller
from yingke.workspaces.creating import IdempotencyKey, create_once
from yingke.workspaces.ping_webhook import ping_webhook
from yingke.workspaces.replay_webhooks import replay_delivery, replay_webhook
from yingke.workspaces.require import require_scope
from yingke.workspaces.shapes import Page
from yingke.workspaces.webhook_log import Attempt, Delivery, get_delivery, list_deliveries
from yingke.workspaces.webhooks import (
    Webhook,
    change_webhook,
    create_webhook,
    delete_webhook,
    get_webhook,
    list_webhooks,
    rotate_secret,
)

WRITE = [require_scope("webhooks:write")]
Url = Annotated[str, Meta(max_length=1000)]
Types = Annotated[list[str], Meta(max_length=100)]
DeliveryState = Literal["pending", "delivered", "dead"]
Limit = Annotated[int, Parameter(ge=1, le=200)]


class WebhookWish(Struct):
    """`types` empty = every event."""

    url: Url
    types: Types = []
    description: Annotated[str, Meta(max_length=400)] = ""


class WebhookChange(Struct):
    url: Url | None = None
    types: Types | None = None
    description: Annotated[str, Meta(max_length=400)] | None = None
    disabled: bool | None = None


class WebhookView(Struct):
    """`secret` is given once. `failures`: attempts in a row that failed."""

    id: str
    url: str
    types: list[str]
    description: str
    disabled: bool
    failures: int
    created_at: datetime
    secret: str | UnsetType = UNSET


class NewSecret(Struct):
    secret: str


class DeliveryView(Struct):
    id: str
    webhook_id: str
    event_id: str
    event_type: str
    state: DeliveryState
    attempts: int
    last_status: int | None
    next_at: datetime | None
    created_at: datetime


class AttemptView(Struct):
    created_at: datetime
    status: int | None
    error: str
    milliseconds: int
    response: str


class DeliveryDetail(Struct):
    id: str
    webhook_id: str
    event_id: str
    event_type: str
    state: DeliveryState
    last_status: int | None
    next_at: datetime | None
    created_at: datetime
    body: str
    attempts: list[AttemptView]


class PingView(DeliveryView):
    attempt: AttemptView | None


class Range(Struct, rename={"from_": "from"}):
    from_: datetime
    to: datetime


class Replayed(Struct):
    replayed: int


@get("/v1/webhooks", guards=WRITE, tags=["webhooks"])
async def get_webhooks(db: Database, caller: Caller) -> Page[WebhookView]:
    async with db.transaction(caller.workspace_id) as tx:
        return Page([_view(one) for one in await list_webhooks(tx)], None)


@post("/v1/webhooks", guards=WRITE, tags=["webhooks"])
async def post_webhook(
    data: WebhookWish,
    request: Request[Any, Any, Any],
    db: Database,
    settings: Settings,
    secrets: Secrets,
    caller: Caller,
    idempotency_key: IdempotencyKey = None,
) -> Response[WebhookView]:
    async def work(tx: Transaction) -> WebhookView:
        id, secret = await create_webhook(tx, secrets, settings, caller, data.url, data.types, data.description)
        return _view(await get_webhook(tx, id), secret)

    return await create_once(db, caller, request, data, WebhookView, work, seal=secrets)


@patch("/v1/webhooks/{id:str}", guards=WRITE, tags=["webhooks"])
async def patch_webhook(id: str, data: WebhookChange, db: Database, settings: Settings, caller: Caller) -> WebhookView:
    webhook_id = read_id(id)
    async with db.transaction(caller.workspace_id) as tx:
        await change_webhook(
            tx,
            settings,
            caller,
            webhook_id,
            url=data.url,
            types=data.types,
            description=data.description,
            disabled=data.disabled,
        )
        return _view(await get_webhook(tx, webhook_id))


@delete("/v1/webhooks/{id:str}", guards=WRITE, tags=["webhooks"])
async def delete_one_webhook(id: str, db: Database, caller: Caller) -> None:
    async with db.transaction(caller.workspace_id) as tx:
        await delete_webhook(tx, caller, read_id(id))


@post("/v1/webhooks/{id:str}/secret-rotation", guards=WRITE, status_code=200, tags=["webhooks"])
async def post_secret_rotation(id: str, db: Database, secrets: Secrets, caller: Caller) -> NewSecret:
    """For 24 hours both secrets sign."""
    async with db.transaction(caller.workspace_id) as tx:
        return NewSecret(await rotate_secret(tx, secrets, caller, read_id(id)))


@post("/v1/webhooks/{id:str}/test", guards=WRITE, status_code=200, tags=["webhooks"])
async def post_test(
    id: str, db: Database, outgoing: Outgoing, secrets: Secrets, settings: Settings, rates: Rates, caller: Caller
) -> PingView:
    """Sends a `ping` now; `attempt` says how it went."""
    delivery_id = await ping_webhook(db, outgoing, secrets, settings, rates, caller, read_id(id))
    async with db.transaction(caller.workspace_id) as tx:
        delivery, _, attempts = await get_delivery(tx, delivery_id)
    return PingView(**_fields(delivery), attempt=_attempt(attempts[-1]) if attempts else None)


@get("/v1/webhooks/{id:str}/deliveries", guards=WRITE, tags=["webhooks"])
async def get_deliveries(
    id: str,
    db: Database,
    caller: Caller,
    wanted: Annotated[DeliveryState | None, Parameter(query="state")] = None,
    after: str | None = None,
    limit: Limit = 50,
) -> Page[DeliveryView]:
    async with db.transaction(caller.workspace_id) as tx:
        items, following = await list_deliveries(tx, read_id(id), wanted, after, limit)
    return Page([DeliveryView(**_fields(one)) for one in items], following)


@post("/v1/webhooks/{id:str}/replay", guards=WRITE, status_code=200, tags=["webhooks"])
async def post_replay(id: str, data: Range, db: Database, caller: Caller) -> Replayed:
    async with db.transaction(caller.workspace_id) as tx:
        return Replayed(await replay_webhook(tx, caller, read_id(id), _aware(data.from_), _aware(data.to)))


@get("/v1/webhook-deliveries/{id:str}", guards=WRITE, tags=["webhooks"])
async def get_one_delivery(id: str, db: Database, caller: Caller) -> DeliveryDetail:
    async with db.transaction(caller.workspace_id) as tx:
        delivery, body, attempts = await get_delivery(tx, read_id(id))
    values = _fields(delivery) | {"attempts": [_attempt(one) for one in attempts]}
    return DeliveryDetail(**values, body=body)


@post("/v1/webhook-deliveries/{id:str}/replay", guards=WRITE, status_code=200, tags=["webhooks"])
async def post_delivery_replay(id: str, db: Database, caller: Caller) -> DeliveryView:
    """Sends it again, under the same webhook-id."""
    async with db.transaction(caller.workspace_id) as tx:
        await replay_delivery(tx, caller, read_id(id))
        delivery, _, _ = await get_delivery(tx, read_id(id))
    return DeliveryView(**_fields(delivery))


def _view(one: Webhook, secret: str | UnsetType = UNSET) -> WebhookView:
    return WebhookView(
        id=show_id(one.id),
        url=one.url,
        types=one.types,
        description=one.description,
        disabled=not one.is_enabled,
        failures=one.failures,
        created_at=one.created_at,
        secret=secret,
    )


def _fields(one: Delivery) -> dict[str, Any]:
    values = {name: getattr(one, name) for name in Delivery.__dataclass_fields__}
    return values | {"id": show_id(one.id), "webhook_id": show_id(one.webhook_id)}


def _attempt(one: Attempt) -> AttemptView:
    return AttemptView(one.created_at, one.status, one.error, one.milliseconds, one.answer)


def _aware(moment: datetime) -> datetime:
    """Without an offset it is UTC."""
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


ROUTES = [
    get_webhooks,
    post_webhook,
    patch_webhook,
    delete_one_webhook,
    post_secret_rotation,
    post_test,
    get_deliveries,
    post_replay,
    get_one_delivery,
    post_delivery_replay,
]
