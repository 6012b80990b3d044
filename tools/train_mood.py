"""Trains the mood of a message on our own sentences in evals/mood/train and writes its weights into the package.

Run: .venv/bin/python tools/train_mood.py [--folds 5]. About a minute. With `--folds` it only measures: each fold is left
out once. Calm is also what the intent sets hold of everything but complaints and wishes for a person.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
from mood_lines import plain_lines, unfold
from numpy.typing import NDArray

from yingke.assistants.mood.features import SIZE, SLOTS, features
from yingke.assistants.mood.labels import LABELS
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.encoder_frames import DIMENSIONS
from yingke.knowledge.fold import fold

ROOT = Path(__file__).parent.parent
TRAIN = ROOT / "evals/mood/train"
INTENTS = ROOT / "evals/intents/train"
WEIGHTS = ROOT / "src/yingke/assistants/mood/weights.npz"
EACH = {"reviews_good": 40, "reviews_bad": 40, "helpdesk_upset": 40, "helpdesk_calm": 40}
"""So many sentences are made of a line; of others 30."""
FELT = {
    "satisfied": 1.0,
    "disappointed": -1.0,
    "angry": -1.0,
    "anxious": -1.0,
    "reviews_good": 1.0,
    "reviews_bad": -1.0,
    "helpdesk_upset": -1.0,
    "helpdesk_calm": 1.0,
}
SENTIMENT_WEIGHT = {
    "anxious": 0.05, "angry": 0.3, "helpdesk_upset": 0.3, "helpdesk_calm": 0.1, "reviews_good": 4.0, "reviews_bad": 4.0,
}  # fmt: skip
REVIEW_WEIGHT = 0.25
"""A review is a weak example of a mood in a chat: praise is satisfied, a complaint disappointed."""
SHRINK = (1e-4, 1e-4, 1e-5)
"""How strongly the weights of vector, character runs and traits are held near nought."""
Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class Sentence:
    """`kind` is the name of the file it came from."""

    text: str
    kind: str


def read_sentences() -> list[Sentence]:
    found = [
        Sentence(text, path.stem)
        for path in sorted(TRAIN.glob("*.txt"))
        for text in unfold(path, EACH.get(path.stem, 30))
    ]
    for path in sorted(INTENTS.glob("*.txt")):
        if path.stem not in ("complaint", "contact_human"):
            found += [Sentence(line.rpartition(" => ")[2], "intents") for line in plain_lines(path)]
    return list({one.text: one for one in found}.values())


async def encode(texts: Sequence[str]) -> Matrix:
    with tempfile.TemporaryDirectory() as folder:
        encoder = await Encoder.start(Path(folder) / "encoder.sock")
        try:
            return np.array(await encoder.encode_many([fold(text) for text in texts]), dtype=np.float32)
        finally:
            await encoder.close()


@dataclass(frozen=True)
class Lesson:
    """Inputs, wanted shares of the moods (nought where none is wanted) with weights, wanted sentiment with weights."""

    inputs: Matrix
    moods: Matrix
    mood_weights: Matrix
    sentiment: Matrix
    sentiment_weights: Matrix


def lesson(sentences: Sequence[Sentence], inputs: Matrix) -> Lesson:
    moods = np.zeros((len(sentences), len(LABELS)), np.float32)
    weights = np.zeros(len(sentences), np.float32)
    felt = np.zeros(len(sentences), np.float32)
    felt_weights = np.zeros(len(sentences), np.float32)
    as_mood = {
        "reviews_good": "satisfied",
        "reviews_bad": "disappointed",
        "intents": "calm",
        "helpdesk_upset": "disappointed",
        "helpdesk_calm": "calm",
    }
    for at, one in enumerate(sentences):
        moods[at, LABELS.index(as_mood.get(one.kind, one.kind))] = 1.0  # type: ignore[arg-type]
        weights[at] = REVIEW_WEIGHT if one.kind.startswith("reviews") else 1.0
        if one.kind in FELT:
            felt[at] = FELT[one.kind] > 0
            felt_weights[at] = SENTIMENT_WEIGHT.get(one.kind, 1.0)
    share = moods.T @ weights
    weights *= moods @ (share.mean() / share) ** 0.5
    return Lesson(inputs, moods, weights / weights.sum(), felt, felt_weights / felt_weights.sum())


def fit(given: Lesson, steps: int = 150) -> tuple[Matrix, Matrix]:
    """Softmax over the moods and logistic sentiment beside it, by Adam over all sentences at once."""
    count = len(LABELS)
    shrink = np.repeat(np.array(SHRINK, np.float32), (DIMENSIONS, SLOTS, SIZE - DIMENSIONS - SLOTS))[:, None]
    state = [np.zeros((SIZE, count + 1), np.float32), np.zeros(count + 1, np.float32)]
    first = [np.zeros_like(one) for one in state]
    second = [np.zeros_like(one) for one in state]
    for step in range(1, steps + 1):
        scores = given.inputs @ state[0] + state[1]
        shares = np.exp(scores[:, :count] - scores[:, :count].max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        error = np.empty_like(scores)
        error[:, :count] = (shares - given.moods) * given.mood_weights[:, None]
        error[:, count] = (1 / (1 + np.exp(-scores[:, count])) - given.sentiment) * given.sentiment_weights
        for at, slope in enumerate((given.inputs.T @ error + shrink * state[0], error.sum(axis=0))):
            first[at] = 0.9 * first[at] + 0.1 * slope
            second[at] = 0.99 * second[at] + 0.01 * slope * slope
            move = first[at] / (1 - 0.9**step) / (np.sqrt(second[at] / (1 - 0.99**step)) + 1e-8)
            state[at] = (state[at] - 0.05 * move).astype(np.float32)
    return state[0], state[1]


def both(sentences: Sequence[Sentence], vectors: Matrix) -> tuple[Matrix, Matrix]:
    """The weights with a vector and without one, side by side."""
    inputs = np.stack([features(one.text).dense(None) for one in sentences])
    bare, bare_bias = fit(lesson(sentences, inputs))
    inputs[:, :DIMENSIONS] = vectors
    whole, whole_bias = fit(lesson(sentences, inputs))
    return np.hstack([whole, bare]), np.concatenate([whole_bias, bare_bias])


def measure(sentences: Sequence[Sentence], vectors: Matrix, folds: int) -> float:
    """The share of left-out sentences of the chat whose mood is told right."""
    order = np.random.default_rng(1).permutation(len(sentences))
    right = seen = 0
    for fold_at in range(folds):
        left = set(order[fold_at::folds].tolist())
        kept = [at for at in range(len(sentences)) if at not in left]
        matrix, bias = both([sentences[at] for at in kept], vectors[kept])
        for at in left:
            if not sentences[at].kind.startswith("reviews"):
                scores = (
                    features(sentences[at].text).dense(vectors[at]) @ matrix[:, : len(LABELS)] + bias[: len(LABELS)]
                )
                wanted = "calm" if sentences[at].kind == "intents" else sentences[at].kind
                right += LABELS[int(scores.argmax())] == wanted
                seen += 1
    return right / seen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folds", type=int, default=0)
    folds = parser.parse_args().folds
    sentences = read_sentences()
    vectors = asyncio.run(encode([one.text for one in sentences]))
    if folds:
        sys.stdout.write(f"{len(sentences)} sentences, left-out accuracy {measure(sentences, vectors, folds):.3f}\n")
        return
    matrix, bias = both(sentences, vectors)
    np.savez_compressed(WEIGHTS, matrix=matrix.astype(np.float16), bias=bias.astype(np.float16))
    sys.stdout.write(f"{len(sentences)} sentences, {WEIGHTS.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
