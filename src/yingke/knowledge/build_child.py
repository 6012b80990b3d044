"""The process that builds indexes while a heap of files is learned, so that the server only has to load them.

It reads lines: first where the database and the snapshots are, then workspaces. It answers each with a line.
"""

import asyncio
import ctypes
import os
import pickle
import signal
import sys
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from yingke.kit.db import Database
from yingke.kit.errors import Problem
from yingke.knowledge.encoder_frames import DIMENSIONS
from yingke.knowledge.entry import Entry
from yingke.knowledge.index import KnowledgeIndex, Prepared, prepare
from yingke.knowledge.prepared_before import content_of
from yingke.knowledge.read_entries import entry_of, matrix_of, read_entries
from yingke.knowledge.snapshots import Snapshots

IDLE_SECONDS = 60.0
NICE = 10
_PR_SET_PDEATHSIG = 1


class Place(msgspec.Struct):
    """Where to work. `dsn` logs in as `yingke_app`."""

    dsn: str
    folder: str


class Wish(msgspec.Struct):
    workspace_id: int


class Built(msgspec.Struct):
    """What lies among the snapshots now, with what the workspace had decided at that moment."""

    version: int
    last_id: int
    answering: dict[str, Any]
    search: dict[str, Any]


class Kept:
    """What was prepared for the build before, in written form: of a heap of files most passages are known."""

    def __init__(self) -> None:
        self._workspace_id = 0
        self._written: dict[int, tuple[int, bytes]] = {}

    def prepare(self, workspace_id: int, entries: list[Entry]) -> list[Prepared]:
        if workspace_id != self._workspace_id:
            self._workspace_id, self._written = workspace_id, {}
        before, self._written = self._written, {}
        return [self._prepare(entry, before.get(entry.id)) for entry in entries]

    def _prepare(self, entry: Entry, before: tuple[int, bytes] | None) -> Prepared:
        content = hash(content_of(entry))
        if before is not None and before[0] == content:
            self._written[entry.id] = before
            known: Prepared = pickle.loads(before[1])
            return known
        prepared = prepare(entry)
        self._written[entry.id] = content, pickle.dumps(prepared, protocol=5)
        return prepared


async def build(db: Database, snapshots: Snapshots, kept: Kept, workspace_id: int) -> Built | None:
    """None for a workspace that is empty, or large and searched in the database."""
    moment = await read_entries(db, workspace_id, None, partial(snapshots.holds, workspace_id))
    if moment.counted is not None or moment.rows == []:
        return None
    if moment.rows is not None:
        vectors = matrix_of(moment.rows, DIMENSIONS)
        entries = [entry_of(row, vector) for row, vector in zip(moment.rows, vectors, strict=True)]
        index = KnowledgeIndex(
            entries, vectors, prepared=kept.prepare(workspace_id, entries), answering=moment.answering
        )
        snapshots.save(workspace_id, moment.version, moment.last_id, index)
    return Built(moment.version, moment.last_id, moment.answering, moment.search)


async def _serve() -> None:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    place = msgspec.json.decode(await reader.readline(), type=Place)
    db = await Database.open(place.dsn, 1, "yingke-build")
    snapshots, kept = Snapshots(Path(place.folder)), Kept()
    while line := await _next_line(reader):
        wish = msgspec.json.decode(line, type=Wish)
        try:
            built = await build(db, snapshots, kept, wish.workspace_id)
        except Problem:
            built = None
        sys.stdout.buffer.write(msgspec.json.encode(built) + b"\n")
        sys.stdout.buffer.flush()
    await db.close()


async def _next_line(reader: asyncio.StreamReader) -> bytes:
    """Nothing when the server has gone or has wanted nothing for a minute."""
    try:
        async with asyncio.timeout(IDLE_SECONDS):
            return await reader.readline()
    except TimeoutError:
        return b""


def main() -> None:
    """Argument: the parent's id. Dies with its parent and gives way to everything else."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(NICE)
    if os.getppid() == int(sys.argv[1]):
        asyncio.run(_serve())


if __name__ == "__main__":
    main()
