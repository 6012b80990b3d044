"""A message as numbers: its sentence vector, its characters, and those of the line before it."""

import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from operator import add

import numpy as np
from numpy.typing import NDArray

from yingke.kit.recently import recently
from yingke.knowledge.encoder_frames import DIMENSIONS
from yingke.knowledge.fold import fold

TEXT_SLOTS, BEFORE_SLOTS, TRAITS = 4096, 1024, 8
SIZE = DIMENSIONS + TEXT_SLOTS + BEFORE_SLOTS + DIMENSIONS + TRAITS
SHORT = 14
BEFORE_VECTOR_SHARE = TRAIT_SHARE = 0.5
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
    traits = traits_of(text)
    parts = [
        plain_runs(text),
        (np.array(traits, dtype=np.int64) + (SIZE - TRAITS), np.full(len(traits), TRAIT_SHARE, np.float32)),
    ]
    if before:
        parts.append(_weighed(*places_before(line_of(before))))
    return Features(
        places=np.concatenate([places for places, _ in parts]),
        values=np.concatenate([values for _, values in parts]),
        vector=vector,
        before=before_vector if before and len(own) <= SHORT else None,
    )


def plain_runs(text: str) -> tuple[NDArray[np.int64], Vector]:
    """Places and values of the characters of a message alone, without its vector and the line before it."""
    return _weighed(*places_of(text))


@recently
def places_of(text: str) -> tuple[NDArray[np.int64], np.float32]:
    """As `plain_runs`, one place for each run of characters, so that some may stand there twice, and what each counts:
    summing up their rows takes no counting. Not to be changed."""
    return _placed(map(_TEXT_SLOTS.__getitem__, runs_of(f"^{plain(text)}$", 3)), 1.0)


def traits_of(text: str) -> list[int]:
    """Which of the `TRAITS` hold; each counts `TRAIT_SHARE`."""
    return _traits(plain(text), text)


def line_of(before: str) -> str:
    """So much of the other side's line as is read."""
    return plain(before)[-_BEFORE_CHARS:]


@lru_cache(maxsize=1024)
def places_before(line: str) -> tuple[NDArray[np.int64], np.float32]:
    """As `places_of`, of the other side's line, which often says the same to many; not to be changed."""
    return _placed(map(_BEFORE_PLACES.__getitem__, runs_of(f"^{line}$", 2)), _BEFORE_SHARE)


def _placed(slots: Iterable[int], weight: float) -> tuple[NDArray[np.int64], np.float32]:
    """All together of length `weight` or less."""
    places = np.array([*slots], dtype=np.int64)
    return places, np.float32(weight / max(1.0, len(places) ** 0.5))


def _weighed(places: NDArray[np.int64], each: np.float32) -> tuple[NDArray[np.int64], Vector]:
    """Each place once, worth how many different runs fall into it."""
    places, times = np.unique(places, return_counts=True)
    return places, times.astype(np.float32) * each


class Slots(dict[str, int]):
    """Run of characters → its place, by a hash that is the same everywhere; what is asked again is known."""

    def __init__(self, first: int, kind: str, slots: int, most: int = 16_384) -> None:
        self._first, self._slots, self._most = first, slots, most
        self._begun = zlib.crc32(kind.encode())

    def __missing__(self, run: str) -> int:
        if len(self) >= self._most:
            self.clear()
        found = self[run] = self._first + zlib.crc32(run.encode(), self._begun) % self._slots
        return found


_TEXT_SLOTS = Slots(DIMENSIONS, "t", TEXT_SLOTS)
_BEFORE_PLACES = Slots(DIMENSIONS + TEXT_SLOTS, "c", BEFORE_SLOTS)


def runs_of(text: str, longest: int) -> set[str]:
    """All runs of one, two and, if `longest` says so, three characters."""
    pairs = list(map(add, text, text[1:]))
    return {*text, *pairs, *map(add, pairs, text[2:])} if longest > 2 else {*text, *pairs}


def _traits(own: str, text: str) -> list[int]:
    length = len(own)
    held = (
        length <= 2, length <= 4, length <= 8, length > 30, _NUMBER_SIGN in own, _MOBILE_SIGN in own, _LINK_SIGN in own,
        "?" in fold(text) or "吗" in text,
    )  # fmt: skip
    return [at for at, is_so in enumerate(held) if is_so]
