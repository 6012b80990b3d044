"""What an assistant promises must stand in its sources; otherwise a person says it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from yingke.conversations.guarding.fold_words import fold_words
from yingke.conversations.guarding.promises import Promise, find_promises, sentences_of

SAFE = {"zh": "这一点我需要请同事确认后答复您。", "en": "A colleague will confirm this for you."}
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_MARK = re.compile(r"\[\d{1,2}\]")
_COVERED = 0.55


@dataclass(frozen=True, slots=True)
class Backed:
    """`text`: the answer with every promise that no source bears out taken away. `dropped`: those promises."""

    text: str
    dropped: tuple[Promise, ...]


def back_promises(text: str, sources: Sequence[str], language: str) -> Backed:
    """`sources`: what is quoted and what tools said, never what the customer wrote."""
    plain = _MARK.sub("", text)
    unbacked = {promise.sentence: promise for promise in find_promises(plain) if not is_backed(promise, sources)}
    if not unbacked:
        return Backed(text, ())
    kept, said_safe = [], False
    for sentence in sentences_of(text):
        if _MARK.sub("", sentence) not in unbacked:
            kept.append(sentence)
        elif not said_safe:
            kept.append(SAFE["zh" if language.startswith("zh") else "en"])
            said_safe = True
    return Backed("".join(kept).strip(), tuple(unbacked.values()))


def is_backed(promise: Promise, sources: Sequence[str]) -> bool:
    """Every figure of it stands in one source, and the sentence says what that source says."""
    said = fold_words(promise.sentence)
    pairs = {said[at : at + 2] for at in range(len(said) - 1)}
    for source in sources:
        numbers = set(_FIGURE.findall(source.replace(",", "")))
        if not set(promise.figures) <= numbers:
            continue
        told = fold_words(source)
        inside = sum(pair in told for pair in pairs)
        if promise.figures and promise.kind == "price":
            return True
        if pairs and inside / len(pairs) >= _COVERED:
            return True
    return False
