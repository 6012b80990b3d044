"""Does an answer give away the rules that the model works under?"""

import re
from functools import cache

from yingke.conversations.guarding.fold_words import fold_words, places
from yingke.models import grounded_prompt

CHINESE = 14
LATIN = 40
"""So many characters in a row of our rules are no coincidence."""
_HOLD = 8
_NAMES = re.compile(r"\{[^}]*\}")


@cache
def _rules() -> str:
    """All rule texts, folded, the places for names cut out."""
    texts = [value for name, value in vars(grounded_prompt).items() if name.isupper() and isinstance(value, str)]
    return "\0".join(fold_words(piece) for text in texts for piece in _NAMES.split(text))


@cache
def _pieces() -> frozenset[str]:
    rules = _rules()
    chinese = {rules[at : at + CHINESE] for at in range(len(rules) - CHINESE) if "\0" not in rules[at : at + CHINESE]}
    return frozenset(piece for piece in chinese if not piece.isascii())


@cache
def _latin_pieces() -> frozenset[str]:
    rules = _rules()
    return frozenset(
        piece for at in range(len(rules) - LATIN) if (piece := rules[at : at + LATIN]).isascii() and "\0" not in piece
    )


def leaks_rules(text: str) -> bool:
    """True when a stretch of our own rules stands in `text`, in whatever spacing or width."""
    folded = fold_words(text)
    chinese, latin = _pieces(), _latin_pieces()
    return any(folded[at : at + CHINESE] in chinese for at in range(len(folded) - CHINESE + 1)) or any(
        folded[at : at + LATIN] in latin for at in range(len(folded) - LATIN + 1)
    )


def leak_from(text: str) -> int:
    """Where the end of `text` begins to look like our rules; its length when it does not."""
    tail = text[-4 * LATIN :]
    folded, where = fold_words(tail), places(tail)
    rules = _rules()
    size = _HOLD
    if len(folded) < size or folded[-size:] not in rules:
        return len(text)
    while size < len(folded) and folded[-size - 1 :] in rules:
        size += 1
    return len(text) - len(tail) + where[-size]
