"""Writes the answer from what was found: quotes with their sources, or an honest "the material does not say"."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from yingke.knowledge.answerable import Decision
from yingke.knowledge.entry import Entry, Hit
from yingke.knowledge.languages import is_readable, plain_tag
from yingke.knowledge.names import name_of
from yingke.knowledge.not_knowing import in_speech, sentence, shown_in, unknown
from yingke.knowledge.quote import Quote, quote
from yingke.knowledge.understand import Ask


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


def compose(
    findings: Sequence[Finding], language: str, *, is_second_time: bool = False, is_beside: bool = False
) -> Composed:
    """Text in the customer's `language` (a tag); never a passage in a language that the customer does not write.

    `is_second_time`: the answer before this one did not know either, so a person is offered plainly. `is_beside`:
    others have answered part of the message.
    """
    tag = plain_tag(language)
    said = _Said()
    unanswered: list[Finding] = []
    unreadable: list[Finding] = []
    for finding in findings:
        usable = [shown for hit in finding.decision.evidence if (shown := in_language(hit, tag)) is not None]
        if finding.decision.answer and usable:
            said.add(finding, usable)
        elif not finding.ask.wants_rules:
            (unreadable if finding.decision.answer else unanswered).append(finding)
    unanswered = [finding for finding in unanswered if not _is_told(finding, said, is_beside)]
    wants_total = any(finding.ask.wants_total for finding in findings)
    lines = [shown_in(line, tag) for line in said.lines()]
    if said.untold and tag.startswith("zh"):
        lines.append(shown_in("关于" + "、".join(f"「{word}」" for word in said.untold) + "，资料里没有写到。", tag))
    if unanswered:
        lines.append(_do_not_know(unanswered, bool(said.quotes) or is_beside, tag, is_second_time))
    elif unreadable:
        lines.append(sentence("not_in_language", tag))
    if wants_total and said.quotes:
        lines.append(in_speech("no_total", tag, _TOTAL["zh"], _TOTAL["en"]))
    left = [*unanswered, *unreadable]
    return Composed(
        text="\n".join(lines),
        citations=said.citations(),
        unanswered=tuple(finding.ask.search for finding in left),
        offers_person=bool(left) or wants_total,
    )


def in_language(hit: Hit, tag: str) -> Hit | None:
    """The hit with the words that a customer who writes `tag` can read; None when there are none."""
    entry = hit.entry
    for known, text in (entry.answers or {}).items():
        if plain_tag(known) == tag and text:
            return replace(hit, entry=replace(entry, text=text))
    if is_readable(entry.text, tag):
        return hit
    for known, text in (entry.answers or {}).items():
        if tag.startswith("zh") and plain_tag(known).startswith("zh") and text:
            return replace(hit, entry=replace(entry, text=text))
    return None


def can_be_read(hits: Sequence[Hit], language: str) -> bool:
    """True when something of it can be said to a customer who writes `language`."""
    tag = plain_tag(language)
    return any(in_language(hit, tag) is not None for hit in hits)


def _is_told(finding: Finding, said: "_Said", is_beside: bool) -> bool:
    """Beside an answer: words that ask for nothing of their own, or what stands nearest to them is quoted already."""
    if not (said.quotes or is_beside):
        return False
    ask = finding.ask
    return not (ask.concepts or ask.content) or bool(finding.hits and finding.hits[0].entry.id in said.quotes)


_LOOKED_THROUGH, _LONGEST_CHOICE = 5, 40
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
        return [f"{words.text} [{number}]" for number, (_, words) in enumerate(self.shown(), start=1)]

    def shown(self) -> list[tuple[Entry, Quote]]:
        """Without what another of them says too, word for word."""
        told = [words.text.rstrip("。.；;") for _, words in self.quotes.values()]
        kept = []
        for at, one in enumerate(self.quotes.values()):
            others = told[:at] + [text for text in told[at + 1 :] if text != told[at]]
            if not any(told[at] in text for text in others):
                kept.append(one)
        return kept

    def citations(self) -> tuple[Citation, ...]:
        return tuple(
            Citation(number, entry.id, entry.document_id, entry.document_title, entry.heading, words.text)
            for number, (entry, words) in enumerate(self.shown(), start=1)
        )


def _untold(ask: Ask, hits: Sequence[Hit]) -> list[str]:
    """Words for things that the question brings in and no quoted passage speaks of, such as a dog."""
    if ask.wants_rules:
        return []
    said: frozenset[int] = frozenset().union(*(hit.reading.hinted for hit in hits))
    return [found[0] for position, found in ask.concepts.items() if position not in said]


def _do_not_know(unanswered: Sequence[Finding], partly: bool, tag: str, is_second_time: bool) -> str:
    if is_second_time and not partly:
        return sentence("again", tag)
    asks_back = any(finding.decision.band == "ask_back" for finding in unanswered)
    return unknown(
        [_short(finding.ask.text) for finding in unanswered],
        _nearest(unanswered),
        _choices(unanswered, tag) if asks_back else [],
        tag,
        partly=partly,
    )


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:38]}…"


def _choices(unanswered: Sequence[Finding], tag: str) -> list[str]:
    """Stored questions that the customer may have meant, nearest first; none where they could not be read."""
    found: dict[str, None] = {}
    for finding in unanswered:
        if finding.decision.band == "ask_back":
            for hit in finding.hits[:_LOOKED_THROUGH]:
                question = hit.entry.search_text.partition("\n")[0].strip() if hit.entry.kind == "qa" else ""
                if 0 < len(question) <= _LONGEST_CHOICE and is_readable(question, tag):
                    found.setdefault(question)
    return list(found)[:3] if len(found) > 1 else []


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
