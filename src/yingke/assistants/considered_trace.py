"""How an answer came about, small enough to be written with every answer; `trace_view` adds the texts for the screen."""

import time
from collections.abc import Sequence
from typing import Any

from yingke.assistants.consider import Considered
from yingke.assistants.engine import Reply
from yingke.knowledge.compose import Finding
from yingke.knowledge.concepts import lexicon

KEPT = 6
LONGEST_QUESTION = 200
LONGEST_WORD = 12
SIGNALS_OF = 2
"""Of so many questions in one message the signals are kept."""


def trace_of(considered: Considered, reply: Reply, *, answered: bool, reasons: Sequence[str]) -> dict[str, Any]:
    """At most about 1.5 KB as JSON. A candidate is [passage id, lexical, vector, score, quoted, lexical rank, vector
    rank]; an ask is [confidence, band, best passage, missing words, signals]; `reasons` are labels."""
    quoted = set(reply.cited)
    asked = [finding.ask.search[:LONGEST_QUESTION] for finding in considered.findings]
    trace: dict[str, Any] = {
        "question": considered.text[:LONGEST_QUESTION],
        "engine": reply.generated_by["engine"],
        "steps": considered.steps,
        "found": [
            [
                hit.entry.id,
                round(hit.word_score, 2),
                round(hit.vector_score, 2),
                round(hit.score, 3),
                hit.entry.id in quoted,
                hit.word_rank,
                hit.vector_rank,
            ]
            for index, hit in enumerate(considered.hits)
            if index < KEPT or hit.entry.id in quoted
        ],
        "decision": {"answer": answered, "confidence": round(considered.confidence, 2), "reasons": list(reasons)},
        "milliseconds": round((time.perf_counter() - considered.started) * 1000, 2),
    }
    if asked and asked != [considered.text[:LONGEST_QUESTION]]:
        trace["understood"] = asked
    if considered.findings:
        trace["line"] = round(considered.answering.threshold, 2)
        trace["knowledge"] = considered.question.knowledge_version
        trace["asks"] = [_ask(finding, number < SIGNALS_OF) for number, finding in enumerate(considered.findings)]
    if considered.corrections:
        trace["noted"] = [[one.kind, one.was[:40], one.now[:40]] for one in considered.corrections[:4]]
    if considered.intent is not None:
        trace["intent"] = [considered.intent.label, round(considered.intent.confidence, 2)]
    if (mood := getattr(considered, "mood", None)) is not None:
        trace["mood"] = [mood.label, round(mood.confidence, 2)]
    if considered.tag != "zh":
        trace["language"] = considered.tag
    if considered.question.otherwise.at is not None:
        trace["at"] = considered.question.otherwise.at.isoformat()
    if considered.need is not None:
        trace["need"] = considered.need
    if "model" in reply.generated_by:
        trace["model"] = reply.generated_by["model"]
    return trace


def _ask(finding: Finding, with_signals: bool) -> list[Any]:
    decision = finding.decision
    signals = {name: round(value, 2) for name, value in decision.signals.items() if abs(value) >= 0.005}
    return [
        round(decision.confidence, 2),
        decision.band,
        decision.best.entry.id if decision.best is not None else None,
        _missing_words(finding),
        signals if with_signals else {},
    ]


def _missing_words(finding: Finding) -> list[str]:
    """What the best passage lacks, in the customer's words: a concept by the word that asked for it."""
    names = lexicon().names
    said = {names[position]: words[0] for position, words in finding.ask.concepts.items()}
    return [said.get(word, word)[:LONGEST_WORD] for word in finding.decision.missing[:3]]
