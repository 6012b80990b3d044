"""Built indexes on this machine's disk: a workspace that was put out of memory is back in a few milliseconds."""

import contextlib
import io
import os
import pickle
import struct
import tempfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from yingke.knowledge.entry import Entry
from yingke.knowledge.index import KnowledgeIndex
from yingke.knowledge.recipe import recipe

MOST_BYTES = 4_000_000_000
_HEAD = struct.Struct("<16sqqI")
_MOST_READ_AGAIN = 2048
"""What is asked for again and again is unpacked once; some 3 KB each."""
_SWEEP_EVERY = 200
Item = TypeVar("Item")


class _Careful(pickle.Unpickler):
    """Makes our own values and arrays only: a file that somebody exchanged cannot run anything."""

    _ALLOWED = frozenset(
        {
            ("builtins", "frozenset"),
            ("builtins", "set"),
            ("datetime", "datetime"),
            ("datetime", "timezone"),
            ("datetime", "timedelta"),
            ("numpy", "dtype"),
            ("numpy", "ndarray"),
            ("numpy._core.multiarray", "_reconstruct"),
            ("numpy._core.numeric", "_frombuffer"),
            ("numpy._core.multiarray", "scalar"),
        }
    )

    def find_class(self, module: str, name: str) -> Any:
        found = super().find_class(module, name) if module.startswith("yingke.knowledge.") else None
        if isinstance(found, type) or (module, name) in self._ALLOWED:
            return found or super().find_class(module, name)
        raise pickle.UnpicklingError("not one of ours")


class Items(Sequence[Item]):
    """Values in their written form; one is read when somebody looks at it, which few ever do."""

    def __init__(self, written: bytes, ends: NDArray[np.int64]) -> None:
        self._written = written
        self._ends = ends
        self._read: dict[int, Item] = {}

    @classmethod
    def of(cls, items: Sequence[Item]) -> "Items[Item]":
        parts = [pickle.dumps(item, protocol=5) for item in items]
        return cls(b"".join(parts), np.cumsum([len(part) for part in parts], dtype=np.int64))

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, at: int) -> Item: ...
    @overload
    def __getitem__(self, at: slice) -> list[Item]: ...
    def __getitem__(self, at: int | slice) -> Item | list[Item]:
        if isinstance(at, slice):
            return [self[position] for position in range(*at.indices(len(self)))]
        item = self._read.get(at)
        if item is None:
            at = range(len(self))[at]
            start = int(self._ends[at - 1]) if at else 0
            item = _read(self._written[start : int(self._ends[at])])
            if len(self._read) >= _MOST_READ_AGAIN:
                self._read.clear()
            self._read[at] = item
        return item

    def __getstate__(self) -> tuple[bytes, NDArray[np.int64]]:
        return self._written, self._ends

    def __setstate__(self, state: tuple[bytes, NDArray[np.int64]]) -> None:
        self._written, self._ends = state
        self._read = {}

    @property
    def memory_bytes(self) -> int:
        return len(self._written) + self._ends.nbytes


