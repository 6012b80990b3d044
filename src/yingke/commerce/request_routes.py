"""HTTP: what customers ask of an order, who says yes, and the rules for it."""

import secrets
from dataclasses import asdict
from typing import Annotated, Any

import msgspec
from litestar import Response, get, post, put
from litestar.params import Parameter
from msgspec import Meta, Struct

from yingke.commerce.contract import Shops
from yingke.commerce.order_routes import seen_order
from yingke.commerce.requests.ask_for import ask_for
from yingke.commerce.requests.claim_request import Asked, find_by_key
from yingke.commerce.requests.decide import approve_request, finish_request, refuse_request, withdraw_request
from yingke.commerce.requests.give_coupon import Giving, give_coupon
from yingke.commerce.requests.list_requests import list_requests
from yingke.commerce.requests.order_policy import OrderPolicy, load_policy, save_policy
from yingke.commerce.requests.request_shapes import RequestShape, RequestState, shape_request
from yingke.commerce.seen_shops import seen_shops
from yingke.commerce.shapes import RequestKind
from yingke.kit.db import Database, Transaction
from yingke.kit.errors import bad_input, not_found
from yingke.kit.ids import read_id
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller
from yingke.workspaces.require import require, require_scope
from yingke.workspaces.shapes import Page

READ = [require_scope("orders:read")]
WRITE = [require_scope("orders:write")]
POLICY_WRITE = [require(role="admin", scope="commerce:write")]
TAGS = ["orders"]
Limit = Annotated[int, Parameter(ge=1, le=200)]
Key = Annotated[str | None, Parameter(header="Idempotency-Key")]
Minor = Annotated[int, Meta(ge=0, le=10**12)]
Days = Annotated[int, Meta(ge=0, le=3650)]
MOST_DETAILS = 20


class AskedLine(Struct, forbid_unknown_fields=True):
    line: Annotated[int, Meta(ge=1, le=10_000)]
    quantity: Annotated[int, Meta(ge=1, le=10_000)]


class RequestBody(Struct, forbid_unknown_fields=True):
    """Without `items` all lines. `is_faulty`: broken or wrong, not merely unwanted. `details`: address {name, phone, region,
    detail}, invoice {title, tax_number, email}, exchange {sku}."""

    order_id: str
    kind: RequestKind
    items: Annotated[list[AskedLine], Meta(max_length=200)] = []
    amount_minor: Minor | None = None
    is_faulty: bool = False
    reason: str = ""
    details: dict[str, str] = {}
    conversation_id: str | None = None


class Refusal(Struct, forbid_unknown_fields=True):
    """What the customer may be told."""

    reason: str


class Completion(Struct, forbid_unknown_fields=True):
    """A person did it in the shop, or found that it cannot be done."""

    outcome: str = ""
    is_done: bool = True


class Recipient(Struct, forbid_unknown_fields=True):
    """Whom the coupon is for, and the conversation in which it was given."""

    contact_id: str
    conversation_id: str | None = None


class PolicyShape(Struct, forbid_unknown_fields=True):
    """`assistant_kinds`: what the assistant may ask for by itself. `approval_kinds`: what an agent always approves. Above
    `assistant_limit_minor` an agent approves, above `agent_limit_minor` an admin. Days count from delivery."""

    assistant_kinds: list[RequestKind]
    approval_kinds: list[RequestKind]
    assistant_limit_minor: Minor
    agent_limit_minor: Minor
    return_days: Days
    exchange_days: Days
    repair_days: Days
    link_days: Days


@get("/v1/order-requests", guards=READ, tags=TAGS)
async def get_requests(
    db: Database,
    caller: Caller,
    request_state: Annotated[RequestState | None, Parameter(query="state")] = None,
    kind: RequestKind | None = None,
    order_id: str | None = None,
    conversation_id: str | None = None,
    after: str | None = None,
    limit: Limit = 50,
) -> Page[RequestShape]:
    """The newest first."""
    async with db.transaction(caller.workspace_id) as tx:
        rows = await list_requests(
            tx,
            caller.workspace_id,
            await seen_shops(tx, caller),
            state=request_state,
            kind=kind,
            order_id=read_id(order_id) if order_id else None,
            conversation_id=read_id(conversation_id) if conversation_id else None,
            after=read_id(after) if after else None,
            limit=limit,
        )
    items = [shape_request(row) for row in rows[:limit]]
    return Page(items, items[-1].id if len(rows) > limit else None)


@get("/v1/order-requests/{request_id:str}", guards=READ, tags=TAGS)
async def get_one_request(request_id: str, db: Database, caller: Caller) -> RequestShape:
    return await _shown(db, caller, read_id(request_id))


@post("/v1/order-requests", guards=WRITE, tags=TAGS)
async def post_request(
    data: RequestBody, db: Database, shops: Shops, caller: Caller, idempotency_key: Key = None
) -> Response[RequestShape]:
    """Asks the shop for an agent. 409 with a code that names the rule when it cannot be; the same key gives the same."""
    if data.kind == "coupon":
        raise bad_input({"kind": "优惠券不针对订单 / a coupon is not asked of an order"})
    order_id = read_id(data.order_id)
    key = f"{caller.owner}:{idempotency_key or secrets.token_hex(12)}"
    async with db.transaction(caller.workspace_id) as tx:
        await seen_order(tx, caller, order_id)
        conversation_id = await _conversation(tx, caller, data.conversation_id)
        is_new = await find_by_key(tx, caller.workspace_id, key) is None
    asked = Asked(
        caller.workspace_id,
        data.kind,
        key,
        order_id,
        conversation_id,
        caller,
        {one.line: one.quantity for one in data.items},
        data.amount_minor,
        data.is_faulty,
        data.reason,
        _details(data.details),
    )
    request = await ask_for(db, shops, asked)
    return Response(await _shown(db, caller, request.id), status_code=201 if is_new else 200)


