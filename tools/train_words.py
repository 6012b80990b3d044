"""Trains what is heard of claims and promises on our own sentences in evals/guards/train and writes the weights.

Run: .venv/bin/python tools/train_words.py [--own]. A minute or two. A file a kind (`none.txt`: what agents write on any day),
`said.tsv` what rounds of measuring held, with its kind. The traps of those rounds, the product's own sentences (`own.txt`,
read anew from its modules with `--own`) and the help pages of the shops in evals/shops are ordinary too. To teach it more, add lines there and run this again; the
500 sentences of evals/guards/ordinary_agents.txt are never learnt, they measure the false alarms.
"""

import ast
import asyncio
import csv
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
from mood_lines import DEFINED, plain_lines, unfold_lines
from numpy.typing import NDArray
from train_calls import EVALS, ROUNDS, Inputs, Sentence, fit, weigh
from train_mood import ROOT, encode

from yingke.conversations.guarding.heard.claims_of import KINDS, runs_of
from yingke.kit.sign_runs import SLOTS

TRAIN = EVALS / "guards/train"
SOURCE = ROOT / "src/yingke"
WEIGHTS = SOURCE / "conversations/guarding/heard/weights.npz"
EACH, EACH_NONE = 24, 16
"""So many sentences are made of a line."""
LONGEST = 200
_SPOKEN = re.compile(r"[\u4e00-\u9fff]{3}.*[。！？]|[。！？].*[\u4e00-\u9fff]{3}|[\u4e00-\u9fff]{3}.*，$")
_PATTERN = re.compile(r"\(\?|\\|\|")
_GAP = re.compile(r"\{[^}]*\}")
_NOT_SPOKEN = ("wants_person", "danger", "intents", "contact_policy", "promises")


def read_runs(text: str) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    runs = runs_of(text)
    return runs, np.full(len(runs), len(runs) ** -0.5, dtype=np.float32)


def read_sentences() -> list[Sentence]:
    plain = [*plain_lines(TRAIN / "own.txt"), *_shop_sentences()]
    found = {text: Sentence(text, "none", text) for text in plain}
    for kind in KINDS:
        found |= {one.text: one for one in _of_kind(kind)}
    for line in plain_lines(TRAIN / "said.tsv"):
        kind, _, text = line.partition("\t")
        found[text] = Sentence(text, kind, line)
    for folder in ROUNDS:
        quiet = (EVALS / f"unseen/{folder}/words.txt").read_text("utf-8").partition("\n## none\n")[2]
        found |= {text: Sentence(text, "none", text) for text in quiet.splitlines() if text and text[0] != "#"}
    return list(found.values())


def _of_kind(kind: str) -> Iterator[Sentence]:
    lines = plain_lines(TRAIN / f"{kind}.txt")
    words = [line for line in lines if DEFINED.match(line)]
    for line in lines:
        if not DEFINED.match(line):
            for text in unfold_lines([*words, line], EACH_NONE if kind == "none" else EACH):
                yield Sentence(text, kind, f"{kind} {line}")


def own_sentences() -> list[str]:
    """What the program itself may say or ask, read from its modules and tables."""
    found: dict[str, None] = {}
    for room in ("assistants", "commerce", "routing", "conversations", "app", "knowledge", "models", "kit"):
        for path in sorted((SOURCE / room).rglob("*.py")):
            if path.stem not in _NOT_SPOKEN and "guarding" not in path.parts:
                found |= dict.fromkeys(_literals(path))
    for path in sorted(SOURCE.rglob("*.toml")):
        if "packs" not in path.parts:
            found |= dict.fromkeys(_strings(tomllib.loads(path.read_text("utf-8"))))
    said = (line.strip() for one in found for line in _GAP.sub("这款", one).splitlines())
    return sorted({one for one in said if 3 < len(one) < LONGEST and not one.startswith("#")})


def _literals(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
        if _SPOKEN.search(text) and not _PATTERN.search(text):
            yield text


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if re.search("[。！？]", value):
            yield value
        return
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _strings(one)


def _shop_sentences() -> Iterator[str]:
    for path in sorted((EVALS / "shops").rglob("*.md")):
        for line in path.read_text("utf-8").splitlines():
            if not line.startswith("#"):
                yield from (one.strip() for one in re.findall(r"[^。！？]+[。！？]?", line) if len(one.strip()) > 3)
    for path in sorted((EVALS / "shops").rglob("常见问题.csv")):
        with path.open(encoding="utf-8") as stream:
            yield from (row[1] for row in csv.reader(stream) if len(row) > 1)


def main() -> None:
    if "--own" in sys.argv:
        (TRAIN / "own.txt").write_text("# What the program itself says.\n" + "\n".join(own_sentences()) + "\n", "utf-8")
    sentences = read_sentences()
    texts = [one.text for one in sentences]
    inputs = Inputs.of(texts, asyncio.run(encode(texts)), read_runs, SLOTS)
    wanted = np.array([KINDS.index(one.call) for one in sentences], dtype=np.intp)
    matrix, runs, bias = (one.astype(np.float16) for one in fit(inputs, wanted, weigh(sentences, KINDS)))
    np.savez_compressed(WEIGHTS, matrix=matrix, runs=runs, bias=bias)
    sys.stdout.write(f"{len(sentences)} sentences, {WEIGHTS.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
