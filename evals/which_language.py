"""Measures how surely the language of a short message is told, simplified and traditional apart; prints JSON.

Run: .venv/bin/python evals/which_language.py [--data FOLDER]. `which_language.tsv` is our own writing: language, message.
"""

import argparse
import json
import time
from pathlib import Path
from typing import Any

import opencc

from yingke.knowledge.languages import read_language, warm

PAGE = "zh-CN"


def which_language(data: Path | None) -> dict[str, Any]:
    rows = [line.split("\t") for line in Path(__file__).with_suffix(".tsv").read_text("utf-8").splitlines()]
    warm()
    wrong = [f"{text} -> {read_language(text, PAGE)}" for wanted, text in rows if read_language(text, PAGE) != wanted]
    began = time.perf_counter()
    for _, text in rows:
        read_language(text, PAGE)
    spent = (time.perf_counter() - began) / len(rows) * 1e6
    out: dict[str, Any] = {
        "own": {"messages": len(rows), "accuracy": round(1 - len(wrong) / len(rows), 4), "wrong": wrong},
        "microseconds": round(spent, 1),
    }
    if data is not None:
        found = _read(data / "language_id/customer_messages.jsonl")
        right = [read_language(row["text"], "xx").split("-")[0] == row["label"] for row in found]
        out["customer_messages"] = round(sum(right) / len(right), 4)
        out["hans_hant"] = _writings([row["text"] for row in found if row["label"] == "zh"])
    return out


def _writings(texts: list[str]) -> float:
    """Chinese messages in both writings; those that look the same in both are left out."""
    convert = opencc.OpenCC("s2tw").convert
    pairs = [(text, convert(text)) for text in texts]
    told = [
        read_language(text, PAGE) == "zh" and read_language(other, PAGE) == "zh-Hant"
        for text, other in pairs
        if text != other
    ]
    return round(sum(told) / len(told), 4)


def _read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path)
    print(json.dumps(which_language(arguments.parse_args().data), ensure_ascii=False, indent=2))
