"""What speaks for and against one passage as the answer to one question."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from yingke.knowledge.concepts import lexicon
from yingke.knowledge.entry import Hit, Reading
from yingke.knowledge.fold import fold
from yingke.knowledge.ranges import fits_ranges
from yingke.knowledge.terms import all_words
from yingke.knowledge.understand import Ask

Rarity = Callable[[str], float]
"""How much a word says in this knowledge; "" gives the value of a word that stands nowhere (`index.words.rarity`)."""

_UNTOUCHED = 0.3
_NEAREST = 5
_CANDIDATES = 12
_SAME_MATTER = 0.75


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what is the same for every passage: how much each of its words and concepts counts."""

    ask: Ask
    rarity: Rarity
    words: tuple[tuple[str, float], ...]
    concepts: tuple[tuple[int, float], ...]
    is_unheard: bool
    literals: tuple[tuple[str, ...], ...]
    """The very words that asked for each concept."""
    line: str
    """All its words in one."""
    shares: tuple[tuple[str, float], ...]
    """Each of them with what it counts; all together one."""


def read_ask(ask: Ask, rarity: Rarity) -> Asked:
    remembered = _Remembered(rarity).__getitem__
    needed = lexicon().required
    own, line = _cut(ask.search)
    return Asked(
        ask,
        rarity,
        tuple((word, remembered(word)) for word in ask.content),
        tuple((position, 1.0 if needed[position] else 0.6) for position in ask.concepts),
        _is_unheard(ask, remembered),
        tuple(ask.concepts.values()),
        line,
        _shares(own, remembered),
    )


def read_signals(asked: Asked, hit: Hit, best_name: float = 0.0) -> tuple[dict[str, float], tuple[str, ...]]:
    """Shares and scores, nearly all in 0..1, and the telling words that the passage does not hold. `best_name` is the
    highest name score among the hit's rivals."""
    ask, reading = asked.ask, hit.reading
    needed = len(ask.required)
    lacking = lacking_concepts(ask, reading) if needed else ask.required
    hinted = lacking & reading.hinted if lacking else lacking
    covered, absent = _coverage(asked.words, reading) if asked.words else (0.0, ())
    signals = {
        "vector": hit.vector_score,
        "words": min(1.0, hit.word_score),
        "characters": min(1.0, hit.char_score),
        "name": hit.name_score,
        "covered": covered,
        "concepts": (_concept_share(asked.concepts, reading.said) if asked.concepts else 0.0)
        + (0.4 * len(hinted) / needed if hinted else 0.0),
        "lacking": min(1.0, len(lacking) - 0.5 * len(hinted)),
        "echo": _echo(asked.literals, reading.told) if asked.literals else 0.0,
        "titled": len(ask.required & reading.titled) / needed if needed else 0.0,
        "unheard": float(covered < _UNTOUCHED and asked.is_unheard),
        "other_thing": float(bool(reading.name) and best_name >= 0.6 and hit.name_score < best_name - 0.25),
        "other_code": float(bool(ask.exact) and any(code not in reading.told for code in ask.exact)),
        "range": fits_ranges(ask.figures, reading.ranges),
        "pair": float(hit.entry.kind == "qa"),
    }
    return signals, absent


def read_overlap(asked: Asked, hit: Hit) -> dict[str, float]:
    """`shared`: how much of the whole question stands in what the passage is found by; `returned`: of a pair, how
    much of its own question stands in the one asked. Costlier than the others: for the best few only."""
    ask = asked.ask
    stored, line = _cut(hit.entry.search_text)
    shared = _held(asked.shares, line)
    returned = _held(_shares(stored, asked.rarity), asked.line) if hit.entry.kind == "qa" else 0.0
    if not ask.content and ask.required and ask.required <= hit.reading.titled:
        # Nothing is asked but what the passage is about: other words for the same are no difference.
        shared, returned = max(shared, _SAME_MATTER), max(returned, _SAME_MATTER * (hit.entry.kind == "qa"))
    return {"shared": shared, "returned": returned}


