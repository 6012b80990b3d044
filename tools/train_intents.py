"""Trains the intent classifier on the utterances in evals/intents/train and writes its weights into the package.

Run: .venv/bin/python tools/train_intents.py [--folds 5]. A few minutes. With `--folds` it only measures: each fold is
left out once. A line in `train` is an utterance, or `the other side's line => utterance`; those in `before` are lines
of the other side after which a few words such as "how long" (`follow_ups.txt`) mean the intent of the file.
"""

import argparse
import asyncio
import random
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from yingke.assistants.intents.features import SIZE, features
from yingke.assistants.intents.labels import LABELS
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.fold import fold

ROOT = Path(__file__).parent.parent
SETS = ROOT / "evals/intents"
FOLLOW_UPS_EACH = 6
WEIGHTS = ROOT / "src/yingke/assistants/intents/weights.npz"
# Lines that say nothing about what comes next: a message that speaks for itself must not lean on them.
NEUTRAL = (
    "您好", "在的亲", "好的", "请问有什么可以帮您", "亲请稍等", "请问还有其他问题吗", "好的呢", "嗯嗯", "是的", "您好 很高兴为您服务",
    "稍等帮您查询", "",
)  # fmt: skip
Line = tuple[str, str, str]
Matrix = NDArray[np.float32]


def read_lines() -> list[Line]:
    """(line before, utterance, label)."""
    lines = []
    for path in sorted((SETS / "train").glob("*.txt")):
        for line in _lines_of(path):
            before, _, text = line.rpartition(" => ")
            lines.append((before, text, path.stem))
    dice = random.Random(2)
    follow_ups = _lines_of(SETS / "follow_ups.txt")
    for path in sorted((SETS / "before").glob("*.txt")):
        for before in _lines_of(path):
            lines += [(before, text, path.stem) for text in dice.sample(follow_ups, FOLLOW_UPS_EACH)]
    return lines


def _lines_of(path: Path) -> list[str]:
    return [line.strip() for line in path.read_text("utf-8").splitlines() if line.strip()]


async def encode(texts: Sequence[str]) -> dict[str, NDArray[np.float32]]:
    with tempfile.TemporaryDirectory() as folder:
        encoder = await Encoder.start(Path(folder) / "encoder.sock")
        try:
            vectors = await encoder.encode_many([fold(text) for text in texts])
        finally:
            await encoder.close()
    return dict(zip(texts, vectors, strict=True))


def vary(lines: Sequence[Line], seed: int = 0) -> list[tuple[str, str, str, float]]:
    """Each line with its weight, and again behind another line, so that context helps and never misleads."""
    dice = random.Random(seed)
    befores = [before for before, _, _ in lines if before]
    varied = []
    for before, text, label in lines:
        varied.append((before, text, label, 1.0))
        if before and len(text) >= 8:
            varied.append(("", text, label, 0.4))
        elif not before:
            varied.append((dice.choice(NEUTRAL), text, label, 0.5))
            if len(text) >= 6:
                varied.append((dice.choice(befores), text, label, 0.5))
    return varied


def fit(lines: Sequence[Line], vectors: dict[str, NDArray[np.float32]], steps: int = 90) -> tuple[Matrix, Matrix]:
    """Softmax regression by Adam over all lines at once; rare labels weigh more."""
    varied = vary(lines)
    inputs = np.stack([_dense(before, text, vectors) for before, text, _, _ in varied])
    answers = np.array([LABELS.index(label) for _, _, label, _ in varied])
    weights = np.array([weight for *_, weight in varied], dtype=np.float32)
    counts = np.bincount(answers, weights=weights, minlength=len(LABELS))
    weights *= ((counts.mean() / counts[answers]) ** 0.5).astype(np.float32)
    weights /= weights.sum()
    wanted = np.eye(len(LABELS), dtype=np.float32)[answers]
    state = [np.zeros((SIZE, len(LABELS)), np.float32), np.zeros(len(LABELS), np.float32)]
    first = [np.zeros_like(one) for one in state]
    second = [np.zeros_like(one) for one in state]
    for step in range(1, steps + 1):
        scores = inputs @ state[0] + state[1]
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        error = (shares - wanted) * weights[:, None]
        for at, slope in enumerate((inputs.T @ error + 1e-5 * state[0], error.sum(axis=0))):
            first[at] = 0.9 * first[at] + 0.1 * slope
            second[at] = 0.99 * second[at] + 0.01 * slope * slope
            move = first[at] / (1 - 0.9**step) / (np.sqrt(second[at] / (1 - 0.99**step)) + 1e-8)
            state[at] = state[at] - np.float32(0.08) * move.astype(np.float32)
    return state[0], state[1]


def _dense(before: str, text: str, vectors: dict[str, NDArray[np.float32]]) -> NDArray[np.float32]:
    return features(text, vectors[text], before, vectors[before] if before else None).dense()


def measure(lines: Sequence[Line], vectors: dict[str, NDArray[np.float32]], folds: int) -> float:
    """The share of left-out lines that are told right."""
    order = list(lines)
    random.Random(1).shuffle(order)
    right = 0
    for fold_at in range(folds):
        kept = [line for at, line in enumerate(order) if at % folds != fold_at]
        matrix, bias = fit(kept, vectors)
        for before, text, label in order[fold_at::folds]:
            right += LABELS[int((_dense(before, text, vectors) @ matrix + bias).argmax())] == label
    return right / len(order)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folds", type=int, default=0)
    folds = parser.parse_args().folds
    lines = read_lines()
    texts = sorted({text for _, text, _ in lines} | {before for before, _, _ in lines if before} | set(NEUTRAL) - {""})
    vectors = asyncio.run(encode(texts))
    if folds:
        sys.stdout.write(f"{len(lines)} utterances, left-out accuracy {measure(lines, vectors, folds):.3f}\n")
        return
    matrix, bias = fit(lines, vectors)
    np.savez_compressed(WEIGHTS, matrix=matrix.astype(np.float16), bias=bias.astype(np.float16))
    sys.stdout.write(f"{len(lines)} utterances, {WEIGHTS.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
