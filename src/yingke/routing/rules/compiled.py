"""Rules ready to be asked: words become one pattern without backtracking traps, names become sets. Pure."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

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

BAD = {"satisfied": 0, "calm": 1, "anxious": 2, "disappointed": 3, "angry": 4}
Test = Callable[[Facts], bool]


@dataclass(frozen=True, slots=True)
class _Compiled:
    rule: Rule
    tests: tuple[Test, ...]

    def holds(self, facts: Facts) -> bool:
        held = (test(facts) for test in self.tests)
        return all(held) if self.rule.match == "all" else any(held)


class RuleList:
    """In the merchant's order. A few microseconds a rule."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        self._compiled = tuple(_Compiled(rule, tuple(map(_test, rule.conditions))) for rule in rules)

    def find(self, facts: Facts) -> Rule | None:
        """The first rule that holds. Before there is an answer, rules that need one are not asked, and one of them that
        stands above a match does not hide it; let_answer hides what stands below it."""
        for one in self._compiled:
            rule = one.rule
            if not rule.is_on or rule.needs_answer > facts.has_answer or not _is_valid(rule, facts):
                continue
            if one.holds(facts):
                return rule
        return None


def _is_valid(rule: Rule, facts: Facts) -> bool:
    return (rule.starts_at is None or rule.starts_at <= facts.now) and (
        rule.ends_at is None or facts.now < rule.ends_at
    )


def _test(condition: Condition) -> Test:
    match condition:
        case Says(words):
            pattern = re.compile("|".join(map(_pattern, words)))
            return lambda facts: bool(pattern.search(plain(facts.text)))
        case Intends(intents):
            return lambda facts: facts.intent in intents
        case Feels(moods, got_worse):
            return lambda facts: (not moods or facts.mood in moods) and (not got_worse or _got_worse(facts))
        case Unsure(below):
            return lambda facts: facts.confidence is not None and facts.confidence < below
        case IsLevel(levels):
            wanted = {level.casefold() for level in levels}
            return lambda facts: facts.level is not None and facts.level.casefold() in wanted
        case OrderWorth(from_minor):
            return lambda facts: facts.order_minor is not None and facts.order_minor >= from_minor
        case InShop(shop_ids):
            return lambda facts: str(facts.shop_id) in shop_ids
        case OnChannel(channels):
            return lambda facts: facts.channel in channels
        case AtTime():
            return lambda facts: _is_time(condition, facts)
        case Failed(turns):
            return lambda facts: facts.failed_turns >= turns
        case ToolSaid(outcomes):
            return lambda facts: any(one in outcomes for one in facts.outcomes)
        case MessagesFrom(count):
            return lambda facts: facts.messages >= count
        case Writes(languages):
            return lambda facts: facts.language in languages


def plain(text: str) -> str:
    """Width, case and spaces do not matter."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).casefold())


def _pattern(word: str) -> str:
    """Everything literal but `*`: at most ten characters, so that no text can make it slow."""
    return ".{0,10}".join(re.escape(part) for part in re.split(r"\*+", plain(word)))


def _got_worse(facts: Facts) -> bool:
    if facts.mood is None or not facts.moods:
        return False
    return BAD.get(facts.mood, 1) > min(BAD.get(mood, 1) for mood in facts.moods)


def _is_time(wanted: AtTime, facts: Facts) -> bool:
    if wanted.hours is not None and facts.is_open is not (wanted.hours == "open"):
        return False
    if wanted.days and facts.now.isoweekday() not in wanted.days:
        return False
    if wanted.start is None or wanted.end is None:
        return True
    clock = f"{facts.now:%H:%M}"
    if wanted.start <= wanted.end:
        return wanted.start <= clock < wanted.end
    return clock >= wanted.start or clock < wanted.end
