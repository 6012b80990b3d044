"""Trains what calls a person on our own sentences in evals/calls/train and writes the weights into the package.

Run: .venv/bin/python tools/train_calls.py. Some minutes. Whatever the intent and mood sets hold (and `moods/` beside the
calls: strong words about anything) calls nobody, but for wishes for a person and what the rules hear in it.
"""

import asyncio
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
from mood_lines import DEFINED, plain_lines, unfold_lines
from numpy.typing import NDArray
from train_mood import INTENTS, ROOT, encode
from train_mood import TRAIN as MOODS
from voice_lines import voices

from yingke.assistants.calls.call_of import CALLS
from yingke.assistants.calls.features import SLOTS, features
from yingke.assistants.guarding.danger import danger_of
from yingke.assistants.wants_person import wants_person
from yingke.knowledge.encoder_frames import DIMENSIONS

EVALS = ROOT / "evals"
TRAIN = EVALS / "calls/train"
ROUNDS = ("first", "after", "last", "wide", "wider", "late")
"""What rounds of measuring gave that are over; `closed` is never read here."""
WEIGHTS = ROOT / "src/yingke/assistants/calls/weights.npz"
EACH, EACH_MOOD = 10, 4
"""So many sentences are made of a line."""
WHOLE = 1.5
"""So much a sentence of evals/voices counts, which was written whole."""
SHRINK = (1e-5, 1e-5)
"""How strongly the weights of vector and places are held near nought."""
HIDDEN = (0.2, 0.3)
"""So often a vector or a place is hidden while learning, so that no weight counts on its neighbours."""
STEPS, STRIDE = 80, 0.1
Matrix = NDArray[np.float32]
Read = Callable[[str], tuple[NDArray[np.intp], Matrix]]


@dataclass(frozen=True)
class Sentence:
    """`line`: what it was made of; the sentences of a line count together, `weight` times."""

    text: str
    call: str
    line: str
    weight: float = 1.0


@dataclass
class Inputs:
    """Of all sentences: `places` one after the other, each counting `values`, `rows` whose they are, `starts`."""

    vectors: Matrix
    places: NDArray[np.intp]
    values: Matrix
    rows: NDArray[np.intp]
    starts: NDArray[np.intp]
    slots: int

    @classmethod
    def of(cls, texts: list[str], vectors: Matrix, read: Read = features, slots: int = SLOTS) -> "Inputs":
        found = [read(text) for text in texts]
        sizes = np.array([len(places) for places, _ in found])
        rows = np.repeat(np.arange(len(found)), sizes)
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        places, values = (np.concatenate([one[at] for one in found]) for at in (0, 1))
        return cls(vectors, places, values.astype(np.float32), rows, starts, slots)

    def partly_hidden(self, dice: np.random.Generator) -> "Inputs":
        is_seen = dice.random((len(self.vectors), 1)) >= HIDDEN[0]
        values = np.where(dice.random(len(self.values)) < HIDDEN[1], 0, self.values / (1 - HIDDEN[1]))
        vectors = (self.vectors * is_seen / (1 - HIDDEN[0])).astype(np.float32)
        return Inputs(vectors, self.places, values.astype(np.float32), self.rows, self.starts, self.slots)

    def times(self, matrix: Matrix, by_place: Matrix) -> Matrix:
        product: Matrix = np.add.reduceat(self.values[:, None] * by_place[self.places], self.starts)
        return product + self.vectors @ matrix

    def back(self, errors: Matrix) -> tuple[Matrix, Matrix]:
        columns = [np.bincount(self.places, self.values * column[self.rows], self.slots) for column in errors.T]
        return self.vectors.T @ errors, np.stack(columns, axis=1).astype(np.float32)


def read_sentences() -> list[Sentence]:
    found = {one.text: one for path in sorted(TRAIN.glob("*.txt")) for one in _of_file(path, path.stem, EACH)}
    strong = [path for folder in (MOODS, TRAIN / "moods") for path in sorted(folder.glob("*.txt"))]
    others = [one for path in strong if "reviews" not in path.stem for one in _of_file(path, "none", EACH_MOOD)]
    for path in sorted(INTENTS.glob("*.txt")):
        call = "asked" if path.stem == "contact_human" else "none"
        said = [Sentence(line.rpartition(" => ")[2], call, line) for line in plain_lines(path)]
        if call == "asked":
            found |= {one.text: one for one in said}
        elif path.stem != "complaint":
            others += said
    found |= {one.text: one for one in _measured()}
    found |= {one.text: Sentence(one.text, one.call, f"{one.voice} {one.text}", WHOLE) for one in voices()}
    quiet = {one.text: one for one in others if not wants_person(one.text) and danger_of(one.text) is None}
    return list((quiet | found).values())


