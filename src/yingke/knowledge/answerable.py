"""Does the knowledge answer this question? Several signals, one calibrated confidence."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from yingke.knowledge.concepts import lexicon
from yingke.knowledge.entry import Hit, Reading
from yingke.knowledge.ranges import fits_ranges
from yingke.knowledge.understand import Ask

THRESHOLD = 0.5
_WEIGHED = 9
_UNTOUCHED = 0.3


@dataclass(frozen=True, slots=True)
class Decision:
    """`evidence` are the hits to answer from, best first; `reasons` are for the trace, `missing` for the sentence."""

    answer: bool
    confidence: float
    evidence: tuple[Hit, ...] = ()
    reasons: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Weighed:
    """One hit with its confidence and the signals behind it."""

    hit: Hit
    confidence: float
    signals: dict[str, float] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


def decide(ask: Ask, hits: Sequence[Hit], rarity: Callable[[str], float], *, threshold: float = THRESHOLD) -> Decision:
    """Weighs each hit and keeps those that answer. `rarity` tells how much a word says (`index.words.rarity`)."""
    if not hits:
        return Decision(False, 0.0, reasons=("nothing_found",))
    named = max((hit.name_score for hit in hits), default=0.0)
    weighed = sorted((weigh(ask, hit, rarity, named) for hit in hits[:_WEIGHED]), key=lambda one: -one.confidence)
    best = weighed[0]
    reasons = tuple(f"{name}={value:.2f}" for name, value in best.signals.items())
    if best.confidence < threshold:
        return Decision(False, best.confidence, reasons=reasons, missing=best.missing)
    # Further hits only where they are nearly as sure: two rows of two products, a rule and its exception.
    floor = threshold if ask.wants_rules else max(threshold, _below(best.confidence))
    evidence = [one.hit for one in weighed if one.confidence >= floor]
    return Decision(True, best.confidence, tuple(evidence[:3]), reasons)


def _below(confidence: float) -> float:
    """A confidence clearly lower than this one, also near 1 where plain differences vanish."""
    odds = confidence / (1.0 - min(confidence, 1.0 - 1e-9))
    return odds / (odds + 2.2)


def weigh(ask: Ask, hit: Hit, rarity: Callable[[str], float], best_name: float = 0.0) -> Weighed:
    """The confidence that this hit answers the question; `best_name` is the highest name score among its rivals."""
    reading = hit.reading
    lacking: frozenset[int] = frozenset()
    if not (ask.wants_rules and ask.required & reading.said):
        lacking = ask.required - reading.said
    hinted = lacking & reading.hinted
    needed = len(ask.required)
    share = _concept_share(ask, reading.said) + (0.4 * len(hinted) / needed if needed else 0.0)
    covered, absent = _coverage(ask, reading, rarity)
    signals = {
        "vector": hit.vector_score,
        "words": min(1.0, hit.word_score),
        "characters": min(1.0, hit.char_score),
        "name": hit.name_score,
        "covered": covered,
        "concepts": share,
        "lacking": min(1.0, len(lacking) - 0.5 * len(hinted)),
        "echo": _echo(ask, reading.told),
        "titled": len(ask.required & reading.titled) / needed if needed else 0.0,
        "unheard": float(covered < _UNTOUCHED and _is_unheard(ask, rarity)),
        "other_thing": float(bool(reading.name) and best_name >= 0.6 and hit.name_score < best_name - 0.25),
        "other_code": float(any(code not in reading.told for code in ask.exact)),
        "range": fits_ranges(ask.figures, reading.ranges),
        "pair": float(hit.entry.kind == "qa"),
    }
    names = lexicon().names
    return Weighed(hit, _confidence(signals, bool(ask.concepts), bool(ask.content)), signals,
                   (*(names[position] for position in sorted(lacking)), *absent))  # fmt: skip


def _concept_share(ask: Ask, said: frozenset[int]) -> float:
    needed = lexicon().required
    weights = {position: 1.0 if needed[position] else 0.6 for position in ask.concepts}
    total = sum(weights.values())
    return sum(weight for position, weight in weights.items() if position in said) / total if total else 0.0


def _echo(ask: Ask, told: str) -> float:
    """The share of asked concepts that the passage names in the very words of the question."""
    if not ask.concepts:
        return 0.0
    return sum(any(literal in told for literal in found) for found in ask.concepts.values()) / len(ask.concepts)


def _is_unheard(ask: Ask, rarity: Callable[[str], float]) -> bool:
    """True when the price or make of a thing is asked whose name stands nowhere in the knowledge."""
    if ask.subject or not any(lexicon().of_thing[position] for position in ask.required):
        return False
    nowhere = rarity("")
    return any(len(word) > 1 for word in ask.content) and all(rarity(word) >= nowhere for word in ask.content)


def _coverage(ask: Ask, reading: Reading, rarity: Callable[[str], float]) -> tuple[float, tuple[str, ...]]:
    """The share of the telling words, by weight, that the passage holds; a word partly there counts half."""
    told, head = reading.told, reading.head
    total = held = 0.0
    absent = []
    for word in ask.content:
        weight = rarity(word)
        total += weight
        if word in told:
            held += weight
            continue
        if head and head in word:
            held += 0.8 * weight
            continue
        part = sum(character in told for character in word) / len(word)
        held += weight * (0.5 * part if len(word) > 1 else 0.0)
        absent.append(word)
    return (held / total if total else 0.0), tuple(absent)


def _confidence(signals: dict[str, float], asks_concept: bool, has_content: bool) -> float:
    if signals["pair"]:
        z = _of_pair(signals)
        if signals["titled"] == 1.0 and not has_content and signals["echo"] < 1.0:
            # Asks for the very same in other words and names nothing else: nearly as a passage under that title.
            z = max(z, _of_passage(signals, asks_concept, has_content) - 0.8)
    else:
        z = _of_passage(signals, asks_concept, has_content)
    z += 1.5 * signals["range"] - 2.0 * signals["other_thing"] - 4.0 * signals["other_code"]
    return 1.0 / (1.0 + math.exp(-z))


def _of_pair(signals: dict[str, float]) -> float:
    """A stored question answers what means the same: the vector leads."""
    return (
        -5.3
        + 6.5 * signals["vector"]
        + 1.1 * (signals["words"] + signals["characters"])
        + 1.6 * signals["covered"]
        + 0.9 * (signals["concepts"] + signals["echo"])
        - 1.4 * signals["lacking"]
    )


def _of_passage(signals: dict[str, float], asks_concept: bool, has_content: bool) -> float:
    """Rows and prose rarely look like a question: what they speak of leads."""
    z = -3.4
    z += (0.5 if has_content else 1.2) * signals["titled"]
    z += 3.2 * signals["vector"] + 1.6 * signals["words"] + 2.4 * signals["characters"] + 1.2 * signals["name"]
    if asks_concept:
        z += 2.4 * signals["concepts"] - 2.6 * signals["lacking"] + 0.6 * signals["echo"]
    if has_content:
        return z + 1.8 * (signals["covered"] - 0.45) - 3.0 * signals["unheard"]
    return z + (0.9 if asks_concept else -1.4)
