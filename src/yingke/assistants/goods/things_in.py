"""The kinds of things that a name speaks of."""

import re

from yingke.commerce.words.cut import class_spans, fold, known_spans, people_spans

_BESIDE = re.compile(r"[和跟与比加]|还是|哪|另|别的|其[他它]|类似|一样|都|\b(?:and|or|than|other|which)\b")
"""Beside a whole title: more than that one is spoken of."""


def things_in(text: str) -> frozenset[str]:
    """Of two that stand side by side the last: a 羽绒睡袋 is a 睡袋."""
    spans = [(token, span) for token, _, span in known_spans(fold(text)) if token[0] == "t"]
    followed = {end for _, (_, end) in spans} & {start for _, (start, _) in spans}
    return frozenset(token for token, (_, end) in spans if end not in followed)


def is_alone(rest: str) -> bool:
    """Whether the words beside a title speak of no other thing."""
    spans = (*class_spans(rest), *people_spans(rest))
    return _BESIDE.search(rest) is None and not any(token[:2] in ("t:", "p:", "q:") for token, _, _ in spans)
