"""The second and third step: the shop is called outside any transaction, and what came of it is recorded, once."""

import asyncio
from dataclasses import dataclass
from typing import Any

import structlog

from yingke.commerce.contract import CannotByProgram, Provider, ShopDown, ShopError, ShopRefused, Shops
from yingke.commerce.orders.load_orders import get_order
from yingke.commerce.orders.order_view import OrderView
from yingke.commerce.requests.announce import CHANGED, announce
from yingke.commerce.requests.request_view import COLUMNS, RequestView, get_request, view_of
from yingke.commerce.requests.shop_order import shop_order
from yingke.commerce.shapes import Action, ActionResult, AskedItem
from yingke.kit.db import Database
from yingke.kit.jobs import Job, RetryJob

log = structlog.get_logger("order_requests")
LEASE_SECONDS = 30
MOST_SECONDS = 20
MOST_CALLS = 12
# Nobody else calls while the lease runs; from here on the call may have happened, whatever becomes of this process.
_CLAIM = f"""
update order_requests set calls = calls + 1, called_until = now() + make_interval(secs => {LEASE_SECONDS}),
  may_have_happened = true, updated_at = now()
where workspace_id = $1 and id = $2 and state = 'calling' and (called_until is null or called_until < now())
returning {COLUMNS}, (select may_have_happened from order_requests o where o.workspace_id = $1 and o.id = $2) as was_called
"""
_RECORD = f"""
update order_requests set state = $4, external_id = coalesce($5, external_id), outcome = $6, may_have_happened = $7,
  called_until = null, updated_at = now()
where workspace_id = $1 and id = $2 and calls = $3 and state = 'calling' returning {COLUMNS}
"""


@dataclass(frozen=True)
class _End:
    """What a call came to. State `calling`: try again later."""

    state: str
    words: str = ""
    external_id: str | None = None
    may_have_happened: bool = False


async def carry_on(db: Database, shops: Shops, workspace_id: int, request_id: int) -> RequestView:
    """Calls the shop if the request waits for that and nobody else is at it; returns the request as it is then.

    An earlier call that may have happened is asked about first, under the same key; a shop that can neither be asked
    nor does the same key once leaves the request `uncertain`, for a person to look.
    """
    async with db.transaction(workspace_id) as tx:
        row = await tx.fetchrow(_CLAIM, workspace_id, request_id)
        if row is None:
            return await get_request(tx, workspace_id, request_id)
        values = dict(row)
        was_called = values.pop("was_called")
        request = view_of(values)
        order = await get_order(tx, workspace_id, int(request.order_id or 0))
    try:
        # Well within the lease, so that nobody else calls while this call may still arrive.
        async with asyncio.timeout(MOST_SECONDS):
            end = await _call(shops, workspace_id, request, order, was_called)
    except TimeoutError:
        end = _End("calling", may_have_happened=True)
    async with db.transaction(workspace_id) as tx:
        told = (request.calls, end.state, end.external_id, end.words[:2000], end.may_have_happened)
        row = await tx.fetchrow(_RECORD, workspace_id, request_id, *told)
        if row is None:
            return await get_request(tx, workspace_id, request_id)
        after = view_of(row)
        if after.state != "calling":
            await announce(tx, workspace_id, after, CHANGED)
        return after


async def carry_on_later(db: Database, shops: Shops, job: Job) -> None:
    """The job behind every call: takes up what a dead process left, and tries again while the shop is down."""
    request = await carry_on(db, shops, job.workspace_id, int(job.data["order_request_id"]))
    if request.state != "calling":
        return
    if request.calls < MOST_CALLS:
        raise RetryJob(min(600.0, LEASE_SECONDS + 2.0**request.calls), "shop down")
    state = "uncertain" if request.may_have_happened else "open"
    async with db.transaction(job.workspace_id) as tx:
        words = "店铺系统一直没有回应，请人工处理。"
        row = await tx.fetchrow(
            _RECORD, job.workspace_id, request.id, request.calls, state, None, words, request.may_have_happened
        )
        if row is not None:
            await announce(tx, job.workspace_id, view_of(row), CHANGED)


async def _call(shops: Shops, workspace_id: int, request: RequestView, order: OrderView, was_called: bool) -> _End:
    """`was_called`: an earlier call may have happened."""
    if order.connection_id is None:
        return _End("open")
    try:
        provider = await shops.open(workspace_id, order.connection_id)
        if request.kind not in provider.can:
            return _End("open", "这家店铺不支持自动办理，请人工处理。")
        action = _action(request, order)
        if was_called:
            earlier = await _find_earlier(provider, action, request.idempotency_key)
            if isinstance(earlier, ActionResult):
                return _ended(earlier)
            if earlier is not None:
                return earlier
    except ShopError as error:
        # Nothing was sent now; what an earlier call did is as unknown as before.
        log.warning("shop not reached", request=request.id, cause=error.cause)
        return _End("calling", may_have_happened=was_called)
    return await _send(provider, action, request)


async def _find_earlier(provider: Provider, action: Action, key: str) -> "ActionResult | _End | None":
    """None: it may be sent (again)."""
    try:
        return await provider.find_action(action, idempotency_key=key)
    except CannotByProgram:
        if provider.repeats_safely:
            return None
        return _End("uncertain", "没有收到店铺系统的回复，不确定是否已办理，请到店铺后台核对。", may_have_happened=True)


async def _send(provider: Provider, action: Action, request: RequestView) -> _End:
    try:
        return _ended(await provider.carry_out(action, idempotency_key=request.idempotency_key))
    except ShopRefused as refused:
        return _End("failed", refused.words)
    except CannotByProgram:
        return _End("open", "这家店铺不支持自动办理，请人工处理。")
    except ShopDown as down:
        log.warning("shop down", request=request.id, cause=down.cause, may_have_happened=down.may_have_happened)
        if not down.may_have_happened:
            return _End("calling")
        earlier = await _ask_back(provider, action, request.idempotency_key)
        return _ended(earlier) if isinstance(earlier, ActionResult) else earlier
    except ShopError as error:
        log.warning("shop refused the connection", request=request.id, cause=error.cause)
        return _End("calling")


async def _ask_back(provider: Provider, action: Action, key: str) -> "ActionResult | _End":
    """The answer never came: ask once what became of it, and leave the rest to the job."""
    try:
        earlier = await _find_earlier(provider, action, key)
    except ShopError:
        return _End("calling", may_have_happened=True)
    return _End("calling", may_have_happened=True) if earlier is None else earlier


def _ended(result: ActionResult) -> _End:
    return _End("done" if result.is_done else "open", result.words, result.external_id or None)


def _action(request: RequestView, order: OrderView) -> Action:
    items = {item.line: item for item in order.items}
    asked = tuple(
        AskedItem(one["line"], one["quantity"], items[one["line"]].external_id, items[one["line"]].sku)
        for one in request.items
        if one["line"] in items
    )
    kind: Any = request.kind
    return Action(
        kind, shop_order(order), asked, request.amount_minor, request.currency, request.reason, request.details
    )
