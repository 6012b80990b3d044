"""Writes the answer from what was found: quotes with their sources, or an honest "the material does not say"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from yingke.knowledge.answerable import Decision
from yingke.knowledge.entry import Entry, Hit
from yingke.knowledge.names import name_of
from yingke.knowledge.quote import Quote, quote
from yingke.knowledge.understand import Ask

_HAN = re.compile(r"[\u4e00-\u9fff]")
_LETTER = re.compile(r"[A-Za-z\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Finding:
    """One question with all that was found for it and what was decided."""

    ask: Ask
    hits: tuple[Hit, ...]
    decision: Decision


@dataclass(frozen=True, slots=True)
class Citation:
    """A source as the reader sees it; `number` is the mark [n] in the text."""

    number: int
    passage_id: int
    document_id: int | None
    document_title: str
    heading: str
    quote: str


@dataclass(frozen=True, slots=True)
class Composed:
    """The answer. `unanswered` are the questions for the gap list."""

    text: str
    citations: tuple[Citation, ...]
    unanswered: tuple[str, ...]
    offers_person: bool


def compose(findings: Sequence[Finding], language: str) -> Composed:
    """Text in the customer's `language` ("zh…" or "en…"); never a passage in a language the customer did not use."""
    english = language.lower().startswith("en")
    said = _Said()
    unanswered: list[Finding] = []
    for finding in findings:
        usable = [hit for hit in finding.decision.evidence if _readable(hit.entry, english)]
        if finding.decision.answer and usable:
            said.add(finding, usable)
        elif not finding.ask.wants_rules:
            unanswered.append(finding)
    wants_total = any(finding.ask.wants_total for finding in findings)
    lines = said.lines()
    if said.untold and not english:
        lines.append("关于" + "、".join(f"「{word}」" for word in said.untold) + "，资料里没有写到。")
    if unanswered:
        lines.append(_do_not_know(unanswered, bool(said.quotes), english))
    if wants_total and said.quotes:
        lines.append(_TOTAL["en" if english else "zh"])
    return Composed(
        text="\n".join(lines),
        citations=said.citations(),
        unanswered=tuple(finding.ask.search for finding in unanswered),
        offers_person=bool(unanswered) or wants_total,
    )


_TOTAL = {
    "zh": "以上是资料里的价格和规则，总价我不替您推算，需要我转人工核价吗？",
    "en": "These are the prices and rules as written; I do not work out totals. "
    "Shall I ask a person to check the price?",
}


class _Said:
    """What is quoted so far: each passage once, however many questions it serves."""

    def __init__(self) -> None:
        self.quotes: dict[int, tuple[Entry, Quote]] = {}
        self.untold: list[str] = []

    def add(self, finding: Finding, hits: Sequence[Hit]) -> None:
        first = hits[0].entry.kind
        several = finding.ask.wants_rules or first == "row"
        used = [hit for hit in hits if hit is hits[0] or (several and hit.entry.kind == first)]
        for entry in (hit.entry for hit in used):
            words = quote(finding.ask, entry)
            earlier = self.quotes.get(entry.id)
            self.quotes[entry.id] = (entry, earlier[1].joined(words) if earlier else words)
        self.untold += [word for word in _untold(finding.ask, used) if word not in self.untold]

    def lines(self) -> list[str]:
        return [f"{words.text} [{number}]" for number, (_, words) in enumerate(self.quotes.values(), start=1)]

    def citations(self) -> tuple[Citation, ...]:
        return tuple(
            Citation(number, entry.id, entry.document_id, entry.document_title, entry.heading, words.text)
            for number, (entry, words) in enumerate(self.quotes.values(), start=1)
        )


def _untold(ask: Ask, hits: Sequence[Hit]) -> list[str]:
    """Words for things that the question brings in and no quoted passage speaks of, such as a dog."""
    if ask.wants_rules:
        return []
    said: frozenset[int] = frozenset().union(*(hit.reading.hinted for hit in hits))
    return [found[0] for position, found in ask.concepts.items() if position not in said]


def _readable(entry: Entry, english: bool) -> bool:
    if not english:
        return True
    letters = len(_LETTER.findall(entry.text))
    return not letters or len(_HAN.findall(entry.text)) / letters < 0.15


def _do_not_know(unanswered: Sequence[Finding], partly: bool, english: bool) -> str:
    if english:
        if partly:
            asked = " / ".join(f"“{_short(finding.ask.text)}”" for finding in unanswered)
            return f"Our material does not say anything about {asked}. Shall I ask a person?"
        return "I could not find this in our material, and I would rather not guess. Shall I ask a person to help?"
    asked = "、".join(f"「{_short(finding.ask.text)}」" for finding in unanswered)
    near = _nearest(unanswered)
    sentence = f"{'另外，' if partly else ''}资料里没有写到{asked}，我不乱猜。"
    if near and not partly:
        sentence += "最相近的内容有：" + "、".join(near) + "。"
    return sentence + "需要的话可以为您转人工。"


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:38]}…"


def _nearest(unanswered: Sequence[Finding]) -> list[str]:
    """Up to three titles that lie close to what was asked."""
    found: list[str] = []
    for finding in unanswered:
        for hit in finding.hits:
            entry = hit.entry
            title = name_of(entry.row) or entry.heading.split(" › ")[-1] or entry.document_title
            if title and f"《{title[:30]}》" not in found:
                found.append(f"《{title[:30]}》")
    return found[:3]
