"""The values that go into and come out of a search."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from yingke.knowledge.parse import Kind

Audience = Literal["customer", "staff"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One passage as the index keeps it. `shop_ids` None means every shop; times are aware and half-open [from, to)."""

    id: int
    text: str
    search_text: str
    vector: NDArray[np.float32] | NDArray[np.float16]
    heading: str = ""
    kind: Kind = "text"
    row: dict[str, str] | None = None
    document_id: int | None = None
    document_title: str = ""
    page: int | None = None
    audience: Audience = "customer"
    shop_ids: frozenset[int] | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    answers: dict[str, str] | None = None
    """Of a pair: further answers by language tag."""
    rank: int = 0
    """Of its document among documents that contradict each other: 1 high, 0 normal, -1 low."""
    document_at: datetime | None = None
    """When the version it stands in went live."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Who asks, where and when. Staff read everything of their shop, customers only what is meant for them."""

    at: datetime
    shop_id: int | None = None
    audience: Audience = "customer"


@dataclass(frozen=True, slots=True)
class Reading:
    """What an entry tells, in folded spelling: all its text, the concepts it says itself and those around it, those
    of its title, the name of its thing with that name's last character, and the ranges in its cells."""

    told: str
    said: frozenset[int]
    hinted: frozenset[int]
    titled: frozenset[int]
    name: str
    head: str
    ranges: dict[str, tuple[float, float]]


@dataclass(slots=True)
class Hit:
    """A candidate, which nobody changes; it is not frozen because a dozen are made for each question.

    Scores lie in 0..1; ranks count from 1 among the candidates looked at closely (24 or more).
    """

    entry: Entry
    reading: Reading
    score: float
    vector_score: float
    vector_rank: int
    word_score: float
    word_rank: int
    char_score: float
    concept_score: float
    name_score: float
    rank: int
    plain_score: float = 0.0
    """As `vector_score` before the space was bent: how near by the encoder alone."""
    rerank_score: float | None = None
    """By the reranking model of the workspace's choice, which then decided the order."""
