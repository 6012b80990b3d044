"""What plain methods reach on the same questions: BM25 over words, and the encoder with character n-grams."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from yingke.knowledge.fold import fold
from yingke.knowledge.terms import all_words

_K1, _B = 1.2, 0.75
_GRAMS = (1, 2, 3)
_SHARE_OF_GRAMS = 0.3
Scores = NDArray[np.float64]


def bm25(stored: Sequence[str], asked: Sequence[str]) -> Scores:
    """(questions, entries): the textbook formula over words."""
    documents = [Counter(all_words(fold(text))) for text in stored]
    lengths = np.array([sum(words.values()) for words in documents])
    weights = {
        word: np.array([math.log(1 + (len(stored) - len(held) + 0.5) / (len(held) + 0.5)) * times * (_K1 + 1)
                        / (times + _K1 * (1 - _B + _B * lengths[at] / lengths.mean())) for at, times in held])
        for word, held in _holders(documents).items()
    }  # fmt: skip
    return _added(documents, weights, [Counter(set(all_words(fold(text)))) for text in asked])


def first_try(stored: Sequence[str], asked: Sequence[str], near: NDArray[np.float32]) -> Scores:
    """`near` are the encoder's cosines; to them come those of weighed character n-grams."""
    documents, questions = [_grams(text) for text in stored], [_grams(text) for text in asked]
    rarity = {gram: math.log((1 + len(stored)) / (1 + len(held))) + 1 for gram, held in _holders(documents).items()}
    vectors, wanted = ([_unit(grams, rarity) for grams in some] for some in (documents, questions))
    weights = {gram: np.array([weight for _, weight in held]) for gram, held in _holders(vectors).items()}
    return (1 - _SHARE_OF_GRAMS) * near + _SHARE_OF_GRAMS * _added(vectors, weights, wanted)


def _holders(documents: Sequence[Mapping[str, float]]) -> dict[str, list[tuple[int, float]]]:
    held: dict[str, list[tuple[int, float]]] = {}
    for at, terms in enumerate(documents):
        for term, weight in terms.items():
            held.setdefault(term, []).append((at, weight))
    return held


def _added(
    documents: Sequence[Mapping[str, float]], weights: Mapping[str, Scores], asked: Sequence[Mapping[str, float]]
) -> Scores:
    places = {term: np.array([at for at, _ in held]) for term, held in _holders(documents).items()}
    scores = np.zeros((len(asked), len(documents)))
    for row, terms in zip(scores, asked, strict=True):
        for term, times in terms.items():
            if term in places:
                row[places[term]] += times * weights[term]
    return scores


def _grams(text: str) -> Counter[str]:
    characters = fold(text).replace(" ", "")
    return Counter(characters[at : at + size] for size in _GRAMS for at in range(len(characters) - size + 1))


def _unit(grams: Mapping[str, int], rarity: Mapping[str, float]) -> dict[str, float]:
    weights = {gram: (1 + math.log(times)) * rarity[gram] for gram, times in grams.items() if gram in rarity}
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {gram: weight / length for gram, weight in weights.items()}
