"""Finds the passages of one workspace in memory: meaning, words, characters, concepts and article codes together."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from yingke.knowledge.concepts import find_asked, lexicon
from yingke.knowledge.entry import Entry, Hit, Reading, Scope
from yingke.knowledge.fold import fold
from yingke.knowledge.names import NameBook, name_of
from yingke.knowledge.outside.outside import Outside
from yingke.knowledge.postings import Background, Postings
from yingke.knowledge.ranking.adapter import bent_lengths, bent_twice
from yingke.knowledge.ranking.compare import StoredQuestions, read_asked
from yingke.knowledge.ranking.gloss import gloss
from yingke.knowledge.ranking.prose import ProseOrder
from yingke.knowledge.ranking.weights import OF_PAIR, OF_PASSAGE, PAIR_OF_CHARACTERS
from yingke.knowledge.reading import read_entry
from yingke.knowledge.terms import all_words, bigrams, codes

_NAME = 0.22
_ANSWER_SHARE = 0.3
_RERANKED = 24
# A question of another language leans on its known words as far as they cover it.
_TRUST = 0.85
# Bent vectors lie further apart; this keeps stored questions as near as the encoder sees them.
_SCALE_OF_PAIR = 0.94
_FAR = 1e18
_SPACE = re.compile(r"\s")
Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Query:
    """A question ready to be searched. Made by `query_for`; `vector` has 512 numbers and length one."""

    text: str
    folded: str
    words: dict[str, float]
    chars: dict[str, float]
    concepts: dict[int, tuple[str, ...]]
    codes: tuple[str, ...]
    vector: NDArray[np.float32]
    gloss: "Gloss | None" = None


@dataclass(frozen=True, slots=True)
class Gloss:
    """A question of another language in Chinese words."""

    folded: str
    words: dict[str, float]
    chars: dict[str, float]
    trust: float
    """How much its scores count, 0..1: few known words say little about the question."""


def query_for(text: str, vector: NDArray[np.float32]) -> Query:
    """Cuts `text` for the lexical side. About 40 µs for a question."""
    folded = fold(text)
    return Query(
        text=text,
        folded=folded,
        words=_asked_words(folded),
        chars=_asked_chars(folded),
        concepts=find_asked(folded),
        codes=tuple(codes(folded)),
        vector=vector,
        gloss=_glossed(folded),
    )


def _glossed(folded: str) -> Gloss | None:
    found = gloss(folded)
    if found is None:
        return None
    trust = min(1.0, _TRUST * found.share)
    return Gloss(found.words, _asked_words(found.words), _asked_chars(found.words), trust)


def _asked_words(folded: str) -> dict[str, float]:
    asked: dict[str, float] = {}
    for word in all_words(folded):
        asked[word] = 2.0 if word in asked else 1.0
    return asked


def _asked_chars(folded: str) -> dict[str, float]:
    """Pairs first, then the characters: those that count alike stand together."""
    asked: dict[str, float] = {}
    for term in bigrams(folded):
        if len(term) > 1:
            asked[term] = asked.get(term, 0.0) + PAIR_OF_CHARACTERS
        else:
            # A character that stands alone is a run of its own as well.
            asked[term] = asked.get(term, 0.0) + 1.0
    for character in folded:
        if not character.isspace():
            asked[character] = asked.get(character, 0.0) + 1.0
    return asked


def _chars(folded: str) -> dict[str, float]:
    counted: dict[str, float] = dict(Counter(bigrams(folded)))
    for character, times in Counter(_SPACE.sub("", folded)).items():
        counted[character] = counted.get(character, 0.0) + times
    return counted


@dataclass(frozen=True, slots=True)
class Prepared:
    """What an entry costs most to work out, so that it can be kept: what it tells, and its terms with their counts."""

    reading: Reading
    words: dict[str, float]
    chars: dict[str, float]
    lengths: tuple[float, float] | None = None
    """Sums of the counts of all words and of all characters, where only some of them were kept."""


def prepare(entry: Entry) -> Prepared:
    """About 0.3 ms for an entry; depends on nothing but the entry."""
    folded, reading = read_entry(entry)
    words = _weighed(all_words(folded.searched), all_words(folded.answered))
    return Prepared(reading, words, _chars(folded.searched))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The whole knowledge that the entries of an index are a part of: how common its words and characters are."""

    words: Background
    chars: Background


