"""A message as numbers for the mood: its sentence vector, its character runs, and the words that carry feelings."""

import re
from dataclasses import dataclass
from math import log1p

import numpy as np
from numpy.typing import NDArray

from yingke.assistants.intents.features import Slots, runs_of
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
_SLOTS = Slots(DIMENSIONS, "", SLOTS)
_TRAIT_PLACES = np.arange(DIMENSIONS + SLOTS, SIZE)
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
    slots, each, traits = read_text(text)
    values = np.full(len(slots) + TRAITS, each, dtype=np.float32)
    values[len(slots) :] = traits
    return Features(np.concatenate((np.array(slots, dtype=np.int64), _TRAIT_PLACES)), values)


def read_text(text: str) -> tuple[list[int], np.float32, list[float]]:
    """The places of its runs of characters, one for each, what each of them counts, and the traits."""
    shortened = text if len(text) <= LONGEST else f"{text[: LONGEST // 2]} {text[-LONGEST // 2 :]}"
    plain = _NUMBERS.sub("0", _LINK.sub(" ", fold(shortened)))
    slots = list(map(_SLOTS.__getitem__, runs_of(_SPACES.sub(" ", plain), 3)))
    return slots, np.float32(1.0 / max(1.0, len(slots) ** 0.5)), _traits(text, plain)


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
