"""Which group a conversation belongs to and how soon it is due, from what is known of it. Pure: no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yingke.routing.queue_rules import Mark, QueueRules


@dataclass(frozen=True)
class Facts:
    """What is known of a conversation when a person is wanted. `order_minor`: the order it is about, in minor units."""

    shop_id: int
    reason: str = ""
    intent: str | None = None
    mood: str | None = None
    level: str | None = None
    order_minor: int | None = None


@dataclass(frozen=True)
class Group:
    """Empty `shop_ids`, `intents` or `marks` ask for nothing. `weights`: agent → weight."""

    id: int
    name: str
    shop_ids: frozenset[int]
    intents: frozenset[str]
    marks: frozenset[str]
    is_fallback: bool
    weights: Mapping[int, int]


@dataclass(frozen=True)
class Judgement:
    """`group` None: everybody of the shop. `intent` is set where it decided."""

    group: Group | None
    priority: int
    marks: tuple[Mark, ...]
    intent: str | None


def judge(facts: Facts, groups: Sequence[Group], rules: QueueRules) -> Judgement:
    """The most particular group whose every wish is met; otherwise the fallback group, otherwise nobody's own.

    A group without members takes nothing.
    """
    marks = marks_of(facts, rules)
    fitting = [group for group in groups if group.weights and not group.is_fallback and _fits(group, facts, marks)]
    fallback = [group for group in groups if group.weights and group.is_fallback]
    chosen = max(fitting, key=lambda group: (_particular(group), -group.id), default=next(iter(fallback), None))
    return Judgement(chosen, rules.steps(marks), marks, facts.intent if chosen is not None and chosen.intents else None)


def marks_of(facts: Facts, rules: QueueRules) -> tuple[Mark, ...]:
    """What makes the conversation urgent, the strongest first."""
    vip = {level.casefold() for level in rules.vip_levels}
    large = rules.large_order_minor
    found: dict[Mark, bool] = {
        "danger": facts.reason.startswith("danger"),
        "angry": facts.reason == "angry" or facts.mood == "angry",
        "vip": facts.level is not None and facts.level.strip().casefold() in vip,
        "complaint": facts.reason == "complaint" or facts.intent == "complaint",
        "large_order": large is not None and facts.order_minor is not None and facts.order_minor >= large,
        "asked": facts.reason == "asked",
    }
    return tuple(mark for mark in rules.marks if found[mark])


def _fits(group: Group, facts: Facts, marks: Sequence[Mark]) -> bool:
    return (
        (not group.shop_ids or facts.shop_id in group.shop_ids)
        and (not group.intents or facts.intent in group.intents)
        and (not group.marks or not group.marks.isdisjoint(marks))
    )


def _particular(group: Group) -> int:
    return 4 * bool(group.marks) + 2 * bool(group.intents) + bool(group.shop_ids)