class Snapshots:
    """A folder of them, one file a workspace. Losing it costs time only. All methods are for threads but `holds`."""

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES) -> None:
        self._folder = folder
        self._most_bytes = most_bytes
        self._saved = 0
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def holds(self, workspace_id: int, version: int, last_id: int) -> bool:
        """Whether the file was built from just this knowledge by just this program. About 30 µs."""
        try:
            with self._path(workspace_id).open("rb") as file:
                head = file.read(_HEAD.size)
        except OSError:
            return False
        return len(head) == _HEAD.size and _HEAD.unpack(head)[:3] == (recipe().encode(), version, last_id)

    def load(self, workspace_id: int) -> tuple[KnowledgeIndex, int] | None:
        """The index and the bytes it takes in memory; None when the file is damaged or gone."""
        path = self._path(workspace_id)
        try:
            content = path.read_bytes()
            if zlib.crc32(memoryview(content)[_HEAD.size :]) != _HEAD.unpack_from(content)[3]:
                raise pickle.UnpicklingError("damaged")
            state = _read(memoryview(content)[_HEAD.size :])
            os.utime(path)
        except (OSError, pickle.UnpicklingError, EOFError, AttributeError, ImportError, struct.error):
            return None
        return _revive(state), _size(state)

    def save(self, workspace_id: int, version: int, last_id: int, index: KnowledgeIndex) -> tuple[KnowledgeIndex, int]:
        """Writes it, and returns the slimmer index that `load` would give. A full disk only means no file."""
        state = _pack(index)
        body = pickle.dumps(state, protocol=5)
        head = _HEAD.pack(recipe().encode(), version, last_id, zlib.crc32(body))
        with contextlib.suppress(OSError):
            self._write(self._path(workspace_id), head + body)
            self._saved += 1
            if self._saved % _SWEEP_EVERY == 1:
                self._sweep()
        return _revive(state), _size(state)

    def _path(self, workspace_id: int) -> Path:
        return self._folder / f"{workspace_id}.index"

    def _write(self, path: Path, content: bytes) -> None:
        handle, name = tempfile.mkstemp(dir=self._folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise

    def _sweep(self) -> None:
        """The files that nobody looked at for longest go when there are too many."""
        files = sorted(
            ((one.stat().st_mtime, one.stat().st_size, one.path) for one in os.scandir(self._folder)), reverse=True
        )
        total = 0
        for _, size, path in files:
            total += size
            if total > self._most_bytes:
                Path(path).unlink(missing_ok=True)


def _read(written: "bytes | memoryview") -> Any:
    return _Careful(io.BytesIO(written)).load()


def _pack(index: KnowledgeIndex) -> dict[str, Any]:
    """The index's own parts, with entries and readings in their written form and vectors as the database has them."""
    state = dict(vars(index))
    bare = [_without_vector(entry) for entry in index.entries]
    state["entries"] = Items.of(bare)
    state["_readings"] = Items.of(state["_readings"])
    state["_by_id"] = {entry.id: position for position, entry in enumerate(bare)}
    state["_vectors"] = np.asarray(state["_vectors"], dtype=np.float16)
    return state


def _without_vector(entry: Entry) -> Entry:
    values = {name: getattr(entry, name) for name in Entry.__slots__}
    return Entry(**(values | {"vector": np.empty(0, dtype=np.float16)}))


def _revive(state: dict[str, Any]) -> KnowledgeIndex:
    parts = dict(state)
    parts["_vectors"] = parts["_vectors"].astype(np.float32)
    parts["entries"] = _Entries(parts["entries"], parts["_vectors"])
    parts["_by_id"] = _ById(parts["_by_id"], parts["entries"])
    index = KnowledgeIndex.__new__(KnowledgeIndex)
    vars(index).update(parts)
    return index


class _Entries(Sequence[Entry]):
    """Entries with their rows of the index's matrix: nothing is held twice."""

    def __init__(self, items: Items[Entry], vectors: NDArray[np.float32]) -> None:
        self._items = items
        self._vectors = vectors
        self._made: dict[int, Entry] = {}

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, at: int) -> Entry: ...
    @overload
    def __getitem__(self, at: slice) -> list[Entry]: ...
    def __getitem__(self, at: int | slice) -> Entry | list[Entry]:
        if isinstance(at, slice):
            return [self[position] for position in range(*at.indices(len(self)))]
        made = self._made.get(at)
        if made is None:
            at = range(len(self))[at]
            bare = self._items[at]
            values = {name: getattr(bare, name) for name in Entry.__slots__}
            made = Entry(**(values | {"vector": self._vectors[at]}))
            if len(self._made) >= _MOST_READ_AGAIN:
                self._made.clear()
            self._made[at] = made
        return made


class _ById:
    """What the index asks by id."""

    def __init__(self, positions: dict[int, int], entries: Sequence[Entry]) -> None:
        self._positions = positions
        self._entries = entries

    def get(self, passage_id: int) -> Entry | None:
        position = self._positions.get(passage_id)
        return None if position is None else self._entries[position]


def _size(state: dict[str, Any]) -> int:
    """Arrays, terms and written entries; the vectors once more because they are held at double width."""
    sizes = (int(getattr(part, "memory_bytes", 0) or getattr(part, "nbytes", 0)) for part in state.values())
    return int(sum(sizes) + state["_vectors"].nbytes + 400 * len(state["entries"]))
