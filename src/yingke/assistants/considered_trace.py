"""How an answer came about, small enough to be written with every answer; `trace_view` adds the texts for the screen."""

import time
from collections.abc import Sequence
from typing import Any

from yingke.assistants.consider import Considered
from yingke.assistants.engine import Reply

KEPT = 6
LONGEST_QUESTION = 200


def trace_of(considered: Considered, reply: Reply, *, answered: bool, reasons: Sequence[str]) -> dict[str, Any]:
    """At most about 1.5 KB as JSON. A candidate is [passage id, lexical, vector, score, quoted]."""
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
            ]
            for index, hit in enumerate(considered.hits)
            if index < KEPT or hit.entry.id in quoted
        ],
        "decision": {"answer": answered, "confidence": round(considered.confidence, 2), "reasons": list(reasons)},
        "milliseconds": round((time.perf_counter() - considered.started) * 1000, 2),
    }
    if asked and asked != [considered.text[:LONGEST_QUESTION]]:
        trace["understood"] = asked
    if considered.need is not None:
        trace["need"] = considered.need
    if "model" in reply.generated_by:
        trace["model"] = reply.generated_by["model"]
    return trace
