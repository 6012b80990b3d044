"""A workspace's goods in memory: found by name, by need and by what is written of them, without a query."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from yingke.assistants.goods.aspects import Aspect, aspects_of
from yingke.assistants.goods.likeness import Likeness
from yingke.assistants.goods.measured import is_said, measured
from yingke.assistants.goods.own_names import colours_of, noun_of, own_thing, own_words_of, short_names
from yingke.assistants.goods.things_in import is_alone, things_in
from yingke.assistants.goods.uses import kinds_for
from yingke.commerce.finding.need import Need
from yingke.commerce.words.cut import class_spans, fold, known_spans, people_spans
from yingke.commerce.words.own_words import OWN, OwnWords

_SENTENCES = re.compile(r"[。；;！!\n]+")
_DEGREES = re.compile(r"(-?\d+(?:\.\d+)?)\s*(?:℃|°c?|度)", re.IGNORECASE)
_LATIN = re.compile(r"[a-z0-9]{2,}")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]{2,}")
MOST_SENTENCES = 8
LOOKED_AT = 40
"""How many goods are weighed closely, where a shop has more."""
FOR_THAT = 0.25
"""What it counts that a thing is of a kind for what somebody wants to do."""
WHOLE_NEED = 2.5
"""What a need weighs at least: one trait alone is not all of it."""
ABOUT = 0.4
"""What it counts that a line is about what was asked, beside how near its words are (a cosine)."""
SHORTEST_TITLE = 4
"""Characters; a shorter one may be part of any word."""
SHARED = 0.12
"""And each pair of characters that stands in both, two at most."""


@dataclass(frozen=True, slots=True)
class Line:
    """Something that the shop writes of a thing; `name` is empty for a sentence of its description."""

    name: str
    text: str

    @property
    def whole(self) -> str:
        return f"{self.name} {self.text}" if self.name else self.text


@dataclass(frozen=True)
class Good:
    """One product as it is written; price and stock are asked for live. `shop_ids` None: of every shop."""

    id: int
    title: str
    code: str
    category: str
    lines: tuple[Line, ...]
    shop_ids: tuple[int, ...] | None = None
    price_minor: int = 0
    """Of the cheapest variant when the shelf was read: enough to tell 「便宜的那个」, never to be said."""
    variants: tuple[str, ...] = ()
    """What sets its variants apart: 苔绿, M."""

    @cached_property
    def things(self) -> frozenset[str]:
        """Its kind, as its name says it; where the name says none that is known, its own noun and what its category says."""
        if known := things_in(self.title):
            return known
        own = {own_thing(self.noun)} if self.noun else set()
        return frozenset(own | things_in(self.category))

    @cached_property
    def short(self) -> tuple[str, ...]:
        """How people may shorten its title."""
        return tuple(short_names(self.title))

    @cached_property
    def colours(self) -> frozenset[str]:
        """What its variants alone are called."""
        return colours_of(self.variants)

    @cached_property
    def noun(self) -> str:
        """What its name calls it, where no vocabulary knows that."""
        return "" if things_in(self.title) else noun_of(self.title, self.category)

    @cached_property
    def tokens(self) -> frozenset[str]:
        """Of all that is written: things, traits, colours, for how many."""
        said = fold(" ".join([self.title, self.category, *(line.whole for line in self.lines)]))
        return frozenset(token for token, _, _ in (*class_spans(said), *people_spans(said)))

    @cached_property
    def called(self) -> str:
        """Its title as texts are folded to be looked through."""
        return fold(self.title)

    @cached_property
    def pieces(self) -> frozenset[str]:
        """Pairs of characters, and words of other letters, of its title."""
        return pieces_of(f"{self.title} {self.code}")

    @cached_property
    def head(self) -> str:
        """The last pair of characters of what it is called: 套锅 of 2–3 人套锅."""
        named = [phrase for token, phrase, _ in known_spans(self.called) if token[0] == "t" and len(phrase) > 1]
        if named or self.noun:
            return (named[-1] if named else self.noun)[-2:]
        run = _HAN_RUN.search(self.called)
        return run[0][-2:] if run is not None else ""

    @cached_property
    def people(self) -> int:
        """For how many at most, as its name or the property of that says; 0 where nothing is told."""
        told = [line.text for line in self.lines if line.name and "people" in aspects_of(line.name)]
        counts = [int(token[2:]) for text in (self.title, *told) for token, _, _ in people_spans(fold(text))]
        return max(counts, default=0)

    def figure(self, aspect: Aspect) -> float | None:
        """What the shop writes of it as a number, in the smallest unit; None for words without one."""
        told = [line.text for line in self.lines if line.name and aspect.name in aspects_of(line.name)]
        found = [value for text in told if (value := measured(text)) is not None]
        return found[0] if found else None

    @cached_property
    def degrees(self) -> float | None:
        """Down to which temperature it is meant, in ℃, where the shop says so."""
        told = [line.text for line in self.lines if "warmth" in aspects_of(line.name)]
        found = [match for text in told if (match := _DEGREES.search(fold(text)))]
        return float(found[0][1]) if found else None


@dataclass(frozen=True, slots=True)
class Fact:
    good: Good
    line: Line
    score: float
    is_asked_for: bool
    """The line is about what the question asks; otherwise its words are merely near."""


@dataclass(frozen=True, slots=True)
class Near:
    """`score`: how near the need is to what is written of the thing, about −0.2 … 1.5; `meets`: the share of what was
    said in known words (things, traits, for how many) that is written of it, 0 … 1."""

    good: Good
    score: float
    meets: float


@dataclass(eq=False)
class Shelf:
    """`vectors`: one row of length one for each line of each good, in order; `titles` likewise one for each good."""

    goods: tuple[Good, ...]
    vectors: NDArray[np.float32]
    titles: NDArray[np.float32]
    starts: tuple[int, ...] = field(default=())
    """Where each good's lines begin in `vectors`, and the end."""
    likeness: Likeness | None = None
    """The same for all shelves; None where it was not read."""

    def prepare(self) -> None:
        """Works out what the first question would otherwise wait for."""
        for good in self.goods:
            _ = good.tokens, good.degrees, good.called, good.colours
        _ = self.by_id, self._by_thing, self._rarity, self._by_beginning, self.own_words

    @cached_property
    def own_words(self) -> OwnWords | None:
        """What this shop alone calls its goods and their colours."""
        nouns = [good.noun for good in self.goods if good.noun]
        variants = {one for good in self.goods for one in good.variants}
        return own_words_of(nouns, self._short, variants)

    @cached_property
    def _short(self) -> dict[str, str]:
        """What one good alone is called for short, and its token."""
        counted = Counter(short for good in self.goods for short in good.short)
        return {short: own_thing(short) for short, count in counted.items() if count == 1}

    @cached_property
    def by_id(self) -> dict[int, int]:
        return {good.id: at for at, good in enumerate(self.goods)}

    @cached_property
    def _by_piece(self) -> dict[str, list[int]]:
        return _index(good.pieces for good in self.goods)

    @cached_property
    def _by_thing(self) -> dict[str, list[int]]:
        return _index(self._things)

    @cached_property
    def _things(self) -> tuple[frozenset[str], ...]:
        """Of each good its kinds, and what it alone is called for short."""
        return tuple(
            good.things | {self._short[one] for one in good.short if one in self._short} for good in self.goods
        )

    @cached_property
    def _rarity(self) -> dict[str, float]:
        return {piece: float(np.log(1 + len(self.goods) / len(places))) for piece, places in self._by_piece.items()}

    @cached_property
    def _whole_names(self) -> tuple[float, ...]:
        return tuple(sum(self._rarity[piece] for piece in good.pieces) for good in self.goods)

    @cached_property
    def _heads(self) -> frozenset[str]:
        return frozenset(good.head for good in self.goods)

    @cached_property
    def _codes(self) -> dict[str, Good]:
        return {fold(good.code): good for good in self.goods if good.code}

    def has_kind(self, token: str) -> bool:
        """A kind of thing as the vocabulary names it: t:灯."""
        return token in self._by_thing

    def coded(self, folded: str) -> Good | None:
        """The good of that article number."""
        return self._codes.get(folded)

    def in_names(self, pair: str) -> bool:
        """Two characters stand side by side in the name of a good."""
        return pair in self._by_piece

    def is_head(self, pair: str) -> bool:
        """A name ends with them, so that they call the thing and not a property of it."""
        return pair in self._heads

    def get(self, ids: Iterable[str | int]) -> list[Good]:
        """Unknown ids are left out."""
        return [self.goods[self.by_id[int(one)]] for one in ids if int(one) in self.by_id]

    def named(self, text: str, need: Need, shop_id: int | None, focus: Sequence[Good] = ()) -> list[Good]:
        """The goods that `text` calls by their kind or by most of their name; of each kind those that fit what is said
        beside it. A piece of a name alone (「羽绒的呢」) means something of the kinds in `focus`.
        """
        titled = self.titled(text, shop_id)
        if titled is not None and is_alone(fold(text).replace(titled.called, " ")):
            return [titled]
        said, things, people = pieces_of(text), set(need.tokens("t:")), set(need.tokens("p:", "q:"))
        kinds = things or {token for good in focus for token in good.things}
        places = {at for piece in said for at in self._by_piece.get(piece, ())} if not things else set()
        places |= {at for kind in kinds for at in self._by_thing.get(kind, ())}
        of_kind: dict[str, list[tuple[float, Good]]] = {}
        for at in sorted(places):
            good = self.goods[at]
            if not _is_of(good, shop_id):
                continue
            by_name = sum(self._rarity[piece] for piece in good.pieces & said)
            fits = by_name + 1.5 * len(people & good.tokens)
            if things:
                for token in things & self._things[at]:
                    of_kind.setdefault(token, []).append((fits, good))
            elif kinds & good.things and fits >= self._least:
                of_kind.setdefault("", []).append((fits, good))
            elif by_name > 0.6 * self._whole_names[at]:
                of_kind.setdefault("name", []).append((fits, good))
        found: dict[int, Good] = {}
        for several in of_kind.values():
            best = max(score for score, _ in several)
            found |= {good.id: good for score, good in sorted(several, key=lambda one: -one[0]) if score >= best - 0.9}
        return list(found.values()) or ([] if focus else self._coloured(need, shop_id))

    def _coloured(self, need: Need, shop_id: int | None) -> list[Good]:
        """The one good that has a colour or number of that name: 「玫瑰色的剩几支」."""
        said = set(need.tokens(f"c:{OWN}"))
        having = [good for good in self.goods if said & good.colours and _is_of(good, shop_id)] if said else []
        return having if len(having) == 1 else []

    def titled(self, text: str, shop_id: int | None) -> Good | None:
        """The good whose whole title stands in `text`, whatever else is like it; None where several stand there."""
        said = fold(text)
        found: dict[str, Good] = {}
        for at in range(len(said) - 1):
            for good in self._by_beginning.get(said[at : at + 2], ()):
                if said.startswith(good.called, at) and _is_of(good, shop_id):
                    found[good.called] = good
        whole = [good for title, good in found.items() if not any(title != one and title in one for one in found)]
        return whole[0] if len(whole) == 1 else None

    @cached_property
    def _by_beginning(self) -> dict[str, list[Good]]:
        beginnings: dict[str, list[Good]] = {}
        for good in self.goods:
            if len(good.called) >= SHORTEST_TITLE:
                beginnings.setdefault(good.called[:2], []).append(good)
        return beginnings

    @property
    def _least(self) -> float:
        """A piece of a name tells something only where few share it."""
        return float(np.log(1 + len(self.goods) / 3)) if len(self.goods) > 3 else 0.5

    def near(
        self, vector: NDArray[np.float32], text: str, need: Need, shop_id: int | None, degrees: float | None
    ) -> list[Near]:
        """The goods of the shop by how well they meet a need, the best first; of many those whose words are nearest."""
        scores, names, said = self.vectors @ vector, self.titles @ vector, pieces_of(text)
        high = np.maximum.reduceat(scores, self.starts[:-1])
        kinds = self.kinds_meant(vector, text)
        told = [one for one in need.concepts if one.token[:2] in ("t:", "p:", "q:", "c:")]
        weights = max(sum(one.weight for one in told), WHOLE_NEED)
        by_words = np.maximum(high, names)
        places = set(np.argsort(-by_words)[:LOOKED_AT].tolist()) | {
            at for one in said for at in self._by_piece.get(one, ())[:LOOKED_AT]
        }
        places |= {at for kind in kinds for at in self._by_thing.get(kind, ())[:LOOKED_AT]}
        found = []
        for at in places:
            good = self.goods[at]
            if not _is_of(good, shop_id):
                continue
            own = scores[self.starts[at] : self.starts[at + 1]]
            second = float(np.partition(own, -2)[-2]) if own.size > 1 else float(high[at])
            meets = sum(one.weight for one in told if one.token in good.tokens) / weights
            shares = min(sum(self._rarity[piece] for piece in said & good.pieces), 3.0) / 3.0
            score = 0.7 * float(by_words[at]) + 0.3 * max(second, float(names[at])) + 0.35 * meets + 0.2 * shares
            score += FOR_THAT * bool(kinds & good.things) + _warm_enough(good, degrees)
            found.append(Near(good, score, max(meets, float(bool(kinds & good.things)))))
        return sorted(found, key=lambda one: -one.score)

    def kinds_meant(self, vector: NDArray[np.float32], text: str, *, wants: bool = False) -> frozenset[str]:
        """Kinds of things that this shop has for what is told: by its words, or by sentences that are like it."""
        told = kinds_for(fold(text))
        if not told and self.likeness is not None:
            told = self.likeness.kinds(vector, self.has_kind, wants=wants)
        return frozenset(kind for kind in told if self.has_kind(kind))

    def called(self, good: Good, text: str) -> list[Fact]:
        """The lines of `good` whose own name is said: R值, 果径, 孕期."""
        said = fold(text)
        return [Fact(good, line, 1.0, True) for line in good.lines if line.name and is_said(line.name, said)]

    def facts(
        self, good: Good, vector: NDArray[np.float32] | None, asked: Sequence[Aspect], text: str = ""
    ) -> list[Fact]:
        """What is written of `good`, the likeliest answer first. `vector` None: the encoder is away.

        Words of `text` that stand in a line and in no name of the good make it likelier.
        """
        said = pieces_of(text) - good.pieces - pieces_of(good.category)
        at = self.by_id[good.id]
        own = self.vectors[self.starts[at] : self.starts[at + 1]]
        near = own @ vector if vector is not None else np.zeros(len(own), dtype=np.float32)
        wanted = {one.name for one in asked}
        found = []
        for line, score in zip(good.lines, near, strict=True):
            by_name = bool(wanted & aspects_of(line.name)) if line.name else False
            by_words = by_name or any(one.asks.search(line.text) or one.names.search(line.text) for one in asked)
            common = min(len(said & pieces_of(line.whole)), 2) if said else 0
            about = ABOUT if by_name else 0.6 * ABOUT * by_words
            found.append(Fact(good, line, float(score) + about + SHARED * common, by_words))
        return sorted(found, key=lambda one: -one.score)


