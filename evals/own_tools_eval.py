"""Measures whether a merchant's own tools are told by their examples, and left alone by what customers write on any day.

Run: .venv/bin/python evals/own_tools_eval.py. Prints JSON: the share of `asked` that goes to its own tool, and how many
ordinary sentences a tool would take (of scenarios, of the training lines of intents, of a list of ordinary ones).
"""

import asyncio
import json
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import yaml

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT)]

from yingke.assistants.own_tools.likeness import NEAR, NEAR_KNOWN, Examples, examples_of, ordinary  # noqa: E402
from yingke.knowledge.encoder import Encoder  # noqa: E402
from yingke.knowledge.fold import fold  # noqa: E402


def lines_of(path: Path) -> list[str]:
    return [line.strip() for line in path.read_text("utf-8").splitlines() if line.strip() and line[0] != "#"]


def said_in_scenarios() -> list[str]:
    found: list[str] = []
    for path in sorted((ROOT / "evals" / "scenarios").glob("*.yaml")):
        for scenario in yaml.safe_load(path.read_text("utf-8")) or []:
            for turn in scenario["turns"]:
                found += turn["say"] if isinstance(turn["say"], list) else [turn["say"]]
    return list(dict.fromkeys(found))


def any_day() -> dict[str, list[str]]:
    intents = [line for path in sorted((ROOT / "evals" / "intents" / "train").glob("*.txt")) for line in lines_of(path)]
    return {
        "ordinary": lines_of(ROOT / "tests" / "assistants" / "ordinary_sentences.txt"),
        "scenarios": said_in_scenarios(),
        "intents": list(dict.fromkeys(intents)),
    }


async def measure(encoder: Encoder) -> dict[str, Any]:
    async def encode(texts: list[str]) -> Any:
        return await encoder.encode_many([fold(text) for text in texts])

    told = tomllib.loads((ROOT / "evals" / "own_tools" / "tools.toml").read_text("utf-8"))
    others = await encode([*ordinary()])
    tools = {name: examples_of(one["examples"], await encode(one["examples"]), others) for name, one in told.items()}
    right = total = 0
    for name, one in told.items():
        taken = [
            taker(tools, vector, text, NEAR)
            for text, vector in zip(one["asked"], await encode(one["asked"]), strict=True)
        ]
        right, total = right + taken.count(name), total + len(taken)
    figures: dict[str, Any] = {"asked": total, "told": round(right / total, 3)}
    for name, texts in any_day().items():
        rows = list(zip(texts, await encode(texts), strict=True))
        figures[name] = {
            "lines": len(texts),
            "taken": sum(taker(tools, row, text, NEAR) is not None for text, row in rows),
            "taken_where_known": sum(taker(tools, row, text, NEAR_KNOWN) is not None for text, row in rows),
        }
    return figures


def taker(tools: dict[str, Examples], vector: "np.ndarray[Any, Any]", text: str, line: float) -> str | None:
    scored = {name: tool.score(vector, text) for name, tool in tools.items()}
    best = max(scored, key=lambda name: scored[name])
    return best if scored[best] >= line else None


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        encoder = await Encoder.start(Path(folder) / "encoder.sock")
        try:
            figures = await measure(encoder)
        finally:
            await encoder.close()
    print(json.dumps(figures, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    asyncio.run(main())
