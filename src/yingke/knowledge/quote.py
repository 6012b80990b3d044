"""Picks from a passage what the question asks for: the cells of a row, the sentences of a text."""

import re

from yingke.knowledge.concepts import find_said
from yingke.knowledge.entry import Entry
from yingke.knowledge.fold import fold
from yingke.knowledge.names import code_of, is_code_column, is_name_column, name_of
from yingke.knowledge.ranges import asked_figures, list_ranges, matching_columns
from yingke.knowledge.split import sentences
from yingke.knowledge.terms import bigrams
from yingke.knowledge.understand import Ask

_PARTS = re.compile(r"(?<!\d)[,，](?!\d)|(?<=\D)[,，]|[,，](?=\D)|[;；、\n]+")
_LONG_ANSWER = 260
_MOST_SENTENCES = 3


def quote(ask: Ask, entry: Entry) -> str:
    """The words of `entry` that answer; every figure in it stands in the passage."""
    if entry.kind == "row" and entry.row:
        return _from_row(ask, entry.row)
    if entry.kind == "qa" and len(entry.text) <= _LONG_ANSWER:
        return entry.text.strip()
    return _from_text(ask, entry.text)


def _from_row(ask: Ask, row: dict[str, str]) -> str:
    name, code = name_of(row), code_of(row)
    said = []
    for column, cell in row.items():
        if cell in (name, code) or is_name_column(column) or is_code_column(column):
            continue
        part = _from_cell(ask, column, cell)
        if part:
            said.append(part)
    title = f"{name}({code})" if name and code and code != name else name or code
    if not title:
        column, cell = next(iter(row.items()))
        title = f"{column} {cell}"
        said = [part for part in said if part != title]
    if not said and title and not _touches(ask, title):
        said = [f"{column} {cell}" for column, cell in row.items() if cell not in (name, code)][:6]
    return f"{title}:{';'.join(said)}" if said else title


def _from_cell(ask: Ask, column: str, cell: str) -> str:
    if _touches(ask, column) or any(
        matching_columns(word, figure, list_ranges({column: cell})) for word, figure in asked_figures(ask.text)
    ):
        return f"{column} {cell}"
    parts = [part.strip() for part in _PARTS.split(cell) if part.strip()]
    if len(parts) > 1:
        chosen = [part for part in parts if _touches(ask, part)]
        return f"{column} {','.join(chosen)}" if chosen else ""
    return f"{column} {cell}" if _touches(ask, cell) else ""


def _touches(ask: Ask, text: str) -> bool:
    folded = fold(text)
    if ask.concepts and set(ask.concepts) & find_said(folded):
        return True
    return any(len(word) > 1 and word in folded for word in ask.content)


def _from_text(ask: Ask, text: str) -> str:
    """One to three sentences, in their order, weighed by concepts, telling words and shared characters."""
    found = sentences(text)
    if len(found) <= 1:
        return text.strip()
    wanted = frozenset(bigrams(fold(ask.text)))
    scored = [(_weight(ask, wanted, sentence), -at) for at, sentence in enumerate(found)]
    best = max(scored)[0]
    if best <= 0:
        return "".join(found[:2])
    kept = sorted(-at for weight, at in sorted(scored, reverse=True)[:_MOST_SENTENCES] if weight >= best * 0.6)
    chosen = [_with_lead(found, at) for at in kept]
    return "".join(chosen)


def _weight(ask: Ask, wanted: frozenset[str], sentence: str) -> float:
    folded = fold(sentence)
    concepts = len(set(ask.concepts) & find_said(folded)) if ask.concepts else 0
    content = sum(word in folded for word in ask.content)
    shared = sum(pair in folded for pair in wanted) / (len(wanted) or 1)
    return 1.5 * concepts + content + 3.0 * shared


def _with_lead(found: list[str], at: int) -> str:
    """A list item such as `1. …` keeps no lead; a sentence that ends in a colon brings what follows."""
    sentence = found[at]
    if sentence.endswith((":", "：")) and at + 1 < len(found):
        return sentence + found[at + 1]
    return sentence if sentence[-1] in "。！？!?.；;" else f"{sentence}。"
