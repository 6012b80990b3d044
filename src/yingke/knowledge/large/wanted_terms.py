"""Which terms of a question are worth looking up."""

from dataclasses import dataclass

from yingke.knowledge.index import Query
from yingke.knowledge.large.counted import Counted
from yingke.knowledge.large.terms_kept import narrows

MOST_TERMS = 24
# Terms are taken from the rarest on until they stand for this many passages: each costs a visit to its row.
MOST_VISITS = 2500


@dataclass(frozen=True, slots=True)
class Wanted:
    """Terms as tsquery with how much each tells."""

    terms: list[str]
    weights: list[float]


def asked_terms(query: Query) -> tuple[dict[str, float], dict[str, float]]:
    """(words, characters) of the question, with those of its gloss when it was asked in another language."""
    if query.gloss is None:
        return query.words, query.chars
    return query.gloss.words | query.words, query.gloss.chars | query.chars


def wanted_terms(query: Query, words: Counted, chars: Counted) -> Wanted:
    """The rarest terms of the question. One that was never counted may stand in what came since."""
    found: dict[str, tuple[int, float]] = {}
    asked_words, asked_chars = asked_terms(query)
    for terms, counted in ((asked_words, words), (asked_chars, chars)):
        for term in terms:
            if narrows(term):
                holders = counted.holders(term)
                before, weight = found.get(term, (0, 0.0))
                found[term] = (max(holders, before), weight + counted.rarity(holders))
    visits, taken, weights = 0, list[str](), list[float]()
    for term, (holders, weight) in sorted(found.items(), key=lambda one: one[1][0])[:MOST_TERMS]:
        visits += holders
        if taken and visits > MOST_VISITS:
            break
        taken.append("'" + term.replace("\\", "\\\\").replace("'", "''") + "'")
        weights.append(weight)
    return Wanted(taken, weights)
