"""Trains what of their own purchase people write about, on our own sentences in evals/concerns/train, and writes the
weights into the package.

Run: .venv/bin/python tools/train_concerns.py [--odd]. About a minute. `--odd`: says what became of the sentences in
evals/concerns/odd, which are never trained on. `words.txt` holds the words that all files use.
"""

import argparse
import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
from mood_lines import plain_lines, unfold_lines
from numpy.typing import NDArray
from train_mood import INTENTS, ROOT, encode

from yingke.assistants.concerns.concern_of import CONCERNS, RUNS_SHARE, concern_of
from yingke.assistants.intents.features import TEXT_SLOTS, plain_runs
from yingke.knowledge.encoder_frames import DIMENSIONS

SETS = ROOT / "evals/concerns"
WEIGHTS = ROOT / "src/yingke/assistants/concerns/weights.npz"
EACH = {"none": 60, "rule": 40}
"""So many sentences are made of a line; of others 30."""
OF_NOBODY = (
    "product_consult",
    "stock_availability",
    "price_promotion",
    "chitchat_ack",
    "contact_human",
    "provide_info",
)
"""Intents that are about no purchase of one's own."""
SHRINK, EPOCHS, AT_ONCE, STRIDE = 1e-5, 30, 1024, 0.05
SEED = 3
Matrix = NDArray[np.float32]


def read_sentences() -> dict[str, str]:
    """Sentence → concern."""
    found = {line.rpartition(" => ")[2]: "none" for name in OF_NOBODY for line in plain_lines(INTENTS / f"{name}.txt")}
    found |= dict.fromkeys(unfold_lines(plain_lines(ROOT / "evals/calls/train/none.txt"), 20), "none")
    words = plain_lines(SETS / "words.txt")
    for path in sorted((SETS / "train").glob("*.txt")):
        found |= dict.fromkeys(unfold_lines([*words, *plain_lines(path)], EACH.get(path.stem, 30)), path.stem)
    return found


def rows_of(texts: list[str], vectors: Matrix) -> Matrix:
    """What `concern_of` adds up, one row for each text, with a one for the bias."""
    rows = np.zeros((len(texts), DIMENSIONS + TEXT_SLOTS + 1), np.float32)
    rows[:, :DIMENSIONS], rows[:, -1] = vectors, 1
    for row, text in zip(rows, texts, strict=True):
        places, values = plain_runs(text)
        row[places] = values * RUNS_SHARE
    return rows


def fit(rows: Matrix, wanted: NDArray[np.int64]) -> Matrix:
    """Softmax by Adam; a rare concern counts more, by the root of how rare it is."""
    counts = np.bincount(wanted, minlength=len(CONCERNS))
    weights = ((counts.mean() / counts[wanted]) ** 0.5).astype(np.float32)[:, None]
    asked = np.eye(len(CONCERNS), dtype=np.float32)[wanted]
    state, first, second = (np.zeros((rows.shape[1], len(CONCERNS)), np.float32) for _ in range(3))
    dice, step = np.random.default_rng(SEED), 0
    for epoch in range(EPOCHS):
        stride = STRIDE * (1 - epoch / EPOCHS)
        for some in np.array_split(dice.permutation(len(rows)), max(1, len(rows) // AT_ONCE)):
            step += 1
            scores = rows[some] @ state
            shares = np.exp(scores - scores.max(axis=1, keepdims=True))
            shares /= shares.sum(axis=1, keepdims=True)
            slope = rows[some].T @ ((shares - asked[some]) * weights[some] / len(some)) + SHRINK * state
            first = 0.9 * first + 0.1 * slope
            second = 0.99 * second + 0.01 * slope * slope
            state -= stride * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-7)
    return state


def write(state: Matrix) -> None:
    """A byte a weight: each concern has its own scale."""
    scale = np.abs(state[:-1]).max(axis=0) / 127
    small = np.round(state[:-1] / scale).astype(np.int8)
    np.savez_compressed(WEIGHTS, matrix=small, scale=scale.astype(np.float32), bias=state[-1].astype(np.float32))


def show_odd() -> None:
    lines = {line: path.stem for path in sorted((SETS / "odd").glob("*.txt")) for line in plain_lines(path)}
    vectors = asyncio.run(encode(list(lines)))
    right = 0
    for (text, wanted), vector in zip(lines.items(), vectors, strict=True):
        heard = concern_of(text, vector)
        name = heard.name if heard.own >= 0.5 else "none" if heard.rule < 0.5 else "rule"
        right += name == wanted
        if name != wanted:
            sys.stdout.write(f"{wanted} → {name} ({heard.name} {heard.sure:.2f} own {heard.own:.2f}) {text}\n")
    sys.stdout.write(f"{right} of {len(lines)}\n")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--odd", action="store_true")
    arguments.add_argument("--only-odd", action="store_true")
    asked = arguments.parse_args()
    if not asked.only_odd:
        sentences = read_sentences()
        texts = list(sentences)
        rows = rows_of(texts, asyncio.run(encode(texts)))
        write(fit(rows, np.array([CONCERNS.index(name) for name in sentences.values()])))
        sys.stdout.write(f"{len(texts)} sentences, {WEIGHTS.stat().st_size} bytes\n")
    if asked.odd or asked.only_odd:
        show_odd()


if __name__ == "__main__":
    main()
