"""What a rule holds for, before and after there is an answer."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from yingke.routing.rules.compiled import RuleList
from yingke.routing.rules.explain import explain
from yingke.routing.rules.facts import Facts
from yingke.routing.rules.rule import (
    AtTime,
    Condition,
    Failed,
    Feels,
    InShop,
    Intends,
    IsLevel,
    MessagesFrom,
    OnChannel,
    OrderWorth,
    Rule,
    Says,
    ToolSaid,
    Unsure,
    Writes,
)

MONDAY = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
CALM = Facts(text="我想退货", shop_id=7, now=MONDAY, is_open=False)


def rule(*conditions: Condition, **changes: Any) -> Rule:
    return Rule(**{"id": "rule1", "name": "试", "conditions": list(conditions), **changes})


@pytest.mark.parametrize(
    ("condition", "facts"),
    [
        (Says(["退货"]), {}),
        (Says(["退*货"]), {"text": "退一下货"}),
        (Says(["ＡＢＣ"]), {"text": "a b c 坏了"}),
        (Intends(["refund"]), {"intent": "refund"}),
        (Feels(["anxious"]), {"mood": "anxious"}),
        (Feels(got_worse=True), {"mood": "disappointed", "moods": ("calm", "calm")}),
        (IsLevel(["Gold"]), {"level": "gold"}),
        (OrderWorth(100_000), {"order_minor": 100_000}),
        (InShop(["7"]), {}),
        (OnChannel(["website"]), {}),
        (AtTime(hours="closed"), {}),
        (AtTime(days=[1], start="22:00", end="06:00"), {}),
        (MessagesFrom(3), {"messages": 3}),
        (Writes(["en"]), {"language": "en"}),
    ],
)
def test_a_condition_holds_for_its_facts(condition: Condition, facts: dict[str, Any]) -> None:
    found = RuleList([rule(condition)]).find(replace(CALM, **facts))
    assert found is not None


@pytest.mark.parametrize(
    ("condition", "facts"),
    [
        (Says(["退货"]), {"text": "退钱"}),
        (Says(["退*货"]), {"text": "退" + "很" * 11 + "货"}),
        (Intends(["refund"]), {"intent": None}),
        (Feels(got_worse=True), {"mood": "calm", "moods": ("angry", "calm")}),
        (IsLevel(["gold"]), {"level": None}),
        (OrderWorth(100_000), {"order_minor": None}),
        (InShop(["8"]), {}),
        (AtTime(hours="open"), {}),
        (AtTime(days=[2]), {}),
        (AtTime(start="09:00", end="22:00"), {}),
    ],
)
def test_a_condition_does_not_hold_for_others(condition: Condition, facts: dict[str, Any]) -> None:
    assert RuleList([rule(condition)]).find(replace(CALM, **facts)) is None


@pytest.mark.parametrize("condition", [Unsure(0.5), Failed(2), ToolSaid(["shop_down"])])
def test_what_only_an_answer_tells_waits_for_it(condition: Condition) -> None:
    rules = RuleList([rule(condition)])
    before = replace(CALM, confidence=0.3, failed_turns=2, outcomes=("shop_down",))
    assert rules.find(before) is None
    assert rules.find(replace(before, has_answer=True)) is not None


def test_the_first_rule_wins_and_let_answer_hides_the_rest() -> None:
    vip = rule(IsLevel(["gold"]), id="vip1", act="let_answer")
    back = rule(Says(["退货"]), id="back1")
    rules = RuleList([vip, back])
    assert rules.find(CALM) == back
    assert rules.find(replace(CALM, level="gold")) == vip
    off = rule(Says(["退货"]), id="off1", is_on=False)
    late = rule(Says(["退货"]), id="late1", starts_at=MONDAY + timedelta(days=1))
    assert RuleList([off, late]).find(CALM) is None


def test_all_or_any() -> None:
    both = [Says(["退货"]), IsLevel(["gold"])]
    assert RuleList([rule(*both)]).find(CALM) is None
    assert RuleList([rule(*both, match="any")]).find(CALM) is not None


def test_a_rule_says_itself_in_both_languages() -> None:
    said = explain(
        rule(IsLevel(["gold"]), OrderWorth(100_000), Feels(["angry"], got_worse=True), group_id="3"),
        {"group:3": ("售后组", "After-sales")},
    )
    assert (
        said[0]
        == "当客户等级是「gold」，并且订单金额不低于 1000 元，并且情绪是愤怒且比之前差时，立即转人工，交给「售后组」。"
    )
    assert said[1].startswith("When the customer's level is “gold” and the order is worth 1000 or more")


def test_a_language_is_said_by_its_name() -> None:
    said = explain(rule(Writes(["en", "ja", "tlh"])), {})
    assert said[0] == "当客户语言是英语或日语或「tlh」时，立即转人工。"
    assert "writes English or Japanese or tlh" in said[1]
