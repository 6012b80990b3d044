"""Measures how surely the wish for a person is heard, and how seldom it is heard where nobody wished it; prints JSON.

Run: .venv/bin/python evals/person.py [--show]. The sentences in `person/` are our own writing. `wanted.txt` tuned the rules,
`wanted_kept.txt` and `wanted_last.txt` were written after them; what these missed at first went into the rules too; of the ordinary ones, with the questions of the intent sets, the odd lines never did.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent / "tools")]

from mood_lines import plain_lines, unfold_lines  # noqa: E402

from yingke.assistants.wants_person import wants_person  # noqa: E402

EACH = 14
QUIET = (
    "product_consult",
    "stock_availability",
    "price_promotion",
    "payment",
    "order_modify",
    "return_exchange",
    "refund",
    "invoice",
)
"""Intents whose sentences ask for nobody."""


def wishes(name: str) -> list[str]:
    return unfold_lines(plain_lines(HERE / "person" / name), EACH)


def hard(half: int) -> list[str]:
    """`half` 0: the lines that tuned the rules; 1: those kept out."""
    return unfold_lines(plain_lines(HERE / "person/ordinary_hard.txt")[half::2], EACH)


def everyday(half: int) -> list[str]:
    lines = [line for intent in QUIET for line in plain_lines(HERE / "intents/train" / f"{intent}.txt")]
    return [line.rpartition(" => ")[2] for line in lines][half::2]


def person() -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name, half, source in (("tuned", 0, "wanted.txt"), ("kept_out", 1, "wanted_kept.txt")):
        wanted, ordinary = wishes(source), hard(half) + everyday(half)
        missed, wrong = [t for t in wanted if not wants_person(t)], [t for t in ordinary if wants_person(t)]
        out[name] = {
            "wordings": len(wanted),
            "recall": round(1 - len(missed) / len(wanted), 4),
            "ordinary": len(ordinary),
            "false_alarms": round(len(wrong) / len(ordinary), 4),
        }
        if "--show" in sys.argv and name == "tuned":
            out[name] |= {"missed": missed, "wrong": wrong}
    text = wishes("wanted.txt") + everyday(0)
    began = time.perf_counter()
    for one in text:
        wants_person(one)
    out["microseconds"] = round((time.perf_counter() - began) / len(text) * 1e6, 1)
    return out


if __name__ == "__main__":
    print(json.dumps(person(), ensure_ascii=False, indent=2))
