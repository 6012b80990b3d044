"""The assistant's tools in an agent's hands: the same limits, and an order opens without the phone's tail, on record."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, cast

from yingke.assistants import tools
from yingke.assistants.tools.contract import Session, Tool, ToolResult, WrongArguments
from yingke.assistants.tools.give_coupon import GiveCoupon
from yingke.assistants.tools.open_order import OpenOrder
from yingke.assistants.tools.pieces.arguments import read_text
from yingke.assistants.tools.pieces.belt import ToolBelt
from yingke.assistants.tools.pieces.show_order import order_card, parcel_card, show_moment, show_order, show_parcel
from yingke.assistants.tools.pieces.who import who_is
from yingke.assistants.tools.request_change import KINDS, RequestChange
from yingke.assistants.tools.track_order import TrackOrder
from yingke.commerce.money import show_money
from yingke.commerce.order_numbers import number_key
from yingke.commerce.order_routes import seen_order
from yingke.commerce.orders.link_order import link_order
from yingke.commerce.orders.order_view import OrderView
from yingke.commerce.orders.track_order import track_order
from yingke.commerce.requests.ask_for import ask_for
from yingke.commerce.requests.claim_request import Asked
from yingke.commerce.requests.give_coupon import Giving, give_coupon
from yingke.commerce.requests.refusals import RequestRefused
from yingke.commerce.shapes import RequestKind
from yingke.kit.db import Transaction
from yingke.kit.errors import not_found
from yingke.kit.plug_ins import load_plug_ins
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller

_COUPON = (
    "select id from coupons where workspace_id = $1 and is_enabled and lower($2) in (lower(name), lower(code))"
    " and (ends_at is null or ends_at > now()) order by id desc limit 1"
)
_BY_NUMBER = "select id, number from orders where workspace_id = $1 and number_key = $2 order by id desc limit 5"


async def find_seen_order(tx: Transaction, session: Session, caller: Caller, number: str) -> OrderView:
    """By number, for an agent who serves its shop; linked to the conversation and on record. Raises 404."""
    for row in await tx.fetch(_BY_NUMBER, session.workspace_id, number_key(number)):
        order = await seen_order(tx, caller, row["id"])
        await link_order(tx, session.workspace_id, session.conversation_id, order.id, "by_hand")
        data = {"number": order.number, "conversation_id": str(session.conversation_id)}
        await record_audit(tx, caller, "order.opened_by_tool", f"order:{order.id}", data)
        return order
    raise not_found()


class AgentOpensOrder(OpenOrder):
    """Without the phone's tail: the agent answers for it."""

    says = ("按订单号打开一笔订单，并关联到这段会话；查看会记入审计。", "Open an order by its number and link it to this conversation; kept in the audit log.")  # fmt: skip
    parameters: ClassVar[dict[str, Any]] = {
        "type": "object",
        "properties": {"number": {"type": "string"}},
        "required": ["number"],
    }

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def run(self, session: Session, arguments: Mapping[str, Any], step: int) -> ToolResult:
        number = read_text(arguments, "number", 64)
        async with session.db.transaction(session.workspace_id) as tx:
            order = await find_seen_order(tx, session, self._caller, number)
        shown = show_order(order, session)
        return ToolResult({"order": shown}, cards=(order_card(shown),))


class AgentTracksOrder(TrackOrder):
    says = ("按订单号查物流，最新进展以快递公司为准。", "Track an order's parcels by its number, as the carrier tells.")
    parameters: ClassVar[dict[str, Any]] = AgentOpensOrder.parameters

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def run(self, session: Session, arguments: Mapping[str, Any], step: int) -> ToolResult:
        """`as_of` when this is older than the question."""
        number = read_text(arguments, "number", 64)
        async with session.db.transaction(session.workspace_id) as tx:
            order = await find_seen_order(tx, session, self._caller, number)
        tracked = await track_order(session.db, session.shops, session.workspace_id, order.id)
        shown = show_order(tracked.order, session)
        parcels = [show_parcel(one, session) for one in tracked.order.parcels]
        is_old = not tracked.is_live and order.connection_id is not None and bool(parcels)
        return ToolResult(
            {"order": shown, "parcels": parcels, "as_of": show_moment(tracked.as_of, session) if is_old else None},
            cards=tuple(parcel_card(shown, one) for one in parcels),
        )