def _measured() -> list[Sentence]:
    """Rounds that are over, the wishes and the hard ordinary sentences that tuned the rules, and attacks: no calls."""
    found = [one for name in ("wanted", "wanted_kept", "wanted_last")
             for one in _of_file(EVALS / f"person/{name}.txt", "asked", EACH_MOOD)]  # fmt: skip
    found += _of_file(EVALS / "person/ordinary_hard.txt", "none", EACH_MOOD)
    found += [Sentence(line, "none", line) for line in plain_lines(EVALS / "guards/ordinary_customers.txt")]
    for line in plain_lines(EVALS / "guards/danger.txt"):
        topic, _, text = line.partition("\t")
        found.append(Sentence(text, topic if topic in CALLS else "none", line))
    for path in (
        EVALS / f"unseen/{folder}/{name}.txt" for folder in ROUNDS for name in ("person", "danger", "attacks")
    ):
        call = ""
        for line in path.read_text("utf-8").splitlines() if path.exists() else ():
            if line.startswith("## "):
                heading = line.removeprefix("## ")
                call = {"wish": "asked"}.get(heading, heading if heading in CALLS else "none")
            elif call and line.strip():
                found.append(Sentence(line.strip(), call, line))
    return found


def _of_file(path: Path, call: str, most: int) -> list[Sentence]:
    lines = plain_lines(path)
    words = [line for line in lines if DEFINED.match(line)]
    return [
        Sentence(text, call, f"{path.stem} {line}")
        for line in lines
        if not DEFINED.match(line)
        for text in unfold_lines([*words, line], most)
    ]


def weigh(sentences: list[Sentence], calls: Sequence[str] = CALLS) -> Matrix:
    """A line counts by the root of how many sentences it made, a call by the root of how rare it is."""
    made = Counter(one.line for one in sentences)
    wanted = np.array([calls.index(one.call) for one in sentences])
    weights = np.array([one.weight * made[one.line] ** -0.5 for one in sentences])
    counts = np.bincount(wanted, weights, len(calls))
    weights *= (counts.mean() / counts[wanted]) ** 0.5
    return np.asarray(weights / weights.sum(), dtype=np.float32)


def fit(inputs: Inputs, wanted: NDArray[np.intp], weights: Matrix) -> list[Matrix]:
    """Softmax over the calls by Adam. Returns the weights of the vector, of the places, and the bias."""
    dice = np.random.default_rng(7)
    count = int(wanted.max()) + 1
    asked = np.eye(count, dtype=np.float32)[wanted]
    state = [np.zeros(shape, np.float32) for shape in ((DIMENSIONS, count), (inputs.slots, count), count)]
    first, second = [np.zeros_like(one) for one in state], [np.zeros_like(one) for one in state]
    for step in range(1, STEPS + 1):
        seen = inputs.partly_hidden(dice)
        scores = seen.times(state[0], state[1]) + state[2]
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        errors = (shares - asked) * weights[:, None]
        matrix, runs = seen.back(errors)
        slopes = (matrix + SHRINK[0] * state[0], runs + SHRINK[1] * state[1], errors.sum(axis=0))
        for at, slope in enumerate(slopes):
            first[at] = 0.9 * first[at] + 0.1 * slope
            second[at] = 0.99 * second[at] + 0.01 * slope * slope
            move = first[at] / (1 - 0.9**step) / (np.sqrt(second[at] / (1 - 0.99**step)) + 1e-9)
            state[at] = (state[at] - STRIDE * move).astype(np.float32)
    return state


def main() -> None:
    sentences = read_sentences()
    vectors = asyncio.run(encode([one.text for one in sentences]))
    inputs = Inputs.of([one.text for one in sentences], vectors)
    wanted = np.array([CALLS.index(one.call) for one in sentences], dtype=np.intp)
    matrix, runs, bias = (one.astype(np.float16) for one in fit(inputs, wanted, weigh(sentences)))
    np.savez_compressed(WEIGHTS, matrix=matrix, runs=runs, bias=bias)
    sys.stdout.write(f"{len(sentences)} sentences, {WEIGHTS.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
