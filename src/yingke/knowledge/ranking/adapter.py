"""Bends the encoder's space towards what shoppers mean: one small matrix, learned from our own paraphrases."""

from functools import cache
from importlib.resources import files
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
DIMENSIONS = 512


@cache
def matrix() -> Vectors:
    """(512, 512): a vector times this matrix, brought to length one, is the bent vector.

    Written by tools/ranking/train_adapter.py: what is added to the identity, as whole numbers with a scale for each row.
    """
    with np.load(BytesIO(files("yingke.knowledge.ranking").joinpath("adapter.npz").read_bytes())) as kept:
        added = kept["added"].astype(np.float32) * kept["scale"][:, None]
    return np.asarray(np.eye(DIMENSIONS) + added, dtype=np.float32)


def bent_lengths(vectors: Vectors) -> Vectors:
    """(n, 512) → (n,): one over the length of each bent vector; vectors of another encoder are left as they are."""
    if vectors.shape[1] != DIMENSIONS:
        return np.ones(len(vectors), dtype=np.float32)
    lengths = [np.linalg.norm(vectors[at : at + 2000] @ matrix(), axis=1) for at in range(0, len(vectors), 2000)]
    return np.asarray(1.0 / np.maximum(np.concatenate([*lengths, np.empty(0)]), 1e-6), dtype=np.float32)


def bent_twice(vectors: Vectors) -> Vectors:
    """Questions so that their product with stored vectors, times `bent_lengths`, is the cosine of both when bent.

    Thus what is stored stays as the encoder made it.
    """
    if vectors.shape[1] != DIMENSIONS:
        return vectors
    bent = vectors @ _twice()
    lengths = np.sqrt(np.maximum(np.einsum("ij,ij->i", bent, vectors), 1e-12))
    bent /= lengths[:, None]
    return np.asarray(bent, dtype=np.float32)


@cache
def _twice() -> Vectors:
    """There and back in one: of a vector with its product the square root is the length when bent."""
    return np.asarray(matrix() @ matrix().T, dtype=np.float32)