class AgentRequestsChange(RequestChange):
    """Asked in the agent's own name: his limit, and the approval above it, as when he asks on the order's page."""

    says = ("替客户向店铺提申请：退货、换货、退款、维修、取消、开发票；超出权限的会等审批。", "Ask the shop for a return, exchange, refund, repair, cancellation or invoice; above your limit it waits for approval.")  # fmt: skip
    parameters: ClassVar[dict[str, Any]] = {
        "type": "object",
        "properties": {
            "number": {"type": "string"},
            "kind": {"type": "string", "enum": [kind for kind in KINDS if kind != "address"]},
            "reason": {"type": "string"},
            "is_faulty": {"type": "boolean"},
        },
        "required": ["number", "kind", "reason"],
    }

    def __init__(self, caller: Caller, key: str) -> None:
        self._caller = caller
        self._key = key

    async def run(self, session: Session, arguments: Mapping[str, Any], step: int) -> ToolResult:
        """Once for the Idempotency-Key of the call."""
        number, reason = read_text(arguments, "number", 64), read_text(arguments, "reason", 500)
        kind = arguments.get("kind")
        if kind not in KINDS:
            raise WrongArguments(f"kind must be one of {', '.join(KINDS)}")
        async with session.db.transaction(session.workspace_id) as tx:
            order = await find_seen_order(tx, session, self._caller, number)
        asked = Asked(
            session.workspace_id,
            cast(RequestKind, kind),
            self._key,
            order.id,
            session.conversation_id,
            self._caller,
            reason=reason,
            is_faulty=arguments.get("is_faulty") is True,
        )
        try:
            request = await ask_for(session.db, session.shops, asked)
        except RequestRefused as refused:
            return ToolResult({"why": refused.sentence(session.language)}, problem=refused.code)
        amount = show_money(request.amount_minor, request.currency, session.language) if request.amount_minor else None
        return ToolResult(
            {
                "id": str(request.id),
                "number": order.number,
                "kind": kind,
                "state": request.state,
                "amount": amount,
                "outcome": request.outcome,
            }
        )


class AgentGivesCoupon(GiveCoupon):
    """Any coupon that is on, also to a customer who is not signed in; within the agent's limit."""

    says = ("送客户一张优惠券，每人一次；超出您的额度要由管理员送。", "Give the customer a coupon, once each; above your limit an admin has to.")  # fmt: skip
    parameters: ClassVar[dict[str, Any]] = {
        "type": "object",
        "properties": {"coupon": {"type": "string"}},
        "required": ["coupon"],
    }

    def __init__(self, caller: Caller, key: str) -> None:
        self._caller = caller
        self._key = key

    async def run(self, session: Session, arguments: Mapping[str, Any], step: int) -> ToolResult:
        """By name or code, once for the Idempotency-Key of the call."""
        called = read_text(arguments, "coupon", 100)
        async with session.db.transaction(session.workspace_id) as tx:
            who = await who_is(tx, session.workspace_id, session.conversation_id)
            coupon_id = await tx.fetchval(_COUPON, session.workspace_id, called)
            if who.contact_id is None or coupon_id is None:
                raise not_found()
            giving = Giving(
                session.workspace_id, self._key, coupon_id, who.contact_id, session.conversation_id, self._caller
            )
            try:
                given = await give_coupon(tx, giving)
            except RequestRefused as refused:
                return ToolResult({"why": refused.sentence(session.language)}, problem=refused.code)
        return ToolResult({"name": given.details["name"], "state": given.state})


def agent_belt(session: Session, caller: Caller, key: str, made: Sequence[Tool] = ()) -> ToolBelt:
    """Every tool of the assistants, those about orders in the agent's own name, and those that the merchant `made`.
    `key` makes a change happen once."""
    own: dict[str, Tool] = {
        "open_order": AgentOpensOrder(caller),
        "track_order": AgentTracksOrder(caller),
        "request_change": AgentRequestsChange(caller, key),
        "give_coupon": AgentGivesCoupon(caller, key),
    }
    found: list[Tool] = [tool() for tool in load_plug_ins(tools, Tool)]  # type: ignore[type-abstract]
    return ToolBelt(session, [*(own.get(tool.name, tool) for tool in found if tool.is_for_agents), *made])