class KnowledgeIndex:
    """Immutable once built; share it between tasks and threads. Build it off the event loop (about 0.3 ms an entry).

    `prepared` gives what was worked out before, in the order of `entries`. `around` makes the index speak as a part
    of a larger knowledge. `answering` is what the workspace has decided about being sure. `lengths` (of the bent
    vectors, as `bent_lengths` gives them) and `names` are given where somebody knows them already.
    """

    def __init__(
        self,
        entries: Sequence[Entry],
        vectors: NDArray[np.float32],
        *,
        prepared: Sequence[Prepared] | None = None,
        around: Surroundings | None = None,
        answering: dict[str, Any] | None = None,
        lengths: NDArray[np.float32] | None = None,
        names: NameBook | None = None,
    ) -> None:
        self.entries = tuple(entries)
        self.answering = answering or {}
        self.outside: Outside | None = None
        self._by_id = {entry.id: entry for entry in self.entries}
        self._called: dict[int, str] = {}
        self._by_document: dict[int, list[int]] = {}
        for at, entry in enumerate(self.entries):
            if entry.document_id is not None:
                self._by_document.setdefault(entry.document_id, []).append(at)
        self._vectors = vectors
        self._scale = np.array([_SCALE_OF_PAIR if entry.kind == "qa" else 1.0 for entry in entries], dtype=np.float32)
        self._bent_scale = self._scale * (bent_lengths(vectors) if lengths is None else lengths)
        read = [prepare(entry) for entry in entries] if prepared is None else prepared
        self._readings = tuple(one.reading for one in read)
        sizes = [one.lengths or (sum(one.words.values()), sum(one.chars.values())) for one in read]
        self.words = Postings(
            [one.words for one in read], around.words if around else None, [words for words, _ in sizes]
        )
        self._chars = Postings(
            [one.chars for one in read], around.chars if around else None, [chars for _, chars in sizes]
        )
        self._said = np.zeros((len(lexicon().names), len(entries)), dtype=np.float32)
        for position, reading in enumerate(self._readings):
            self._said[list(reading.hinted), position] = 0.5
            self._said[list(reading.said), position] = 1.0
        self._is_pair = np.array([entry.kind == "qa" for entry in entries], dtype=bool)
        self._holds_pairs_only = bool(self._is_pair.all())
        self._weights = np.where(self._is_pair[:, None], OF_PAIR, OF_PASSAGE).astype(np.float32).T.copy()
        self._stored = StoredQuestions()
        self._prose = ProseOrder(self.entries)
        self.names = names or NameBook(entries)
        self._customer = np.array([entry.audience == "customer" for entry in entries], dtype=bool)
        self._from = np.array([_seconds(entry.valid_from, -_FAR) for entry in entries])
        self._to = np.array([_seconds(entry.valid_to, _FAR) for entry in entries])
        groups = {shops: number for number, shops in enumerate({entry.shop_ids for entry in entries})}
        self._groups = list(groups)
        no_term = all(entry.valid_from is None and entry.valid_to is None for entry in entries)
        self._is_open = bool(self._customer.all()) and no_term and self._groups == [None]
        self._group = np.array([groups[entry.shop_ids] for entry in entries], dtype=np.int32)

    @classmethod
    def build(cls, entries: Sequence[Entry]) -> Self:
        """An index over `entries`, in any order; vectors may be float16."""
        if not entries:
            return cls((), np.empty((0, 512), dtype=np.float32))
        return cls(entries, np.stack([np.asarray(entry.vector, dtype=np.float32) for entry in entries]))

    def find_entry(self, passage_id: int) -> Entry | None:
        """The entry with this id, whatever the scope: only for ids that this conversation has already cited."""
        return self._by_id.get(passage_id)

    def thing_of(self, passage_id: int) -> str:
        """What the passage's row is called; empty for text, and as `find_entry` for ids that are not at hand."""
        name = self._called.get(passage_id)
        if name is None:
            entry = self.find_entry(passage_id)
            name = name_of(entry.row) if entry is not None else ""
            if entry is not None:
                self._called[passage_id] = name
        return name

    def beside(self, entry: Entry) -> list[Entry]:
        """All of the same document, in order; a pair alone."""
        places = self._by_document.get(entry.document_id, ()) if entry.document_id is not None else ()
        return [self.entries[at] for at in places] or [entry]

    @property
    def memory_bytes(self) -> int:
        """Roughly what the index holds, texts included."""
        texts = sum(6 * (len(entry.text) + len(entry.search_text)) + 1500 for entry in self.entries)
        return self._vectors.nbytes + self._said.nbytes + self.words.memory_bytes + self._chars.memory_bytes + texts

    def search(self, query: Query, *, scope: Scope, limit: int = 10) -> list[Hit]:
        """The best entries that `scope` allows, best first."""
        return self.search_many([query], scopes=[scope], limit=limit)[0]

    def search_many(self, queries: Sequence[Query], *, scopes: Sequence[Scope], limit: int = 10) -> list[list[Hit]]:
        """As `search`, with one matrix product for all questions."""
        if not self.entries or not queries:
            return [[] for _ in queries]
        similar = self.similar(np.stack([query.vector for query in queries]))
        return [
            self.rank(query, near, scope=scope, limit=limit)
            for query, near, scope in zip(queries, similar, scopes, strict=True)
        ]

    def similar(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """(n, 512) vectors of questions → (n, entries): the costly part, many times cheaper for many at once."""
        return self.similar_bent(bent_twice(vectors))

    def similar_bent(self, bent: NDArray[np.float32]) -> NDArray[np.float32]:
        """As `similar`, for questions that went through `bent_twice` already."""
        near = bent @ self._vectors.T
        near *= self._bent_scale
        near += 1.0 - self._scale
        return near

    def _allowed(self, scope: Scope) -> NDArray[np.bool_]:
        if self._is_open:
            return self._customer
        at = scope.at.timestamp()
        allowed = (self._from <= at) & (at < self._to)
        if scope.audience == "customer":
            allowed &= self._customer
        if self._groups != [None] and not (scope.audience == "staff" and scope.shop_id is None):
            open_ = np.array([shops is None or scope.shop_id in shops for shops in self._groups], dtype=bool)
            allowed &= open_[self._group]
        return allowed

    def rank(self, query: Query, near: NDArray[np.float32], *, scope: Scope, limit: int = 10) -> list[Hit]:
        """As `search`, with the question's row of `similar`."""
        if not self.entries:
            return []
        allowed = self._allowed(scope)
        count = len(self.entries) if self._is_open else int(np.count_nonzero(allowed))
        if not count:
            return []
        word, char, dense = self._term_scores(query.words, query.chars)
        if query.gloss:
            glossed = self._term_scores(query.gloss.words, query.gloss.chars)
            word, char, dense = (
                np.maximum(own, query.gloss.trust * other)
                for own, other in zip((word, char, dense), glossed, strict=True)
            )
        concept = self._concept_scores(query)
        meaning, words, chars, concepts = self._weights
        fused = meaning * near + words * word + chars * dense + concepts * concept
        if count < len(fused):
            fused[~allowed] = -1.0
        kept = min(max(limit, _RERANKED), count)
        top = (-fused).argpartition(kept - 1)[:kept] if kept < len(fused) else np.arange(len(fused))
        if count < len(fused):
            top = top[allowed[top]]
        named = self.names.match(top.tolist(), query.folded)
        for at, sureness in self.names.by_code(query.codes).items():
            if allowed[at]:
                named[at] = max(sureness, named.get(at, 0.0))
        scored = self._score(query, named, fused)
        scored = self._prose.sort(scored, query.folded, near, self._chars.rarity, self.entries)[:limit]
        return self._hits(query, scored, named, (near, word, char, concept))

    def _score(self, query: Query, named: Mapping[int, float], fused: Scores) -> list[tuple[float, int]]:
        """(score, position), best first; of two alike the one that was written first."""
        ats = list(named)
        alike = self._likenesses(query, ats)
        each = zip(fused.take(ats).tolist(), ats, named.values(), strict=True)
        ordered = sorted([(-score - _NAME * name - alike.get(at, 0.0), at) for score, at, name in each])
        return [(-score, at) for score, at in ordered]

    def _hits(
        self, query: Query, scored: Sequence[tuple[float, int]], named: Mapping[int, float], by_kind: tuple[Scores, ...]
    ) -> list[Hit]:
        """`by_kind`: how near in meaning, and the shares of words, characters and concepts."""
        near, word, _, _ = by_kind
        near_ranks, word_ranks = _ranks(near, named), _ranks(word, named)
        ats = [at for _, at in scored]
        plain = (self._vectors.take(ats, axis=0) @ query.vector).tolist()
        each = zip(scored, plain, *[scores.take(ats).tolist() for scores in by_kind], strict=True)
        return [
            Hit(
                entry=self.entries[at],
                reading=self._readings[at],
                score=min(1.0, score),
                vector_score=nearness,
                vector_rank=near_ranks[at],
                word_score=words,
                word_rank=word_ranks[at],
                char_score=chars,
                concept_score=concepts,
                name_score=named[at],
                rank=rank,
                plain_score=plainly,
            )
            for rank, ((score, at), plainly, nearness, words, chars, concepts) in enumerate(each, start=1)
        ]

    def _term_scores(self, words: Mapping[str, float], chars: Mapping[str, float]) -> tuple[Scores, Scores, Scores]:
        """Shares of the question's words and characters; the last counts pairs fully in what is no stored question."""
        word = self.words.score(words)
        if self._holds_pairs_only:
            score = self._chars.score(chars)
            return word, score, score
        one, one_whole = self._chars.weigh({term: times for term, times in chars.items() if len(term) == 1})
        two, two_whole = self._chars.weigh({term: times for term, times in chars.items() if len(term) > 1})
        score = np.asarray((one + two) / max(one_whole + two_whole, 1e-6), dtype=np.float32)
        two /= PAIR_OF_CHARACTERS
        whole = one_whole + two_whole / PAIR_OF_CHARACTERS
        return word, score, np.where(self._is_pair, score, (one + two) / max(whole, 1e-6)).astype(np.float32)

    def _likenesses(self, query: Query, among: Iterable[int]) -> dict[int, float]:
        """What lying beside the question adds to stored questions; each is read when it first comes near."""
        pairs = list(among) if self._holds_pairs_only else [at for at in among if self._is_pair[at]]
        if not pairs:
            return {}
        stored = [self._stored.get(at, self._lines_of) for at in pairs]
        alike = self._stored.likenesses(read_asked(query.folded, self._chars.rarities), stored)
        if query.gloss:
            trust, asked = query.gloss.trust, read_asked(query.gloss.folded, self._chars.rarities)
            glossed = self._stored.likenesses(asked, stored)
            alike = [max(own, trust * other) for own, other in zip(alike, glossed, strict=True)]
        return dict(zip(pairs, alike, strict=True))

    def _lines_of(self, at: int) -> tuple[str, str]:
        entry = self.entries[at]
        return entry.search_text, entry.text

    def _concept_scores(self, query: Query) -> NDArray[np.float32]:
        """The share of the asked concepts that each entry touches."""
        if not query.concepts:
            return np.zeros(len(self.entries), dtype=np.float32)
        positions = list(query.concepts)
        if len(positions) == 1:
            return np.asarray(self._said[positions[0]])
        weights = np.where(lexicon().required[positions], 1.0, 0.6).astype(np.float32)
        return np.asarray((weights / weights.sum()) @ self._said[positions], dtype=np.float32)


def _weighed(searched: Sequence[str], answered: Sequence[str]) -> dict[str, float]:
    counted: dict[str, float] = dict(Counter(searched))
    for word in answered:
        counted[word] = counted.get(word, 0.0) + _ANSWER_SHARE
    return counted


def _seconds(at: datetime | None, otherwise: float) -> float:
    return otherwise if at is None else at.timestamp()


def _ranks(scores: Scores, among: Iterable[int]) -> dict[int, int]:
    ats = list(among)
    score_of = dict(zip(ats, (-scores.take(ats)).tolist(), strict=True))
    return {at: rank for rank, at in enumerate(sorted(ats, key=score_of.__getitem__), start=1)}
