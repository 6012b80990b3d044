"""A passage's terms as they are stored for the closer look: four bytes and a count each."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

import msgspec
import numpy as np
from numpy.typing import NDArray

from yingke.knowledge.entry import Entry
from yingke.knowledge.index import Prepared
from yingke.knowledge.ranking.adapter import bent_lengths

_LONGEST = 200
_TENTHS = 10


@dataclass(frozen=True, slots=True)
class Stored:
    """A prepared passage in its stored form; `searched` are the terms it can be found by."""

    searched: list[str]
    hashes: bytes
    counts: bytes
    lengths: list[float]
    """In words, in characters, and what brings the bent vector to length one."""
    reading: bytes


_decoder = msgspec.msgpack.Decoder(Prepared)


def store(entry: Entry, prepared: Prepared) -> Stored:
    """Words, characters and concepts keep only a hash; a reading is kept whole."""
    said, hinted = prepared.reading.said, prepared.reading.hinted
    concepts = {concept: 1.0 if concept in said else 0.5 for concept in sorted(said | hinted)}
    hashes = [
        *map(word_hash, prepared.words),
        *map(char_hash, prepared.chars),
        *map(concept_hash, concepts),
        *([PAIR_HASH] if entry.kind == "qa" else []),
    ]
    values = [*prepared.words.values(), *prepared.chars.values(), *concepts.values(), *([1.0] * (entry.kind == "qa"))]
    counts = np.array(values, dtype=np.float32) * _TENTHS
    vector = np.asarray(entry.vector, dtype=np.float32)[None, :]
    lengths = (sum(prepared.words.values()), sum(prepared.chars.values()))
    return Stored(
        searched=sorted(term for term in {*prepared.words, *prepared.chars} if narrows(term)),
        hashes=np.array(hashes, dtype="<u4").tobytes(),
        counts=np.clip(np.rint(counts), 1, 255).astype(np.uint8).tobytes(),
        lengths=[*lengths, float(bent_lengths(vector)[0])],
        reading=msgspec.msgpack.encode(replace(prepared, words={}, chars={}, lengths=lengths)),
    )


def read_again(reading: bytes, words: Mapping[str, float], chars: Mapping[str, float]) -> Prepared:
    """What was stored, with the terms of a question that it holds."""
    return replace(_decoder.decode(reading), words=dict(words), chars=dict(chars))


def counts_of(stored: bytes) -> NDArray[np.float32]:
    return np.frombuffer(stored, dtype=np.uint8).astype(np.float32) / np.float32(_TENTHS)


def narrows(term: str) -> bool:
    """Single characters stand in too many passages to be searched by."""
    return 1 < len(term) <= _LONGEST


def long_hash(term: str) -> int:
    """64 bits, the same on every machine."""
    return int.from_bytes(hashlib.blake2b(term.encode("utf-8", "replace"), digest_size=8).digest(), "little")


PAIR_HASH = long_hash("\0pair") & 0xFFFFFFFF
"""Held by what is a stored question."""


def word_hash(term: str) -> int:
    return long_hash(term) & 0xFFFFFFFF


def char_hash(term: str) -> int:
    """Another one than `word_hash`: a word of two characters is a pair of characters as well."""
    return long_hash(term) >> 32


def concept_hash(concept: int) -> int:
    """`concept` is a position in the lexicon of the program that stores and asks, see `recipe`."""
    return long_hash(f"\0{concept}") & 0xFFFFFFFF
