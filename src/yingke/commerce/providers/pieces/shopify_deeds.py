"""What a customer may ask of a Shopify shop: a return, a refund, cancelling, another address.

A return and a refund carry our key in their note, so that after a lost answer it can be seen whether they were made;
an order is cancelled once by nature, and an address set twice is the same address.
"""

import hashlib
import uuid
from collections.abc import Awaitable
from decimal import Decimal
from typing import Any, Protocol

from yingke.commerce.contract import CannotByProgram, ShopRefused
from yingke.commerce.providers.pieces import shopify_queries as q
from yingke.commerce.providers.pieces.read import dig, minor, rows, text_of
from yingke.commerce.providers.pieces.shopify_read import gid, short_id
from yingke.commerce.shapes import Action, ActionResult, Order

REASONS = {"size": "SIZE_TOO_SMALL", "quality": "DEFECTIVE", "wrong": "WRONG_ITEM", "unwanted": "UNWANTED"}


class Ask(Protocol):
    def __call__(self, query: str, variables: Any = None, *, acts: bool = False) -> Awaitable[Any]: ...


async def carry_out(ask: Ask, action: Action, key: str) -> ActionResult:
    """Raises ShopRefused with the shop's words, CannotByProgram for the other kinds."""
    order = _order(action)
    if action.kind == "return":
        return await _ask_return(ask, action, order, key)
    if action.kind == "refund":
        return await _refund(ask, action, order, key)
    if action.kind == "cancel":
        return await _cancel(ask, action, order, key)
    if action.kind == "address":
        return await _change_address(ask, action, order)
    raise CannotByProgram


async def find_deed(ask: Ask, action: Action, key: str) -> ActionResult | None:
    """What became of it; None: it was never done."""
    order = _order(action)
    told = (await ask(q.DEEDS, {"id": gid("Order", order.external_id)})).get("order") or {}
    mark = _mark(key)
    if action.kind == "cancel":
        return ActionResult(True) if told.get("cancelledAt") else None
    if action.kind == "address":
        is_there = dig(told, "shippingAddress", "address1") == _text(action, "detail")
        return ActionResult(True) if is_there else None
    if action.kind == "refund":
        refund = next((one for one in rows(told.get("refunds")) if mark in text_of(one.get("note"))), None)
        return ActionResult(True, short_id(refund["id"])) if refund is not None else None
    if action.kind == "return":
        for one in rows(dig(told, "returns", "nodes")):
            notes = (text_of(line.get("customerNote")) for line in rows(dig(one, "returnLineItems", "nodes")))
            if any(mark in note for note in notes):
                return ActionResult(False, text_of(one.get("name")) or short_id(one.get("id")))
        return None
    raise CannotByProgram


async def _ask_return(ask: Ask, action: Action, order: Order, key: str) -> ActionResult:
    told = await ask(q.SHIPPED_LINES, {"id": gid("Order", order.external_id)})
    shipped: dict[str, tuple[str, int]] = {}
    for parcel in rows(dig(told, "order", "fulfillments")):
        for line in rows(dig(parcel, "fulfillmentLineItems", "nodes")):
            shipped[short_id(dig(line, "lineItem", "id"))] = (text_of(line.get("id")), int(line.get("quantity") or 1))
    wanted = {one.external_id: one.quantity for one in action.items} or {id: most for id, (_, most) in shipped.items()}
    lines = [
        {
            "fulfillmentLineItemId": shipped[id][0],
            "quantity": min(quantity, shipped[id][1]),
            "returnReason": REASONS.get(action.details.get("why", ""), "OTHER"),
            "customerNote": f"{action.reason[:200]} {_mark(key)}".strip(),
        }
        for id, quantity in wanted.items()
        if id in shipped
    ]
    if not lines:
        raise ShopRefused("这件商品还没有发货，不能申请退货。", cause="not_shipped")
    given = {"input": {"orderId": gid("Order", order.external_id), "returnLineItems": lines}}
    answer = _agreed(await ask(q.RETURN, given, acts=True), "returnRequest")
    back = answer.get("return") or {}
    return ActionResult(False, text_of(back.get("name")) or short_id(back.get("id")), text_of(back.get("status")))


