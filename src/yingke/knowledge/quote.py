"""Picks from a passage what the question asks for: the cells of a row, the sentences of a text."""

import re
from dataclasses import dataclass

from yingke.knowledge.concepts import find_said
from yingke.knowledge.entry import Entry
from yingke.knowledge.fold import fold
from yingke.knowledge.names import code_of, is_code_column, is_name_column, name_of
from yingke.knowledge.ranges import list_ranges, matching_columns
from yingke.knowledge.split import sentences
from yingke.knowledge.terms import bigrams
from yingke.knowledge.understand import Ask

_PARTS = re.compile(r"(?<!\d)[,，](?!\d)|(?<=\D)[,，]|[,，](?=\D)|[;；、\n]+")
_FIGURE_UNIT = re.compile(r"^(\d[\d,.]*(?:\s*[-–~至]\s*\d[\d,.]*)?)([\u4e00-\u9fff]{1,2})$")
_LONG_ANSWER = 260
_MOST_SENTENCES = 3


@dataclass(frozen=True, slots=True)
class Quote:
    """What is said from one passage: a thing's `title` with its `details`, or one text. Figures are the passage's."""

    title: str
    details: tuple[str, ...]

    @property
    def text(self) -> str:
        if not self.title:
            return "".join(self.details)
        gap = "" if self.title.endswith("）") or not self.details else "，"
        return f"{self.title}{gap}{'；'.join(self.details)}"

    def joined(self, other: "Quote") -> "Quote":
        """Both, each detail once."""
        return Quote(self.title, tuple(dict.fromkeys((*self.details, *other.details))))


def quote(ask: Ask, entry: Entry) -> Quote:
    """The words of `entry` that answer."""
    if entry.kind == "row" and entry.row:
        return _from_row(ask, entry.row)
    if entry.kind == "qa" and len(entry.text) <= _LONG_ANSWER:
        return Quote("", (entry.text.strip(),))
    return Quote("", (_from_text(ask, entry.text),))


def _from_row(ask: Ask, row: dict[str, str]) -> Quote:
    name, code = name_of(row), code_of(row)
    wanted = _wanted(ask, fold(f"{name} {code}"))
    title = f"{name}（{code}）" if name and code and code != name else name or code
    others = {
        column: cell
        for column, cell in row.items()
        if cell not in (name, code) and not is_name_column(column) and not is_code_column(column)
    }
    if not title:
        column, cell = next(iter(row.items()))
        title = f"{column} {cell}"
        others.pop(column, None)
    said = [part for column, cell in others.items() if (part := _from_cell(ask, wanted, column, cell))]
    if not said:
        said = [f"{column}：{_spaced(cell)}" for column, cell in others.items()][:6]
    return Quote(title, tuple(said))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the cells of one row are looked through for."""

    concepts: frozenset[int]
    content: tuple[str, ...]


def _wanted(ask: Ask, name: str) -> _Wanted:
    """What is asked, not what only names the thing: neither 两人 in 两人三季帐多少钱 nor 睡袋 in 睡袋零下能用吗."""
    asked = frozenset(
        position for position, found in ask.concepts.items() if not all(literal in name for literal in found)
    )
    content = tuple(word for word in ask.content if len(word) < 2 or word not in name)
    return _Wanted(asked or frozenset(ask.concepts), content)


def _from_cell(ask: Ask, wanted: _Wanted, column: str, cell: str) -> str:
    if _touches(wanted, column) or _fits(ask, column, cell):
        return f"{column}：{_spaced(cell)}"
    parts = [part.strip() for part in _PARTS.split(cell) if part.strip()]
    chosen = [part for part in parts if _touches(wanted, part)]
    return f"{column}：{'，'.join(chosen)}" if chosen else ""


def _spaced(cell: str) -> str:
    """A bare figure stands apart from a Chinese unit: 129 元."""
    return _FIGURE_UNIT.sub(r"\1 \2", cell)


def _fits(ask: Ask, column: str, cell: str) -> bool:
    spans = list_ranges({column: cell})
    return bool(spans) and any(matching_columns(word, figure, spans) for word, figure in ask.figures)


def _touches(wanted: _Wanted, text: str) -> bool:
    folded = fold(text)
    if wanted.concepts and wanted.concepts & find_said(folded):
        return True
    return any(word in folded if len(word) > 1 else _stands_alone(word, folded) for word in wanted.content)


def _stands_alone(letter: str, folded: str) -> bool:
    """A size such as `l`, not a letter of another word; single Chinese characters say too little."""
    return letter.isascii() and re.search(rf"(?<![a-z0-9]){re.escape(letter)}(?![a-z0-9])", folded) is not None


def _from_text(ask: Ask, text: str) -> str:
    """One to three sentences, in their order, weighed by concepts, telling words and shared characters."""
    found = sentences(text)
    if len(found) <= 1:
        return text.strip()
    wanted = frozenset(bigrams(fold(ask.text)))
    scored = [(_weight(ask, wanted, sentence), -at) for at, sentence in enumerate(found)]
    best = max(scored)[0]
    if best <= 0:
        return _closed("".join(found[:2]))
    kept = sorted(-at for weight, at in sorted(scored, reverse=True)[:_MOST_SENTENCES] if weight >= best * 0.6)
    chosen = [_with_lead(found, at) for at in kept]
    return _closed("".join(chosen))


def _closed(text: str) -> str:
    """What was cut at a semicolon ends as a sentence."""
    return f"{text[:-1]}。" if text.endswith((";", "；")) else text


def _weight(ask: Ask, wanted: frozenset[str], sentence: str) -> float:
    folded = fold(sentence)
    concepts = len(set(ask.concepts) & find_said(folded)) if ask.concepts else 0
    content = sum(word in folded for word in ask.content)
    shared = sum(pair in folded for pair in wanted) / (len(wanted) or 1)
    lead = folded.partition(":")[0] if ":" in folded[:12] else ""
    announced = bool(lead) and bool(set(ask.concepts) & find_said(lead))
    return 1.5 * (concepts + announced) + content + 3.0 * shared


def _with_lead(found: list[str], at: int) -> str:
    """A list item such as `1. …` keeps no lead; a sentence that ends in a colon brings what follows."""
    sentence = found[at]
    if sentence.endswith((":", "：")) and at + 1 < len(found):
        return sentence + found[at + 1]
    return sentence if sentence[-1] in "。！？!?.；;" else f"{sentence}。"
