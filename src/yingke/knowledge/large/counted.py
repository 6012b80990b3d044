"""How many passages of a large workspace hold each term: eight bytes a term instead of the term itself."""

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from yingke.knowledge.large.terms_kept import char_hash, word_hash
from yingke.knowledge.postings import Background, rarity_of

_HEAD = struct.Struct("<Idd")
# One question asks for the same term a dozen times, and questions ask for the same terms.
_MOST_KNOWN = 20_000
Numbers = NDArray[np.uint32]


class Counted(Background):
    """Terms by a hash of 32 bits: of 100,000 terms two or three share one, which makes a rare term look less rare."""

    def __init__(
        self, count: int, mean_length: float, hashes: Numbers, holders: Numbers, hash_of: Callable[[str], int]
    ) -> None:
        """`hashes` ascend; `holders` has as many numbers."""
        self.count = count
        self.mean_length = mean_length
        self._hashes = hashes
        self._holders = holders
        self._hash_of = hash_of
        self._known: dict[str, int] = {}

    @property
    def memory_bytes(self) -> int:
        return self._hashes.nbytes + self._holders.nbytes

    def holders(self, term: str) -> int:
        known = self._known.get(term)
        if known is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            known = self._known[term] = self._look_up(term)
        return known

    def _look_up(self, term: str) -> int:
        wanted = np.uint32(self._hash_of(term))
        at = int(np.searchsorted(self._hashes, wanted))
        return int(self._holders[at]) if at < len(self._hashes) and self._hashes[at] == wanted else 0

    def rarity(self, holders: int) -> float:
        """How much a term of so many holders tells."""
        return rarity_of(self.count, holders)


def unpack(content: bytes) -> tuple[Counted, Counted]:
    """(words, characters) from what `Counting.pack` wrote; both share one table. Nothing stands for an empty one."""
    count, word_length, char_length = _HEAD.unpack_from(content) if content else (0, 1.0, 1.0)
    terms = (len(content) - _HEAD.size) // 8 if content else 0
    hashes = np.frombuffer(content, dtype="<u4", count=terms, offset=_HEAD.size if content else 0)
    holders = np.frombuffer(content, dtype="<u4", count=terms, offset=_HEAD.size + 4 * terms if content else 0)
    return (
        Counted(count, word_length, hashes, holders, word_hash),
        Counted(count, char_length, hashes, holders, char_hash),
    )


@dataclass(slots=True)
class Counting:
    """Adds passages page by page."""

    count: int = 0
    lengths: NDArray[np.float64] = field(default_factory=lambda: np.zeros(2))
    parts: list[tuple[Numbers, Numbers]] = field(default_factory=list)

    def add(self, rows: Sequence[Any]) -> Self:
        """`rows` hold hashes and lengths as stored. About 10 ms for 2,000."""
        hashes, holders = np.unique(
            np.frombuffer(b"".join(row["hashes"] for row in rows), dtype="<u4"), return_counts=True
        )
        self.parts.append((hashes, holders.astype(np.uint32)))
        if rows:
            self.lengths += np.array([row["lengths"][:2] for row in rows], dtype=np.float64).sum(axis=0)
        self.count += len(rows)
        return self

    def pack(self) -> bytes:
        every = np.concatenate([hashes for hashes, _ in self.parts])
        hashes, place = np.unique(every, return_inverse=True)
        holders = np.bincount(place, weights=np.concatenate([holders for _, holders in self.parts]))
        means = self.lengths / max(1, self.count)
        head = _HEAD.pack(self.count, float(means[0]), float(means[1]))
        return head + hashes.astype("<u4").tobytes() + holders.astype("<u4").tobytes()
