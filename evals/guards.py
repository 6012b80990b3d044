"""Measures the guards on sets of our own: danger topics, words that may not be said, promises.

Run: .venv/bin/python evals/guards.py. Nothing of these sets is used to make the rules pass: they are counted as they are.
"""

import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

from yingke.assistants.guarding.danger import danger_of  # noqa: E402
from yingke.conversations.guarding.pack_file import packs  # noqa: E402
from yingke.conversations.guarding.word_guard import WordGuard  # noqa: E402

SETS = Path(__file__).parent / "guards"


def lines(name: str) -> list[str]:
    """The lines of a set, without what stands behind #."""
    return [line for line in (SETS / name).read_text("utf-8").splitlines() if line and not line.startswith("#")]


def danger(shows: bool = False) -> dict[str, Any]:
    wanted = [line.split("\t") for line in lines("danger.txt")]
    ordinary = lines("ordinary_customers.txt")
    found = [(topic, text, danger_of(text)) for topic, text in wanted]
    alarms = [(text, topic) for text in ordinary if (topic := danger_of(text))]
    if shows:
        for topic, text, got in found:
            if got is None:
                print("missed", topic, text)
        for text, got in alarms:
            print("alarm", got, text)
    return {
        "wordings": len(wanted),
        "caught": round(sum(got is not None for _, _, got in found) / len(found), 4),
        "right_topic": round(sum(got == topic for topic, _, got in found) / len(found), 4),
        "ordinary": len(ordinary),
        "false_alarms": round(len(alarms) / len(ordinary), 4),
    }


def words(shows: bool = False) -> dict[str, Any]:
    """Every pack switched on, as the strictest shop has it; violations name the channel they are said on."""
    guard = WordGuard.of([replace(word, shops=frozenset()) for pack in packs().values() for word in pack.words])
    wanted = [line.split("\t") for line in lines("violations.txt")]
    ordinary = lines("ordinary_agents.txt")
    missed = [(channel, text) for channel, text in wanted if guard.check(text, channel=channel).level == "ok"]
    alarms = [(text, [one.said for one in verdict.found]) for text in ordinary if (verdict := guard.check(text)).found]
    if shows:
        for channel, text in missed:
            print("missed", channel, text)
        for text, said in alarms:
            print("alarm", said, text)
    began = time.perf_counter()
    for text in ordinary:
        guard.check(text)
    each = (time.perf_counter() - began) / len(ordinary) * 1e6
    return {
        "words": len(guard.words),
        "violations": len(wanted),
        "caught": round(1 - len(missed) / len(wanted), 4),
        "ordinary": len(ordinary),
        "false_alarms": round(len(alarms) / len(ordinary), 4),
        "microseconds": round(each, 1),
    }


def guards(shows: bool = False) -> dict[str, Any]:
    """For evals/everything.py."""
    return {"danger": danger(shows), "words": words(shows)}


if __name__ == "__main__":
    print(json.dumps(guards("--show" in sys.argv), ensure_ascii=False, indent=2))