def _index(words: Iterable[frozenset[str]]) -> dict[str, list[int]]:
    """Word → the places where it stands, in order."""
    index: dict[str, list[int]] = {}
    for at, some in enumerate(words):
        for word in some:
            index.setdefault(word, []).append(at)
    return index


@lru_cache(maxsize=8192)
@lru_cache(maxsize=8192)
def pieces_of(text: str) -> frozenset[str]:
    """Pairs of neighbouring Han characters and words of Latin letters and digits."""
    folded = fold(text)
    pairs = {a + b for a, b in pairwise(folded) if "\u3400" <= a <= "\u9fff" and "\u3400" <= b <= "\u9fff"}
    return frozenset(pairs | set(_LATIN.findall(folded)))


def lines_of(title: str, attributes: dict[str, str], description: str) -> tuple[Line, ...]:
    """Each property, then each sentence of the description; the title where there is neither."""
    told = [Line(name, value) for name, value in attributes.items() if value]
    sentences = [part.strip(" ，,") for part in _SENTENCES.split(description)]
    lines = (*told, *(Line("", part) for part in sentences[:MOST_SENTENCES] if len(part) > 3))
    return lines or (Line("", title),)


def _is_of(good: Good, shop_id: int | None) -> bool:
    return good.shop_ids is None or shop_id is None or shop_id in good.shop_ids


def _warm_enough(good: Good, degrees: float | None) -> float:
    """What is meant for warmer nights than these is put behind."""
    if degrees is None or good.degrees is None:
        return 0.0
    return 0.3 if good.degrees <= degrees else -0.3
