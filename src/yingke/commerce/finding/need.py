"""What somebody looks for, read from his own words: things, traits, colours, sizes, for how many, measures, price."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from yingke.commerce.words.cut import (
    class_spans,
    fold,
    measure_tokens,
    pair_tokens,
    people_spans,
    plain_tokens,
    size_tokens,
)
from yingke.commerce.words.own_words import OwnWords, own_words
from yingke.commerce.words.read_price import read_price
from yingke.kit.recently import recently

MOST_TEXT = 500
MOST_CONCEPTS = 10
_CODE = re.compile(r"(?=.*\d)(?=.*[a-z])[a-z0-9][a-z0-9-_/.]{2,}")
_THING, _TRAIT, _COLOUR, _SIZE, _PEOPLE, _MEASURE, _CODES, _WORD, _PAIR = 4.0, 1.5, 2.5, 2.5, 3.0, 3.0, 9.0, 1.0, 0.3


class Concept(NamedTuple):
    """One thing asked for; `token` is how products keep it, `said` the word itself."""

    token: str
    weight: float
    said: str


@dataclass(frozen=True, slots=True)
class Need:
    """Prices in minor units of the product's own currency."""

    concepts: tuple[Concept, ...]
    least_minor: int | None = None
    most_minor: int | None = None
    cheapest_first: bool = False

    def tokens(self, *prefixes: str) -> list[str]:
        return [one.token for one in self.concepts if one.token.startswith(prefixes)]


def read_need(text: str) -> Need:
    """Reads a question or a few words, Chinese or English, with the shop's own words if it is heard. About 0.1 ms."""
    return _read_need(text, own_words())


@recently
def _read_need(text: str, own: OwnWords | None) -> Need:
    folded = fold(text[:MOST_TEXT])
    wish = read_price(folded)
    rest = wish.rest
    people, classes = people_spans(rest), class_spans(rest)
    found = [(token, _PEOPLE, said) for token, said, _ in people]
    found += [(token, _weight(token), said) for token, said, _ in classes]
    found += [(token, _SIZE, token[2:].upper()) for token in size_tokens(rest)]
    found += [(token, _MEASURE, token) for token in measure_tokens(rest)]
    left = _without(rest, [span for *_, span in (*people, *classes)])
    for token in plain_tokens(left):
        if _CODE.fullmatch(token):
            found.append((token, _CODES, token.upper()))
        elif not token.isdigit() and (len(token) > 1 or not token.isascii()):
            found.append((token, _WORD if len(token) > 1 else _PAIR, token))
    found += [(token, _PAIR, token) for token in pair_tokens(left)]
    by_token: dict[str, tuple[str, float, str]] = {}
    for one in found:
        by_token.setdefault(one[0], one)
    kept = [Concept(*one) for one in sorted(by_token.values(), key=_lightness)[:MOST_CONCEPTS]]
    is_cheap = any(word in folded for word in ("最便宜", "便宜点", "便宜一点", "cheapest", "实惠"))
    return Need(tuple(kept), wish.least_minor, wish.most_minor, is_cheap)


def names_a_thing(text: str) -> bool:
    """A kind of thing or an article number stands in the words; a colour or a size alone is of what was spoken of."""
    return _names_a_thing(text, own_words())


@recently
def _names_a_thing(text: str, own: OwnWords | None) -> bool:
    need = _read_need(text, own)
    return bool(need.tokens("t:")) or any(one.weight >= _CODES for one in need.concepts)


def _lightness(one: tuple[str, float, str]) -> float:
    return -one[1]


def _weight(token: str) -> float:
    return {"t": _THING, "c": _COLOUR}.get(token[0], _TRAIT)


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    marks = list(text)
    for start, end in spans:
        marks[start:end] = " " * (end - start)
    return "".join(marks)
