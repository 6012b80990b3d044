"""Does the knowledge answer this question? Several signals, one calibrated confidence."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from yingke.knowledge.concepts import find_said, lexicon
from yingke.knowledge.entry import Hit
from yingke.knowledge.fold import fold
from yingke.knowledge.names import name_of
from yingke.knowledge.understand import Ask

THRESHOLD = 0.5


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


def decide(
    ask: Ask, hits: Sequence[Hit], rarity: Callable[[str], float], *, threshold: float = THRESHOLD
) -> Decision:
    """Weighs each hit and keeps those that answer. `rarity` tells how much a word says (`index.words.rarity`)."""
    if not hits:
        return Decision(False, 0.0, reasons=("nothing_found",))
    weighed = sorted((weigh(ask, hit, rarity) for hit in hits), key=lambda one: -one.confidence)
    best = weighed[0]
    reasons = tuple(f"{name}={value:.2f}" for name, value in best.signals.items())
    if best.confidence < threshold:
        return Decision(False, best.confidence, reasons=reasons, missing=best.missing)
    # Further hits only where they are nearly as sure: two rows of two products, a rule and its exception.
    evidence = [one.hit for one in weighed if one.confidence >= max(threshold, best.confidence - 0.12)]
    return Decision(True, best.confidence, tuple(evidence[:3]), reasons)


def weigh(ask: Ask, hit: Hit, rarity: Callable[[str], float]) -> Weighed:
    """The confidence that this hit answers the question."""
    entry = hit.entry
    # A stored question decides by what it asks; its answer may say things nobody asked.
    told = fold(f"{entry.heading}\n{entry.document_title}\n{entry.text}\n{entry.search_text}")
    said = find_said(told)
    lacking = ask.required - said
    share = 1.0 - len(lacking) / len(ask.required) if ask.required else 0.0
    covered, absent = _coverage(ask.content, told, rarity)
    signals = {
        "vector": hit.vector_score,
        "words": hit.word_score,
        "characters": hit.char_score,
        "name": hit.name_score,
        "covered": covered,
        "concepts": share,
        "lacking": min(1.0, float(len(lacking))),
        "other_thing": _other_thing(ask, hit),
        "pair": float(entry.kind == "qa"),
    }
    names = lexicon().names
    return Weighed(hit, _confidence(signals, bool(ask.required), bool(ask.content)), signals,
                   (*(names[position] for position in sorted(lacking)), *absent))  # fmt: skip


def _coverage(content: Sequence[str], told: str, rarity: Callable[[str], float]) -> tuple[float, tuple[str, ...]]:
    """The share of the telling words, by weight, that the passage holds; a word counts half when most of it is there."""
    total = held = 0.0
    absent = []
    for word in content:
        weight = rarity(word)
        total += weight
        if word in told:
            held += weight
            continue
        part = sum(character in told for character in word) / len(word)
        held += weight * (0.5 * part if len(word) > 1 else 0.0)
        absent.append(word)
    return (held / total if total else 0.0), tuple(absent)


def _other_thing(ask: Ask, hit: Hit) -> float:
    """1.0 when the question is about one named thing and this row is about another."""
    name = fold(name_of(hit.entry.row))
    if not name or not ask.subject:
        return 0.0
    subject = fold(ask.subject)
    shared = sum(character in name for character in set(subject)) / max(1, len(set(subject)))
    return 1.0 if shared < 0.34 else 0.0


def _confidence(signals: dict[str, float], asks_concept: bool, has_content: bool) -> float:
    z = -3.4
    z += 3.2 * signals["vector"] + 1.6 * signals["words"] + 2.4 * signals["characters"] + 1.2 * signals["name"]
    if asks_concept:
        z += 2.4 * signals["concepts"] - 2.6 * signals["lacking"]
    if has_content:
        z += 1.8 * (signals["covered"] - 0.45)
    else:
        z += 0.5
    z -= 2.0 * signals["other_thing"]
    return 1.0 / (1.0 + math.exp(-z))
