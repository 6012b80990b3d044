"""A message as numbers: its sentence vector, its characters, and those of the line before it."""

import re
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from yingke.kit.recently import recently
from yingke.knowledge.encoder_frames import DIMENSIONS
from yingke.knowledge.fold import fold

TEXT_SLOTS, BEFORE_SLOTS, TRAITS = 4096, 1024, 8
SIZE = DIMENSIONS + TEXT_SLOTS + BEFORE_SLOTS + DIMENSIONS + TRAITS
SHORT = 14
BEFORE_VECTOR_SHARE = 0.5
_BEFORE_CHARS, _BEFORE_SHARE = 40, 0.6
_URL = re.compile(r"https?://\S+")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_NUMBER = re.compile(r"[a-z]*\d[\d\-]{7,}[a-z\d]*")
_DIGITS = re.compile(r"\d+")
_BREAKS = re.compile(r"[\s,，。.!！?？~…、]+")
_LINK_SIGN, _MOBILE_SIGN, _NUMBER_SIGN = "㊀", "㊁", "㊂"
Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Features:
    """Sparse: `places` of the weight matrix with their `values`; two dense blocks beside them."""

    places: NDArray[np.int64]
    values: Vector
    vector: Vector
    before: Vector | None

    def dense(self) -> Vector:
        """All `SIZE` numbers, for training."""
        whole = np.zeros(SIZE, dtype=np.float32)
        whole[self.places] = self.values
        whole[:DIMENSIONS] = self.vector
        if self.before is not None:
            start = DIMENSIONS + TEXT_SLOTS + BEFORE_SLOTS
            whole[start : start + DIMENSIONS] = self.before * BEFORE_VECTOR_SHARE
        return whole


def needs_before(text: str) -> bool:
    """Only a short message takes its meaning from the line before; the vector of that line is then wanted."""
    return len(plain(text)) <= SHORT


@recently
def plain(text: str) -> str:
    """Folded, with links, mobile numbers, order numbers and figures each replaced by one sign."""
    folded = _URL.sub(_LINK_SIGN, fold(text))
    folded = _NUMBER.sub(_NUMBER_SIGN, _MOBILE.sub(_MOBILE_SIGN, folded))
    return _BREAKS.sub(" ", _DIGITS.sub("0", folded)).strip()


def features(text: str, vector: Vector, before: str = "", before_vector: Vector | None = None) -> Features:
    """Of `text` with its sentence vector (512 numbers, length one). `before` is what the other side said last."""
    own = plain(text)
    places = _places(own, 3, "t")
    values = _shares(places, 1.0)
    if before:
        behind = _places_before(plain(before)[-_BEFORE_CHARS:])
        places |= behind
        values += _shares(behind, _BEFORE_SHARE)
    traits = _traits(own, text)
    start = SIZE - TRAITS
    return Features(
        places=np.array([*places, *(start + at for at in traits)], dtype=np.int64),
        values=np.array([*values, *(0.5 for _ in traits)], dtype=np.float32),
        vector=vector,
        before=before_vector if before and len(own) <= SHORT else None,
    )


def _places(text: str, longest: int, kind: str) -> dict[int, float]:
    """Slot → how many different character runs fall into it."""
    runs = set(_runs(f"^{text}$", longest))
    slot_of = _slot_of_text if kind == "t" else _slot_of_before
    slots = [slot_of(run) for run in runs]
    found = dict.fromkeys(slots, 1.0)
    if len(found) < len(slots):
        found = {slot: float(times) for slot, times in Counter(slots).items()}
    return found


@lru_cache(maxsize=1024)
def _places_before(line: str) -> dict[int, float]:
    """Of the other side's line, which often says the same to many; not to be changed."""
    return _places(line, 2, "c")


@lru_cache(maxsize=16_384)
def _slot_of_text(run: str) -> int:
    return DIMENSIONS + _slot("t" + run, TEXT_SLOTS)


@lru_cache(maxsize=8192)
def _slot_of_before(run: str) -> int:
    return DIMENSIONS + TEXT_SLOTS + _slot("c" + run, BEFORE_SLOTS)


def _slot(written: str, slots: int) -> int:
    """By a hash that is the same everywhere."""
    return zlib.crc32(written.encode()) % slots


def _runs(text: str, longest: int) -> Iterable[str]:
    for length in range(1, longest + 1):
        yield from [text[at : at + length] for at in range(len(text) - length + 1)]


def _shares(places: dict[int, float], weight: float) -> list[float]:
    scale = weight / max(1.0, sum(places.values()) ** 0.5)
    return [times * scale for times in places.values()]


def _traits(own: str, text: str) -> list[int]:
    length = len(own)
    held = (
        length <= 2, length <= 4, length <= 8, length > 30, _NUMBER_SIGN in own, _MOBILE_SIGN in own, _LINK_SIGN in own,
        "?" in fold(text) or "吗" in text,
    )  # fmt: skip
    return [at for at, is_so in enumerate(held) if is_so]
