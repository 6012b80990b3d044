"""Trains the mood of a message on our own sentences in evals/mood/train and writes its weights into the package.

Run: .venv/bin/python tools/train_mood.py [--folds 5]. Some minutes. With `--folds` it only measures: each fold is left
out once. Calm is also what the intent sets hold of everything but complaints and wishes for a person.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
from mood_lines import plain_lines, unfold
from numpy.typing import NDArray

from yingke.assistants.mood.features import SIZE, SLOTS, features
from yingke.assistants.mood.labels import LABELS, Label
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.encoder_frames import DIMENSIONS
from yingke.knowledge.fold import fold

ROOT = Path(__file__).parent.parent
TRAIN = ROOT / "evals/mood/train"
INTENTS = ROOT / "evals/intents/train"
WEIGHTS = ROOT / "src/yingke/assistants/mood/weights.npz"
REVIEWS_EACH, EACH = 50, 30
"""So many sentences are made of one line."""
PRAISE = ("satisfied", "helpdesk_calm", "reviews_good", "reviews_food_good", "reviews_more_good")
BLAME = (
    "disappointed", "angry", "anxious", "helpdesk_upset", "reviews_bad", "reviews_food_bad", "reviews_more_bad",
)  # fmt: skip
SENTIMENT_WEIGHT = {
    "anxious": 0.05, "angry": 0.3, "helpdesk_upset": 0.3, "helpdesk_calm": 0.1, "reviews_good": 4.0, "reviews_bad": 4.0,
    "reviews_food_good": 2.0, "reviews_food_bad": 2.0, "reviews_more_good": 0.8, "reviews_more_bad": 0.8,
}  # fmt: skip
REVIEW_WEIGHT = 0.25
"""A review is a weak example of a mood in a chat: praise is satisfied, a complaint disappointed."""
SHRINK = (1e-4, 1e-4, 1e-5)
"""How strongly the weights of vector, character runs and traits are held near nought."""
LEFT_OUT = (0.3, 0.7, 0.75)
"""So often a vector, a character run or a trait is hidden: what we wrote is far more regular than what customers write,
and no weight may count on its neighbours."""
SIGHTS = 3
"""So many times it learns with other parts hidden; the weights are the mean."""
STEPS = 40
AHEAD: dict[Label, float] = {"calm": 0.1, "angry": -0.2}
"""So much is added to a mood at the end: anger stops the assistant, and no more ordinary shop questions may stop it than
before the sets of sneers and small wreckage came in."""
Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class Sentence:
    """`kind` is the name of the file it came from."""

    text: str
    kind: str


@dataclass(frozen=True)
class Inputs:
    """Of all sentences: `places` and `values` one after the other, `rows` whose they are, `starts` where each begins."""

    places: NDArray[np.int64]
    values: Matrix
    rows: NDArray[np.int64]
    starts: NDArray[np.int64]
    vectors: Matrix

    @classmethod
    def of(cls, texts: Sequence[str], vectors: Matrix) -> "Inputs":
        found = [features(text) for text in texts]
        sizes = np.array([len(one.places) for one in found])
        return cls(
            np.concatenate([one.places for one in found]),
            np.concatenate([one.values for one in found]),
            np.repeat(np.arange(len(found)), sizes),
            np.concatenate([[0], np.cumsum(sizes)[:-1]]),
            vectors,
        )

    def partly_hidden(self, dice: np.random.Generator) -> "Inputs":
        vector_share, run_share, trait_share = LEFT_OUT
        hidden = np.where(self.places >= DIMENSIONS + SLOTS, trait_share, run_share)
        values = np.where(dice.random(len(self.values)) < hidden, 0, self.values / (1 - hidden))
        is_seen = dice.random((len(self.vectors), 1)) >= vector_share
        vectors = self.vectors * is_seen / (1 - vector_share)
        return replace(self, values=values.astype(np.float32), vectors=vectors.astype(np.float32))

    def times(self, weights: Matrix) -> Matrix:
        product: Matrix = np.add.reduceat(self.values[:, None] * weights[self.places], self.starts)
        return product + self.vectors @ weights[:DIMENSIONS]

    def back(self, errors: Matrix) -> Matrix:
        columns = [
            np.bincount(self.places, weights=self.values * column[self.rows], minlength=SIZE) for column in errors.T
        ]
        slope: Matrix = np.stack(columns, axis=1).astype(np.float32)
        slope[:DIMENSIONS] = slope[:DIMENSIONS] + self.vectors.T @ errors
        return slope


def read_sentences() -> list[Sentence]:
    found = [
        Sentence(text, path.stem)
        for path in sorted(TRAIN.glob("*.txt"))
        for text in unfold(path, REVIEWS_EACH if path.stem.startswith(("reviews", "helpdesk")) else EACH)
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
    """Wanted shares of the moods with weights, wanted sentiment with weights (nought where none is wanted)."""

    moods: Matrix
    mood_weights: Matrix
    sentiment: Matrix
    sentiment_weights: Matrix


def lesson(sentences: Sequence[Sentence]) -> Lesson:
    moods = np.zeros((len(sentences), len(LABELS)), np.float32)
    weights = np.zeros(len(sentences), np.float32)
    felt = np.zeros(len(sentences), np.float32)
    felt_weights = np.zeros(len(sentences), np.float32)
    for at, one in enumerate(sentences):
        moods[at, LABELS.index(_mood_of(one.kind))] = 1.0
        weights[at] = REVIEW_WEIGHT if one.kind.startswith("reviews") else 1.0
        if one.kind in (*PRAISE, *BLAME):
            felt[at] = one.kind in PRAISE
            felt_weights[at] = SENTIMENT_WEIGHT.get(one.kind, 1.0)
    share = moods.T @ weights
    weights *= moods @ (share.mean() / share) ** 0.5
    return Lesson(moods, weights / weights.sum(), felt, felt_weights / felt_weights.sum())


def _mood_of(kind: str) -> Label:
    """A review is praise or let down; what the intent sets hold is calm."""
    for label in LABELS:
        if label == kind:
            return label
    if kind in ("intents", "helpdesk_calm"):
        return "calm"
    return "satisfied" if kind in PRAISE else "disappointed"


def fit(given: Lesson, inputs: Inputs) -> tuple[Matrix, Matrix]:
    """Softmax over the moods and logistic sentiment beside it, by Adam over all sentences at once; few steps, for the
    weights of the first ones lean least on one another."""
    count = len(LABELS)
    shrink = np.repeat(np.array(SHRINK, np.float32), (DIMENSIONS, SLOTS, SIZE - DIMENSIONS - SLOTS))[:, None]
    state = [np.zeros((SIZE, count + 1), np.float32), np.zeros(count + 1, np.float32)]
    first = [np.zeros_like(one) for one in state]
    second = [np.zeros_like(one) for one in state]
    for step in range(1, STEPS + 1):
        scores = inputs.times(state[0]) + state[1]
        shares = np.exp(scores[:, :count] - scores[:, :count].max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        error = np.empty_like(scores)
        error[:, :count] = (shares - given.moods) * given.mood_weights[:, None]
        error[:, count] = (1 / (1 + np.exp(-scores[:, count])) - given.sentiment) * given.sentiment_weights
        for at, slope in enumerate((inputs.back(error) + shrink * state[0], error.sum(axis=0))):
            first[at] = 0.9 * first[at] + 0.1 * slope
            second[at] = 0.99 * second[at] + 0.01 * slope * slope
            move = first[at] / (1 - 0.9**step) / (np.sqrt(second[at] / (1 - 0.99**step)) + 1e-8)
            state[at] = (state[at] - 0.05 * move).astype(np.float32)
    return state[0], state[1]


def _seen_in_parts(given: Lesson, inputs: Inputs) -> tuple[Matrix, Matrix]:
    found = [fit(given, inputs.partly_hidden(np.random.default_rng(sight))) for sight in range(SIGHTS)]
    return np.mean([one[0] for one in found], axis=0), np.mean([one[1] for one in found], axis=0)


def both(sentences: Sequence[Sentence], vectors: Matrix) -> tuple[Matrix, Matrix]:
    """The weights with a vector and without one, side by side."""
    given, inputs = lesson(sentences), Inputs.of([one.text for one in sentences], vectors)
    bare, bare_bias = _seen_in_parts(given, replace(inputs, vectors=np.zeros_like(vectors)))
    whole, whole_bias = _seen_in_parts(given, inputs)
    for bias in (bare_bias, whole_bias):
        for label, by in AHEAD.items():
            bias[LABELS.index(label)] += by
    return np.hstack([whole, bare]), np.concatenate([whole_bias, bare_bias])


def measure(sentences: Sequence[Sentence], vectors: Matrix, folds: int) -> float:
    """The share of left-out sentences of the chat whose mood is told right."""
    order = np.random.default_rng(1).permutation(len(sentences))
    right = seen = 0
    for fold_at in range(folds):
        left = order[fold_at::folds]
        kept = np.setdiff1d(np.arange(len(sentences)), left)
        matrix, bias = both([sentences[at] for at in kept], vectors[kept])
        chat = [at for at in left if not sentences[at].kind.startswith("reviews")]
        inputs = Inputs.of([sentences[at].text for at in chat], vectors[chat])
        scores = inputs.times(matrix[:, : len(LABELS)]) + bias[: len(LABELS)]
        told = [LABELS[best] for best in scores.argmax(axis=1)]
        right += sum(_mood_of(sentences[at].kind) == label for at, label in zip(chat, told, strict=True))
        seen += len(chat)
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
