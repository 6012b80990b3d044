"""Writes the answer from what was found: quotes with their sources, or an honest "the material does not say"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from yingke.knowledge.answerable import Decision
from yingke.knowledge.entry import Entry, Hit
from yingke.knowledge.names import name_of
from yingke.knowledge.quote import quote
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
    """The answer. `unanswered` are questions for the gap list; `parts` are the texts question by question."""

    text: str
    citations: tuple[Citation, ...]
    parts: tuple[str, ...]
    unanswered: tuple[str, ...]
    offers_person: bool


def compose(findings: Sequence[Finding], language: str) -> Composed:
    """Text in the customer's `language` ("zh…" or "en…"); never a passage in a language the customer did not use."""
    english = language.lower().startswith("en")
    sources = _Sources()
    parts: list[str] = []
    unanswered: list[Finding] = []
    for finding in findings:
        usable = [hit for hit in finding.decision.evidence if _readable(hit.entry, english)]
        if finding.decision.answer and usable:
            part = _answer(finding.ask, usable, sources)
            if part not in parts:
                parts.append(part)
        elif not finding.ask.wants_rules:
            unanswered.append(finding)
    wants_total = any(finding.ask.wants_total for finding in findings)
    lines = _merged(parts)
    if unanswered:
        lines.append(_do_not_know(unanswered, bool(parts), english))
    if wants_total and parts:
        lines.append(_TOTAL["en" if english else "zh"])
    return Composed(
        text="\n".join(lines),
        citations=tuple(sources.citations),
        parts=tuple(parts),
        unanswered=tuple(finding.ask.search for finding in unanswered),
        offers_person=bool(unanswered) or wants_total,
    )


_TOTAL = {
    "zh": "以上是资料里的价格和规则,总价我不替您推算,需要我转人工核价吗?",
    "en": "These are the prices and rules as written; I do not work out totals. "
    "Shall I ask a person to check the price?",
}


class _Sources:
    """Numbers each cited passage once."""

    def __init__(self) -> None:
        self.citations: list[Citation] = []

    def mark(self, entry: Entry, said: str) -> str:
        for at, citation in enumerate(self.citations):
            if citation.passage_id == entry.id:
                if said not in citation.quote:
                    self.citations[at] = _citation(citation.number, entry, f"{citation.quote}\n{said}")
                return f"[{citation.number}]"
        number = len(self.citations) + 1
        self.citations.append(_citation(number, entry, said))
        return f"[{number}]"


def _citation(number: int, entry: Entry, said: str) -> Citation:
    return Citation(number, entry.id, entry.document_id, entry.document_title, entry.heading, said)


def _readable(entry: Entry, english: bool) -> bool:
    if not english:
        return True
    letters = len(_LETTER.findall(entry.text))
    return not letters or len(_HAN.findall(entry.text)) / letters < 0.15


def _answer(ask: Ask, hits: Sequence[Hit], sources: _Sources) -> str:
    said: list[tuple[str, Entry]] = []
    several = ask.wants_rules or hits[0].entry.kind == "row"
    for hit in (one for one in hits if one is hits[0] or (several and one.entry.kind == hits[0].entry.kind)):
        words = quote(ask, hit.entry)
        if words not in [earlier for earlier, _ in said]:
            said.append((words, hit.entry))
    return "\n".join(f"{words} {sources.mark(entry, words)}" for words, entry in said)


def _merged(parts: Sequence[str]) -> list[str]:
    """Each line once: two questions are often served by the same row."""
    lines: list[str] = []
    for part in parts:
        lines += [line for line in part.split("\n") if line not in lines]
    return lines


def _do_not_know(unanswered: Sequence[Finding], partly: bool, english: bool) -> str:
    if english:
        if partly:
            asked = " / ".join(f"“{finding.ask.text}”" for finding in unanswered)
            return f"Our material does not say anything about {asked}. Shall I ask a person?"
        return "I could not find this in our material, and I would rather not guess. Shall I ask a person to help?"
    asked = "、".join(f"「{finding.ask.text}」" for finding in unanswered)
    near = _nearest(unanswered)
    sentence = f"{'另外,' if partly else ''}资料里没有写到{asked},我不乱猜。"
    if near and not partly:
        sentence += "最相近的内容有:" + "、".join(near) + "。"
    return sentence + "需要的话可以为您转人工。"


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
