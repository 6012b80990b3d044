"""The first of three steps: the request becomes a row, once for its key, after the rules have been asked."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from yingke.commerce.orders.load_orders import get_order
from yingke.commerce.orders.open_order import open_orders
from yingke.commerce.orders.order_view import OrderView
from yingke.commerce.requests.announce import CREATED, announce, audit
from yingke.commerce.requests.check_rules import TAKES_LINES, Ruling, Taken, Wish, check_rules
from yingke.commerce.requests.order_policy import load_policy
from yingke.commerce.requests.refusals import asked_already, not_open_here, person_needed
from yingke.commerce.requests.request_view import COLUMNS, RequestView, view_of
from yingke.commerce.shapes import RequestKind
from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input, conflict
from yingke.kit.jobs import enqueue
from yingke.kit.text import clean_text
from yingke.workspaces.caller import Caller

CARRY_ON = "order_request"
LATER = "select now() + interval '45 seconds'"
_LIVE = ("waiting_approval", "calling", "open", "done", "uncertain")
_INSERT = f"""
insert into order_requests (workspace_id, order_id, conversation_id, contact_id, kind, items, amount_minor, currency, reason,
  details, state, idempotency_key, asked_by, agent_id, approver)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
on conflict (workspace_id, idempotency_key) do nothing returning {COLUMNS}
"""


@dataclass(frozen=True)
class Asked:
    """`key` comes from (message, step) of the assistant, or is the Idempotency-Key of an agent.

    `caller` None is the assistant: then `conversation_id` is whose customer asks, and the order must be open there.
    """

    workspace_id: int
    kind: RequestKind
    key: str
    order_id: int | None
    conversation_id: int | None = None
    caller: Caller | None = None
    lines: dict[int, int] = field(default_factory=dict)
    amount_minor: int | None = None
    is_faulty: bool = False
    reason: str = ""
    details: dict[str, Any] = field(default_factory=dict)


async def claim_request(tx: Transaction, asked: Asked) -> RequestView:
    """The request as it is now, new or made before under this key. Raises RequestRefused, 400, 404, 409.

    Its order is locked meanwhile, so that of many at once for the same goods one is made.
    """
    if asked.order_id is None or asked.kind == "coupon":
        raise bad_input({"kind": "请用领券接口 / coupons are given, not asked of an order"})
    if asked.caller is None and not await _is_open_here(tx, asked):
        raise not_open_here()
    await tx.fetchval(
        "select id from orders where workspace_id = $1 and id = $2 for update", asked.workspace_id, asked.order_id
    )
    if earlier := await find_by_key(tx, asked.workspace_id, asked.key):
        return _same(earlier, asked)
    order = await get_order(tx, asked.workspace_id, asked.order_id)
    ruling = await _rule(tx, asked, order)
    return await _insert(tx, asked, order, ruling)


async def find_by_key(tx: Transaction, workspace_id: int, key: str) -> RequestView | None:
    row = await tx.fetchrow(
        f"select {COLUMNS} from order_requests where workspace_id = $1 and idempotency_key = $2", workspace_id, key
    )
    return view_of(row) if row is not None else None


async def _is_open_here(tx: Transaction, asked: Asked) -> bool:
    if asked.conversation_id is None:
        return False
    orders = await open_orders(tx, asked.workspace_id, asked.conversation_id)
    return any(one.id == asked.order_id for one in orders)


def _same(earlier: RequestView, asked: Asked) -> RequestView:
    if (earlier.kind, earlier.order_id) != (asked.kind, asked.order_id):
        raise conflict(
            "idempotency_key_reused",
            "这个 Idempotency-Key 已用于另一份申请，请换一个新的。",
            "This Idempotency-Key was used for another request. Use a new one.",
        )
    return earlier


async def _rule(tx: Transaction, asked: Asked, order: OrderView) -> Ruling:
    policy = await load_policy(tx, asked.workspace_id)
    products = [item.product_id for item in order.items if item.product_id is not None]
    excluded = await tx.fetch(
        "select id from products where workspace_id = $1 and id = any($2) and no_seven_days",
        asked.workspace_id,
        products,
    )
    role = _role(asked)
    if role is None:
        raise person_needed()
    return check_rules(
        Wish(asked.kind, asked.lines, asked.amount_minor, asked.is_faulty),
        order,
        await _taken(tx, asked.workspace_id, order.id),
        frozenset(row["id"] for row in excluded),
        policy,
        role=role,
        now=await tx.fetchval("select now()"),
    )


def _role(asked: Asked) -> str | None:
    """A program acts with an agent's right."""
    if asked.caller is None:
        return "assistant"
    return "agent" if asked.caller.role == "program" else asked.caller.role


async def _taken(tx: Transaction, workspace_id: int, order_id: int) -> Taken:
    rows = await tx.fetch(
        "select kind, items, amount_minor from order_requests where workspace_id = $1 and order_id = $2 and state = any($3)",
        workspace_id,
        order_id,
        list(_LIVE),
    )
    pieces: dict[int, int] = defaultdict(int)
    repairs: dict[int, int] = defaultdict(int)
    for row in rows:
        into = repairs if row["kind"] == "repair" else pieces
        for item in row["items"] if row["kind"] in (*TAKES_LINES, "repair") else []:
            into[item["line"]] += item["quantity"]
    refunded = sum(row["amount_minor"] or 0 for row in rows)
    return Taken(pieces, repairs, refunded, frozenset(row["kind"] for row in rows))


async def _insert(tx: Transaction, asked: Asked, order: OrderView, ruling: Ruling) -> RequestView:
    state = "waiting_approval" if ruling.approver else state_after_yes(order)
    contact_id = await tx.fetchval(
        "select i.contact_id from conversations c join identities i on i.workspace_id = c.workspace_id"
        " and i.id = c.identity_id where c.workspace_id = $1 and c.id = $2",
        asked.workspace_id,
        asked.conversation_id,
    )
    row = await tx.fetchrow(
        _INSERT,
        asked.workspace_id,
        order.id,
        asked.conversation_id,
        contact_id,
        asked.kind,
        [{"line": line, "quantity": quantity} for line, quantity in sorted(ruling.lines.items())],
        ruling.amount_minor,
        order.currency,
        clean_text(asked.reason, 1000, field="reason"),
        {**asked.details, **({"is_faulty": True} if asked.is_faulty else {})},
        state,
        asked.key,
        "assistant" if asked.caller is None else "agent",
        asked.caller.agent_id if asked.caller else None,
        ruling.approver,
    )
    if row is None:
        # The key was used at the same moment for another order, which was locked by somebody else.
        raise asked_already()
    request = view_of(row)
    await announce(tx, asked.workspace_id, request, CREATED)
    await audit(tx, asked.caller or assistant_of(asked.workspace_id), request, "created")
    if state == "calling":
        await call_later(tx, asked.workspace_id, request.id)
    return request


def state_after_yes(order: OrderView) -> str:
    """A connected shop is called; in the built-in one a person does it."""
    return "calling" if order.connection_id is not None else "open"


async def call_later(tx: Transaction, workspace_id: int, request_id: int) -> None:
    """The job that goes on where this process may die; it finds nothing to do when all went well."""
    run_at = await tx.fetchval(LATER)
    await enqueue(
        tx,
        workspace_id,
        kind=CARRY_ON,
        lane=f"order_request:{request_id}",
        ref=str(request_id),
        data={"order_request_id": request_id},
        run_at=run_at,
    )


def assistant_of(workspace_id: int) -> Caller:
    """Who acts in the audit log when no person and no program did."""
    return Caller(workspace_id, None, None, "assistant")
