"""Does the knowledge answer this question? Several signals, one calibrated confidence, three ways to go on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from yingke.knowledge.answering.signals import (
    Rarity,
    lacking_concepts,
    read_ask,
    read_overlap,
    read_signals,
    read_surroundings,
)
from yingke.knowledge.answering.sureness import by_rules, most_sure, sureness
from yingke.knowledge.concepts import lexicon
from yingke.knowledge.entry import Hit
from yingke.knowledge.understand import Ask

THRESHOLD = 0.5
ASK_BACK = 0.4
"""From this share of the threshold on, the nearest questions are offered; below, only a person."""
_WEIGHED = 9
_LOOKED_AT = 4
_USUAL = 0.5
"""The search score of a stored question that just about means what is asked."""

Band = Literal["answer", "ask_back", "hand_over"]


@dataclass(frozen=True, slots=True)
class Decision:
    """`evidence` are the hits to answer from, best first; `missing` are what the best one lacks.

    `signals` are the best hit's, for the trace; `band` what to do below sure.
    """

    answer: bool
    confidence: float
    evidence: tuple[Hit, ...] = ()
    missing: tuple[str, ...] = ()
    signals: dict[str, float] = field(default_factory=dict)
    threshold: float = THRESHOLD
    best: Hit | None = None

    @property
    def band(self) -> Band:
        if self.answer:
            return "answer"
        return "ask_back" if self.confidence >= ASK_BACK * self.threshold else "hand_over"


@dataclass(frozen=True, slots=True)
class Weighed:
    """One hit with its confidence and the signals behind it."""

    hit: Hit
    confidence: float
    signals: dict[str, float] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


def decide(ask: Ask, hits: Sequence[Hit], rarity: Rarity, *, threshold: float = THRESHOLD) -> Decision:
    """Weighs the hits and keeps those that answer; `rarity` is `index.words.rarity`. About 0.2 ms."""
    if not hits:
        return Decision(False, 0.0, threshold=threshold)
    weighed = weigh(ask, hits, rarity, threshold)
    best = weighed[0]
    if best.confidence < threshold:
        return Decision(False, best.confidence, (), best.missing, best.signals, threshold, best.hit)
    floor = _floor(ask, threshold, best.confidence)
    evidence = tuple(one.hit for one in weighed if one.confidence >= floor)[:3]
    return Decision(True, best.confidence, evidence, (), best.signals, threshold, best.hit)


def weigh(ask: Ask, hits: Sequence[Hit], rarity: Rarity, threshold: float | None = None) -> list[Weighed]:
    """The hits by their confidence, surest first. Those that the rules put far behind are not looked at closely; nor,
    with a `threshold`, those that can then neither be the surest nor answer beside it."""
    named = max([hit.name_score for hit in hits], default=0.0)
    asks_concept, has_content = bool(ask.concepts), bool(ask.content)
    asked = read_ask(ask, rarity)
    ruled = []
    for hit in hits[:_WEIGHED]:
        signals, absent = read_signals(asked, hit, named)
        ruled.append((by_rules(signals, asks_concept, has_content), hit, signals, absent))
    ruled.sort(key=lambda one: -one[0])
    around = read_surroundings(hits)
    weighed: list[Weighed] = []
    best = 0.0
    for rules, hit, signals, absent in ruled[:_LOOKED_AT]:
        about = {"density": around["density"], "alike": around["questions"] * (hit.score - _USUAL)}
        if threshold is not None and most_sure(about, rules) < min(best, _floor(ask, threshold, best)):
            continue
        signals |= read_overlap(asked, hit)
        signals |= about
        missing = (*_lacking(ask, hit), *absent)
        weighed.append(Weighed(hit, sureness(signals, rules), signals, missing))
        best = max(best, weighed[-1].confidence)
    return sorted(weighed, key=lambda one: -one.confidence)


def _floor(ask: Ask, threshold: float, best: float) -> float:
    """Further hits answer only where they are nearly as sure: two rows of two products, a rule and its exception."""
    return threshold if ask.wants_rules else max(threshold, _below(best))


def _lacking(ask: Ask, hit: Hit) -> list[str]:
    lacking = lacking_concepts(ask, hit.reading)
    return [lexicon().names[position] for position in sorted(lacking)] if lacking else []


def _below(confidence: float) -> float:
    """A confidence clearly lower than this one, also near 1 where plain differences vanish."""
    odds = confidence / (1.0 - min(confidence, 1.0 - 1e-9))
    return odds / (odds + 2.2)
