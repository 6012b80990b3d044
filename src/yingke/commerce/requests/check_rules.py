"""Whether a request fits the order and the rules of the shop. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from yingke.commerce.orders.order_view import OrderView
from yingke.commerce.requests.order_policy import OrderPolicy
from yingke.commerce.requests.refusals import (
    RequestRefused,
    asked_already,
    no_seven_days,
    person_needed,
    too_late,
    wrong_state,
)
from yingke.commerce.shapes import RequestKind
from yingke.kit.errors import bad_input

Approver = Literal["agent", "admin"]
NEEDS_LINES = ("return", "exchange", "repair")
TAKES_LINES = ("return", "exchange", "refund")
_OVER = ("cancelled", "closed", "refunded")
_NOT_SENT = ("unpaid", "paid")


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for, in terms of the order. `lines`: line → pieces. `is_faulty`: not merely changed their mind."""

    kind: RequestKind
    lines: Mapping[int, int]
    amount_minor: int | None = None
    is_faulty: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """What earlier requests for the same order, not refused or withdrawn, already cover."""

    pieces: Mapping[int, int]
    repairs: Mapping[int, int]
    refunded_minor: int = 0
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Ruling:
    """`amount_minor` is what the shop would pay back; None where no money moves."""

    lines: dict[int, int]
    amount_minor: int | None
    approver: Approver | None


def check_rules(
    wish: Wish,
    order: OrderView,
    taken: Taken,
    excluded: frozenset[int],
    policy: OrderPolicy,
    *,
    role: str,
    now: datetime,
) -> Ruling:
    """`role` is "assistant", or that of the agent; `excluded` are product ids without the seven days.

    Raises RequestRefused, 400 for lines that the order does not have. What only a deadline forbids an agent may still
    ask for: an admin approves.
    """
    if role == "assistant" and wish.kind not in policy.assistant_kinds:
        raise person_needed()
    if order.state in _OVER and wish.kind != "invoice":
        raise wrong_state("订单已关闭或已退款，不能再申请。", "The order is closed or refunded already.")
    lines = _lines(wish, order)
    _check_taken(wish, order, lines, taken)
    exceptional = _deadline(wish, order, lines, excluded, policy, now)
    if exceptional is not None and role == "assistant":
        raise exceptional
    amount = _amount(wish, order, lines, taken)
    return Ruling(lines, amount, _approver(wish, amount, policy, role, exceptional is not None))


def _lines(wish: Wish, order: OrderView) -> dict[int, int]:
    """Those named, or all where the kind is about goods."""
    if wish.kind not in (*NEEDS_LINES, "refund"):
        return {}
    there = {item.line: item.quantity for item in order.items}
    if not wish.lines:
        return there if wish.kind != "refund" or wish.amount_minor is None else {}
    for line, quantity in wish.lines.items():
        if line not in there or not 1 <= quantity <= there[line]:
            raise bad_input({"items": "订单里没有这么多 / not that many in the order"})
    return dict(wish.lines)


def _check_taken(wish: Wish, order: OrderView, lines: dict[int, int], taken: Taken) -> None:
    if wish.kind in ("cancel", "address", "invoice") and wish.kind in taken.kinds:
        raise asked_already()
    if "cancel" in taken.kinds and wish.kind != "invoice":
        raise asked_already()
    covered = taken.repairs if wish.kind == "repair" else taken.pieces
    there = {item.line: item.quantity for item in order.items}
    if any(quantity + covered.get(line, 0) > there[line] for line, quantity in lines.items()):
        raise asked_already()


def _deadline(
    wish: Wish, order: OrderView, lines: dict[int, int], excluded: frozenset[int], policy: OrderPolicy, now: datetime
) -> RequestRefused | None:
    """What speaks against it, though a person may decide otherwise."""
    if wish.kind in ("cancel", "address"):
        if order.state not in _NOT_SENT:
            return wrong_state("订单已发货，需要人工处理。", "The order was sent already; a person has to look at it.")
        return None
    if wish.kind not in NEEDS_LINES:
        return None
    if order.delivered_at is None:
        return wrong_state("订单还没有签收，签收后可以申请。", "The order was not delivered yet; ask again after that.")
    if wish.kind == "return" and not wish.is_faulty:
        own = {item.line: item for item in order.items}
        for line in lines:
            if own[line].product_id in excluded:
                return no_seven_days(own[line].title)
    days = {"return": policy.exchange_days if wish.is_faulty else policy.return_days, "exchange": policy.exchange_days}
    allowed = days.get(wish.kind, policy.repair_days)
    return too_late(allowed) if now > order.delivered_at + timedelta(days=allowed) else None


def _amount(wish: Wish, order: OrderView, lines: dict[int, int], taken: Taken) -> int | None:
    """Never more than what was paid and not given back yet."""
    paid = order.total_minor if order.paid_minor is None else order.paid_minor
    left = max(paid - taken.refunded_minor, 0)
    if wish.kind == "cancel":
        return left
    if wish.kind not in ("return", "refund"):
        return None
    prices = {item.line: item.price_minor for item in order.items}
    worth = sum(prices[line] * quantity for line, quantity in lines.items())
    if wish.amount_minor is None:
        return min(worth, left)
    if not 0 < wish.amount_minor <= (min(worth, left) if lines else left):
        raise bad_input({"amount_minor": "超过可退的金额 / more than can be refunded"})
    return wish.amount_minor


def _approver(wish: Wish, amount: int | None, policy: OrderPolicy, role: str, is_exceptional: bool) -> Approver | None:
    if role in ("admin", "owner"):
        return None
    if is_exceptional or (amount or 0) > policy.agent_limit_minor:
        return "admin"
    if role == "assistant" and (wish.kind in policy.approval_kinds or (amount or 0) > policy.assistant_limit_minor):
        return "agent"
    return None
