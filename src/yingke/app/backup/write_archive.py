"""Writes the archive: a plain tar beside its final place, made durable, then moved there in one step."""

import hashlib
import io
import os
import secrets
import tarfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import msgspec

from yingke.app.backup.manifest import DUMP, FORMAT, MANIFEST, SECRET_KEY, Manifest, Part

Progress = Callable[[int, int], None]
"""(parts done, parts in all)"""


class Hashing(io.RawIOBase):
    """Hashes what is read through it."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self.digest.update(data)
        return data


def write_archive(
    target: Path,
    dump: Path,
    data_dir: Path,
    about: tuple[str, str, str, datetime],
    *,
    with_secret_key: bool,
    progress: Progress,
) -> Manifest:
    """`about`: version, revision, server, time. The target appears whole or not at all. Raises OSError."""
    sources = [(DUMP, dump), *stored_files(data_dir / "files")]
    if with_secret_key and (data_dir / SECRET_KEY).is_file():
        sources.append((SECRET_KEY, data_dir / SECRET_KEY))
    fresh = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            parts = []
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
                for done, (name, path) in enumerate(sources, 1):
                    parts.append(_add(archive, name, path))
                    progress(done, len(sources))
                version, revision, server, moment = about
                manifest = Manifest(FORMAT, version, revision, server, moment, parts)
                body = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
                archive.addfile(_member(MANIFEST, len(body)), io.BytesIO(body))
            file.flush()
            os.fsync(file.fileno())
        fresh.rename(target)
        _sync_folder(target.parent)
    finally:
        fresh.unlink(missing_ok=True)
    return manifest


def stored_files(folder: Path) -> list[tuple[str, Path]]:
    """(name in the archive, path) of every whole file; what is being written at this moment is left out."""
    return sorted(_walk(folder)) if folder.is_dir() else []


def _walk(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in folder.glob("*/??/*"):
        if path.is_file() and not path.name.startswith("."):
            yield f"files/{path.relative_to(folder).as_posix()}", path


def _add(archive: tarfile.TarFile, name: str, path: Path) -> Part:
    with path.open("rb") as source:
        size = os.fstat(source.fileno()).st_size
        hashing = Hashing(source)
        archive.addfile(_member(name, size), hashing)
    return Part(name, size, hashing.digest.hexdigest())


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