def read_surroundings(hits: Sequence[Hit]) -> dict[str, float]:
    """Of a knowledge of nearly nothing but questions; nought in other knowledge, and without vectors.

    `density`: how near the nearest passages lie on the whole: far for a stranger's question. `questions`: the share of
    what was found that this kind of knowledge makes up, 0..1.
    """
    nearest = sorted((hit.plain_score for hit in hits), reverse=True)[:_NEAREST]
    pairs = sum(hit.entry.kind == "qa" for hit in hits) / max(len(hits), _CANDIDATES)
    if nearest[0] <= 0.0:
        return {"density": 0.0, "questions": 0.0}
    share = max(0.0, 8.0 * pairs - 7.0)
    return {"density": share * (sum(nearest) / len(nearest) - 0.55), "questions": share}


def lacking_concepts(ask: Ask, reading: Reading) -> frozenset[int]:
    """Asked concepts without which no passage can answer, and which this one does not say."""
    if ask.wants_rules and ask.required & reading.said:
        return frozenset()
    return ask.required - reading.said


def _coverage(words: Sequence[tuple[str, float]], reading: Reading) -> tuple[float, tuple[str, ...]]:
    """The share of the telling words, by weight, that the passage holds (a word partly there counts half), and those
    that it does not."""
    told, head = reading.told, reading.head
    total = held = 0.0
    absent = []
    for word, weight in words:
        total += weight
        if word in told:
            held += weight
            continue
        if head and head in word:
            held += 0.8 * weight
            continue
        absent.append(word)
        if len(word) > 1:
            held += weight * (0.5 * sum([character in told for character in word]) / len(word))
    return (held / total if total else 0.0), tuple(absent)


def _concept_share(concepts: Sequence[tuple[int, float]], said: frozenset[int]) -> float:
    total = held = 0.0
    for position, weight in concepts:
        total += weight
        if position in said:
            held += weight
    return held / total


def _echo(literals: Sequence[tuple[str, ...]], told: str) -> float:
    """The share of asked concepts that the passage names in the very words of the question."""
    named = 0
    for each in literals:
        for literal in each:
            if literal in told:
                named += 1
                break
    return named / len(literals)


def _is_unheard(ask: Ask, rarity: Rarity) -> bool:
    """True when the price or make of a thing is asked whose name stands nowhere in the knowledge."""
    if ask.subject or not any(lexicon().of_thing[position] for position in ask.required):
        return False
    nowhere = rarity("")
    return any(len(word) > 1 for word in ask.content) and all(rarity(word) >= nowhere for word in ask.content)


@lru_cache(maxsize=4096)
def _cut(text: str) -> tuple[tuple[str, ...], str]:
    """The words of a text, each once, and all of them in one line; passages come again and again."""
    words = all_words(fold(text[:400]))
    return tuple(dict.fromkeys(words)), "".join(words)


def _shares(words: Sequence[str], rarity: Rarity) -> tuple[tuple[str, float], ...]:
    weights = [rarity(word) for word in words]
    total = sum(weights) or 1.0
    return tuple([(word, weight / total) for word, weight in zip(words, weights, strict=True)])


def _held(shares: Sequence[tuple[str, float]], line: str) -> float:
    """What of them stands in `line`; of a word that does not, half of what its characters there make up."""
    held = 0.0
    for word, share in shares:
        if word in line:
            held += share
        elif len(word) > 1:
            held += 0.5 * share * sum([character in line for character in word]) / len(word)
    return held


class _Remembered(dict[str, float]):
    """The worth of the words of one question: each passage is asked about the same ones."""

    def __init__(self, rarity: Rarity) -> None:
        self._rarity = rarity

    def __missing__(self, word: str) -> float:
        found = self[word] = self._rarity(word)
        return found
