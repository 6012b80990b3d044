"""Trains what calls a person on our own sentences in evals/calls/train and writes the weights into the package.

Run: .venv/bin/python tools/train_calls.py. Less than a minute. Whatever the intent and mood sets hold calls nobody, but
for wishes for a person and what the rules hear in it.
"""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
from mood_lines import plain_lines, unfold
from numpy.typing import NDArray
from train_mood import INTENTS, ROOT, encode
from train_mood import TRAIN as MOODS

from yingke.assistants.calls.call_of import CALLS
from yingke.assistants.guarding.danger import danger_of
from yingke.assistants.wants_person import wants_person
from yingke.knowledge.encoder_frames import DIMENSIONS

TRAIN = ROOT / "evals/calls/train"
WEIGHTS = ROOT / "src/yingke/assistants/calls/weights.npz"
EACH = {"none": 60, "asked": 60}
"""So many sentences are made of a line; of others 40, of a line of the moods 10."""
SHRINK, STEPS, STRIDE = 1e-5, 300, 0.2
Matrix = NDArray[np.float32]


def read_sentences() -> dict[str, str]:
    """Sentence → call."""
    found = {text: path.stem for path in sorted(TRAIN.glob("*.txt")) for text in unfold(path, EACH.get(path.stem, 40))}
    others = [text for path in sorted(MOODS.glob("*.txt")) if "reviews" not in path.stem for text in unfold(path, 10)]
    for path in sorted(INTENTS.glob("*.txt")):
        lines = [line.rpartition(" => ")[2] for line in plain_lines(path)]
        if path.stem == "contact_human":
            found |= {text: "asked" for text in lines}
        elif path.stem != "complaint":
            others += lines
    quiet = {text: "none" for text in others if not wants_person(text) and danger_of(text) is None}
    return quiet | found


def fit(vectors: Matrix, wanted: NDArray[np.int64]) -> tuple[Matrix, Matrix]:
    """Softmax over the calls by Adam; a rare call counts more, by the root of how rare it is."""
    counts = np.bincount(wanted, minlength=len(CALLS))
    weights = ((counts.mean() / counts[wanted]) ** 0.5)[:, None]
    weights /= weights.sum()
    rows = np.hstack([vectors, np.ones((len(vectors), 1), np.float32)])
    asked = np.eye(len(CALLS), dtype=np.float32)[wanted]
    shrink = np.full((DIMENSIONS + 1, 1), SHRINK, np.float32)
    shrink[-1] = 0
    state, first, second = (np.zeros((DIMENSIONS + 1, len(CALLS)), np.float32) for _ in range(3))
    for step in range(1, STEPS + 1):
        scores = rows @ state
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        slope = rows.T @ ((shares - asked) * weights) + shrink * state
        first = 0.9 * first + 0.1 * slope
        second = 0.99 * second + 0.01 * slope * slope
        move = first / (1 - 0.9**step) / (np.sqrt(second / (1 - 0.99**step)) + 1e-9)
        state = (state - STRIDE * move).astype(np.float32)
    return state[:-1], state[-1]


def main() -> None:
    sentences = read_sentences()
    vectors = asyncio.run(encode(list(sentences)))
    matrix, bias = fit(vectors, np.array([CALLS.index(call) for call in sentences.values()]))
    np.savez_compressed(WEIGHTS, matrix=matrix.astype(np.float16), bias=bias.astype(np.float16))
    sys.stdout.write(f"{len(sentences)} sentences, {WEIGHTS.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
