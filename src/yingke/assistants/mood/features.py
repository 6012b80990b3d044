"""A message as numbers for the mood: its sentence vector, its character runs, and the words that carry feelings."""

import re
import zlib
from dataclasses import dataclass
from math import log1p

import numpy as np
from numpy.typing import NDArray

from yingke.assistants.mood.lexicon import feelings
from yingke.knowledge.encoder_frames import DIMENSIONS
from yingke.knowledge.fold import fold

SLOTS = 4096
TRAITS = 22
SIZE = DIMENSIONS + SLOTS + TRAITS
LONGEST = 400
"""So many signs of a text are read; of a longer one the beginning and the end."""
_NUMBERS = re.compile(r"[a-z]*\d[\d\-]*")
_LINK = re.compile(r"https?://\S+|@\S+")
_SPACES = re.compile(r"\s+")
_SHOUTED = re.compile(r"\b[A-Z]{3,}\b")
_MARKS = re.compile(r"[!?！？]{2,}")
_ASKS = re.compile(r"吗|么[?？]?$|呢[?？]?$|[?？]")
Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Features:
    """Sparse: `places` of the weights behind the vector's with their `values`."""

    places: NDArray[np.int64]
    values: Vector

    def dense(self, vector: Vector | None) -> Vector:
        """All `SIZE` numbers, for training."""
        whole = np.zeros(SIZE, dtype=np.float32)
        np.add.at(whole, self.places, self.values)
        if vector is not None:
            whole[:DIMENSIONS] = vector
        return whole


def features(text: str) -> Features:
    """Everything but the vector."""
    shortened = text if len(text) <= LONGEST else f"{text[: LONGEST // 2]} {text[-LONGEST // 2 :]}"
    plain = _NUMBERS.sub("0", _LINK.sub(" ", fold(shortened)))
    slots = _slots(_SPACES.sub(" ", plain))
    scale = 1.0 / max(1.0, len(slots) ** 0.5)
    traits = _traits(text, plain)
    return Features(
        np.array([*slots, *range(DIMENSIONS + SLOTS, SIZE)], dtype=np.int64),
        np.array([*(scale for _ in slots), *traits], dtype=np.float32),
    )


def _slots(plain: str) -> list[int]:
    runs = {plain[at : at + length] for length in (1, 2, 3) for at in range(len(plain) - length + 1)}
    return [DIMENSIONS + zlib.crc32(run.encode()) % SLOTS for run in runs]


def _traits(text: str, plain: str) -> list[float]:
    found = feelings(plain)
    counts = found.counts
    good, bad = counts["good"] + 0.5 * found.flipped_bad, counts["bad"] + found.flipped_good
    length = max(len(plain), 1)
    is_question = bool(_ASKS.search(plain))
    return [
        log1p(good),
        log1p(bad),
        log1p(counts["angry"]),
        log1p(counts["anxious"]),
        log1p(found.flipped_good),
        log1p(found.flipped_bad),
        (good - bad) / (good + bad + 1.0),
        float(good > 0 and bad == 0),
        float(bad > 0 and good == 0),
        float(counts["angry"] > 0),
        float(counts["anxious"] > 0),
        float(good + bad + counts["angry"] + counts["anxious"] == 0),
        float(found.last > 0),
        float(found.last < 0),
        float(is_question),
        float(is_question and bad + counts["angry"] == 0),
        min(len(_MARKS.findall(text)), 3) / 3,
        min(text.count("!") + text.count("！"), 4) / 4,
        float(bool(_SHOUTED.search(text))),
        float(length <= 4),
        float(length <= 12),
        log1p(length) / 6,
    ]