@post("/v1/order-requests/{request_id:str}/approval", guards=WRITE, tags=TAGS, status_code=200)
async def post_approval(request_id: str, db: Database, shops: Shops, caller: Caller) -> RequestShape:
    """403 where an admin has to, 409 `decided_already` when somebody was faster."""
    await _shown(db, caller, read_id(request_id))
    request = await approve_request(db, shops, caller, read_id(request_id))
    return await _shown(db, caller, request.id)


@post("/v1/order-requests/{request_id:str}/refusal", guards=WRITE, tags=TAGS, status_code=200)
async def post_refusal(request_id: str, data: Refusal, db: Database, caller: Caller) -> RequestShape:
    await _shown(db, caller, read_id(request_id))
    request = await refuse_request(db, caller, read_id(request_id), data.reason)
    return await _shown(db, caller, request.id)


@post("/v1/order-requests/{request_id:str}/withdrawal", guards=WRITE, tags=TAGS, status_code=200)
async def post_withdrawal(request_id: str, db: Database, caller: Caller) -> RequestShape:
    """Takes back what no shop has done yet; 409 `decided_already` otherwise."""
    await _shown(db, caller, read_id(request_id))
    request = await withdraw_request(db, caller, read_id(request_id))
    return await _shown(db, caller, request.id)


@post("/v1/order-requests/{request_id:str}/completion", guards=WRITE, tags=TAGS, status_code=200)
async def post_completion(request_id: str, data: Completion, db: Database, caller: Caller) -> RequestShape:
    """For what is open, failed or uncertain: a person has seen to it."""
    await _shown(db, caller, read_id(request_id))
    request = await finish_request(db, caller, read_id(request_id), data.outcome, is_done=data.is_done)
    return await _shown(db, caller, request.id)


@post("/v1/coupons/{coupon_id:str}/recipients", guards=WRITE, tags=TAGS)
async def post_recipient(
    coupon_id: str, data: Recipient, db: Database, caller: Caller, idempotency_key: Key = None
) -> Response[RequestShape]:
    """Gives a contact a coupon, each once: 409 `asked_already`. 403 above the limit of agents."""
    key = f"{caller.owner}:{idempotency_key or secrets.token_hex(12)}"
    async with db.transaction(caller.workspace_id) as tx:
        conversation_id = await _conversation(tx, caller, data.conversation_id)
        is_new = await find_by_key(tx, caller.workspace_id, key) is None
        contact_id = read_id(data.contact_id)
        giving = Giving(caller.workspace_id, key, read_id(coupon_id), contact_id, conversation_id, caller)
        request = await give_coupon(tx, giving)
    return Response(await _shown(db, caller, request.id), status_code=201 if is_new else 200)


@get("/v1/order-policy", guards=READ, tags=TAGS)
async def get_policy(db: Database, caller: Caller) -> PolicyShape:
    async with db.transaction(caller.workspace_id) as tx:
        return _policy(await load_policy(tx, caller.workspace_id))


@put("/v1/order-policy", guards=POLICY_WRITE, tags=TAGS)
async def put_policy(data: PolicyShape, db: Database, caller: Caller) -> PolicyShape:
    values = {name: getattr(data, name) for name in PolicyShape.__struct_fields__}
    kinds = {name: tuple(dict.fromkeys(values[name])) for name in ("assistant_kinds", "approval_kinds")}
    policy = OrderPolicy(**{**values, **kinds})
    async with db.transaction(caller.workspace_id) as tx:
        await save_policy(tx, caller.workspace_id, policy)
        await record_audit(tx, caller, "order_policy.changed", "", values)
        return _policy(policy)


async def _shown(db: Database, caller: Caller, request_id: int) -> RequestShape:
    """Raises 404, also for a request of a shop that this agent does not serve."""
    async with db.transaction(caller.workspace_id) as tx:
        shops = await seen_shops(tx, caller)
        rows = await list_requests(tx, caller.workspace_id, shops, after=request_id + 1, limit=1)
    if not rows or rows[0]["id"] != request_id:
        raise not_found()
    return shape_request(rows[0])


async def _conversation(tx: Transaction, caller: Caller, conversation_id: str | None) -> int | None:
    if conversation_id is None:
        return None
    number = read_id(conversation_id)
    row = await tx.fetchrow(
        "select shop_id from conversations where workspace_id = $1 and id = $2", caller.workspace_id, number
    )
    shops = await seen_shops(tx, caller)
    if row is None or (shops is not None and row["shop_id"] not in shops):
        raise not_found()
    return number


def _details(details: dict[str, str]) -> dict[str, Any]:
    if len(details) > MOST_DETAILS or any(len(name) > 60 or len(value) > 500 for name, value in details.items()):
        raise bad_input(
            {"details": f"最多 {MOST_DETAILS} 项，每项 500 字以内 / at most {MOST_DETAILS} of 500 characters"}
        )
    return dict(details)


def _policy(policy: OrderPolicy) -> PolicyShape:
    return msgspec.convert(asdict(policy), PolicyShape)


ROUTES = [
    get_requests,
    get_one_request,
    post_request,
    post_approval,
    post_refusal,
    post_withdrawal,
    post_completion,
    post_recipient,
    get_policy,
    put_policy,
]