async def _refund(ask: Ask, action: Action, order: Order, key: str) -> ActionResult:
    lines = [
        {"lineItemId": gid("LineItem", one.external_id), "quantity": one.quantity, "restockType": "NO_RESTOCK"}
        for one in action.items
    ]
    given = {"id": gid("Order", order.external_id), "lines": lines, "full": not lines}
    told = dig(await ask(q.SUGGESTED, given), "order", "suggestedRefund") or {}
    most = minor(dig(told, "amountSet", "shopMoney", "amount"), order.currency)
    amount = action.amount_minor if action.amount_minor is not None else most
    if amount <= 0 or amount > most:
        raise ShopRefused("可退金额不够。", cause="amount")
    places = 0 if minor(1, order.currency) == 1 else len(str(minor(1, order.currency))) - 1
    transactions, left = [], amount
    for one in rows(told.get("suggestedTransactions")):
        part = min(left, minor(dig(one, "amountSet", "shopMoney", "amount"), order.currency))
        if part > 0:
            left -= part
            transactions.append(
                {
                    "orderId": gid("Order", order.external_id),
                    "parentId": dig(one, "parentTransaction", "id"),
                    "gateway": one.get("gateway"),
                    "kind": "REFUND",
                    "amount": str(Decimal(part).scaleb(-places)),
                }
            )
    note = f"{action.reason[:200]} {_mark(key)}".strip()
    refund = {"orderId": gid("Order", order.external_id), "note": note, "notify": True, "transactions": transactions}
    if lines:
        refund["refundLineItems"] = lines
    answer = _agreed(
        await ask(q.REFUND, {"input": refund, "key": str(uuid.uuid5(uuid.NAMESPACE_URL, key))}, acts=True),
        "refundCreate",
    )
    return ActionResult(True, short_id(dig(answer, "refund", "id")))


async def _cancel(ask: Ask, action: Action, order: Order, key: str) -> ActionResult:
    given = {
        "id": gid("Order", order.external_id),
        "refund": {"originalPaymentMethodsRefund": True},
        "note": f"{action.reason[:150]} {_mark(key)}".strip(),
    }
    answer = _agreed(await ask(q.CANCEL, given, acts=True), "orderCancel", "orderCancelUserErrors")
    return ActionResult(bool(dig(answer, "job", "done")), short_id(dig(answer, "job", "id")))


async def _change_address(ask: Ask, action: Action, order: Order) -> ActionResult:
    told = (await ask(q.DEEDS, {"id": gid("Order", order.external_id)})).get("order") or {}
    before = told.get("shippingAddress") or {}
    name = _text(action, "name") or text_of(before.get("name"))
    region = _text(action, "region").split()
    address = {
        "firstName": name.rpartition(" ")[0],
        "lastName": name.rpartition(" ")[2],
        "phone": _text(action, "phone") or before.get("phone"),
        "address1": _text(action, "detail"),
        "city": region[-1] if region else before.get("city"),
        "provinceCode": action.details.get("province_code") or before.get("provinceCode"),
        "countryCode": before.get("countryCodeV2"),
        "zip": action.details.get("zip") or before.get("zip"),
    }
    given = {"input": {"id": gid("Order", order.external_id), "shippingAddress": address}}
    _agreed(await ask(q.ADDRESS, given, acts=True), "orderUpdate")
    return ActionResult(True)


def _agreed(data: Any, deed: str, errors: str = "userErrors") -> dict[str, Any]:
    answer = dig(data, deed) or {}
    said = [text_of(one.get("message")) for one in rows(answer.get(errors))]
    if said:
        raise ShopRefused("; ".join(said)[:200], cause=deed)
    return dict(answer)


def _order(action: Action) -> Order:
    if action.order is None:
        raise CannotByProgram
    return action.order


def _text(action: Action, name: str) -> str:
    return text_of(action.details.get(name))


def _mark(key: str) -> str:
    """Short enough for a note, and of no use to whoever reads it."""
    return f"[yk:{hashlib.sha256(key.encode()).hexdigest()[:16]}]"
