"""What may be asked of an order, by whom, and who else has to say yes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from yingke.commerce.orders.order_view import ItemView, OrderView
from yingke.commerce.requests.check_rules import Ruling, Taken, Wish, check_rules
from yingke.commerce.requests.order_policy import OrderPolicy
from yingke.commerce.requests.refusals import RequestRefused
from yingke.kit.errors import Problem

NOW = datetime(2026, 3, 10, tzinfo=UTC)
NOTHING = Taken({}, {})


def bought(**changes: Any) -> OrderView:
    values: dict[str, Any] = {
        "id": 1, "connection_id": 5, "shop_id": None, "external_id": "1", "number": "1", "buyer_external_id": None,
        "buyer_name": "", "phone": "", "email": "", "state": "delivered", "state_text": "", "currency": "CNY",
        "total_minor": 45115, "paid_minor": 45115, "amounts": {}, "address": {}, "note": "", "is_demo": False,
        "ordered_at": NOW - timedelta(days=5), "paid_at": None, "shipped_at": None,
        "delivered_at": NOW - timedelta(days=3), "seen_at": NOW,
        "items": (
            ItemView(1, "", 11, "L1", "露营灯", "", 2, 12000), ItemView(2, "", 12, "N1", "睡袋内胆", "", 1, 3900),
            ItemView(3, "", 13, "D3", "蛋卷桌", "", 1, 24605),
        ),
    }  # fmt: skip
    return OrderView(**{**values, **changes})


def rule(wish: Wish, order: OrderView | None = None, *, role: str = "assistant", **how: Any) -> Ruling:
    given = {"taken": NOTHING, "excluded": frozenset[int](), "policy": OrderPolicy(), **how}
    return check_rules(wish, order or bought(), given["taken"], given["excluded"], given["policy"], role=role, now=NOW)


def refusal(wish: Wish, order: OrderView | None = None, **how: Any) -> str:
    with pytest.raises(RequestRefused) as refused:
        rule(wish, order, **how)
    return refused.value.code


def test_a_small_return_within_seven_days_needs_nobody() -> None:
    assert rule(Wish("return", {1: 1})) == Ruling({1: 1}, 12000, None)


def test_above_the_limits_an_agent_or_an_admin_says_yes() -> None:
    assert rule(Wish("return", {3: 1})).approver == "agent"
    assert rule(Wish("return", {1: 2, 2: 1, 3: 1})).approver == "admin"
    assert rule(Wish("return", {3: 1}), role="agent").approver is None
    assert rule(Wish("return", {}), role="agent").approver == "admin"
    assert rule(Wish("return", {}), role="owner").approver is None


def test_what_the_assistant_may_not_ask_for_is_a_persons() -> None:
    assert refusal(Wish("refund", {1: 1})) == "person_needed"
    open_policy = OrderPolicy(assistant_kinds=("refund",))
    assert rule(Wish("refund", {1: 1}), policy=open_policy).approver == "agent"


def test_a_return_without_reason_is_refused_only_where_the_product_says_so() -> None:
    worn = frozenset({12})
    assert refusal(Wish("return", {2: 1}), excluded=worn) == "no_seven_days"
    assert rule(Wish("return", {2: 1}, is_faulty=True), excluded=worn).approver is None
    assert rule(Wish("return", {1: 1}), excluded=worn).approver is None


def test_after_the_days_a_person_decides_and_an_agents_wish_goes_to_an_admin() -> None:
    late = bought(delivered_at=NOW - timedelta(days=8))
    assert refusal(Wish("return", {1: 1}), late) == "too_late"
    assert rule(Wish("return", {1: 1}, is_faulty=True), late).approver is None
    assert rule(Wish("return", {1: 1}), late, role="agent").approver == "admin"
    edge = bought(delivered_at=NOW - timedelta(days=7))
    assert rule(Wish("return", {1: 1}), edge).approver is None
    assert refusal(Wish("repair", {1: 1}), bought(delivered_at=NOW - timedelta(days=366))) == "too_late"


def test_what_was_sent_is_neither_cancelled_nor_redirected_by_the_assistant() -> None:
    sent = bought(state="shipped", delivered_at=None)
    assert refusal(Wish("cancel", {}), sent) == refusal(Wish("address", {}), sent) == "wrong_order_state"
    assert refusal(Wish("return", {1: 1}), sent) == "wrong_order_state"
    waiting = bought(state="paid", delivered_at=None)
    assert rule(Wish("address", {}), waiting) == Ruling({}, None, None)
    assert rule(Wish("cancel", {}), waiting) == Ruling({}, 45115, "admin")


def test_the_same_piece_is_not_taken_back_twice() -> None:
    one = Taken({1: 1}, {}, 12000, frozenset({"return"}))
    assert rule(Wish("return", {1: 1}), taken=one).lines == {1: 1}
    assert refusal(Wish("return", {1: 2}), taken=one) == "asked_already"
    assert refusal(Wish("exchange", {}), taken=Taken({1: 2}, {})) == "asked_already"
    assert rule(Wish("repair", {1: 1}), taken=Taken({1: 2}, {})).lines == {1: 1}
    assert refusal(Wish("invoice", {}), taken=Taken({}, {}, 0, frozenset({"invoice"}))) == "asked_already"
    assert refusal(Wish("return", {1: 1}), taken=Taken({}, {}, 0, frozenset({"cancel"}))) == "asked_already"


def test_no_more_is_given_back_than_was_paid() -> None:
    policy = OrderPolicy(assistant_kinds=("refund",), approval_kinds=())
    nearly = Taken({}, {}, 40000, frozenset({"refund"}))
    assert rule(Wish("refund", {1: 1}), taken=nearly, policy=policy).amount_minor == 5115
    for amount in (0, -5, 12001):
        with pytest.raises(Problem) as refused:
            rule(Wish("refund", {1: 1}, amount_minor=amount), policy=policy)
        assert refused.value.status == 400
    assert rule(Wish("refund", {}, amount_minor=8000), policy=policy) == Ruling({}, 8000, None)


@pytest.mark.parametrize("lines", [{9: 1}, {1: 3}, {1: 0}, {1: -1}])
def test_lines_that_the_order_does_not_have_are_bad_input(lines: dict[int, int]) -> None:
    with pytest.raises(Problem) as refused:
        rule(Wish("return", lines))
    assert refused.value.status == 400


def test_a_closed_order_takes_only_an_invoice() -> None:
    assert refusal(Wish("return", {}), bought(state="refunded")) == "wrong_order_state"
    assert rule(Wish("invoice", {}), bought(state="closed")).approver is None
