"""Checks an archive from end to end before anything is restored from it, then takes it apart."""

import hashlib
import os
import tarfile
from pathlib import Path
from typing import IO

import msgspec

from yingke.app.backup.manifest import DUMP, FORMAT, MANIFEST, SECRET_KEY, Manifest, damaged, is_known_name, too_new

PIECE = 1024 * 1024


def check_archive(source: Path, newest_revision: str) -> Manifest:
    """Reads every byte. Raises the Problem of a missing, damaged or too new backup."""
    try:
        with tarfile.open(source, "r:") as archive:
            manifest = _read_manifest(archive)
            if manifest.format > FORMAT or int(manifest.revision) > int(newest_revision):
                raise too_new(manifest)
            _compare(archive, manifest)
    except FileNotFoundError as error:
        raise damaged("找不到文件 / no such file") from error
    except (tarfile.TarError, EOFError, OSError) as error:
        raise damaged("不是完整的备份 / not a whole backup") from error
    return manifest


def extract_archive(source: Path, data_dir: Path, dump: Path) -> None:
    """Puts files and key into the data folder and the database's part at `dump`. Only after `check_archive`."""
    with tarfile.open(source, "r:") as archive:
        for member in archive:
            if member.name == MANIFEST:
                continue
            if not is_known_name(member.name):
                raise damaged(member.name)
            target = dump if member.name == DUMP else data_dir / member.name
            target.parent.mkdir(parents=True, exist_ok=True)
            _copy(_opened(archive, member), target, 0o600 if member.name in (SECRET_KEY, DUMP) else 0o644)


def _read_manifest(archive: tarfile.TarFile) -> Manifest:
    try:
        member = archive.getmember(MANIFEST)
        if member.size > 512 * PIECE:
            raise damaged(MANIFEST)
        return msgspec.json.decode(_opened(archive, member).read(), type=Manifest)
    except (KeyError, msgspec.DecodeError) as error:
        raise damaged(MANIFEST) from error


def _compare(archive: tarfile.TarFile, manifest: Manifest) -> None:
    wanted = {part.name: part for part in manifest.parts}
    members = [member for member in archive.getmembers() if member.name != MANIFEST]
    names = [member.name for member in members]
    if sorted(names) != sorted(wanted) or DUMP not in wanted or not all(map(is_known_name, names)):
        raise damaged("内容与清单不符 / contents differ from the manifest")
    for member in members:
        part = wanted[member.name]
        if not member.isreg() or member.size != part.size or _hash(_opened(archive, member)) != part.sha256:
            raise damaged(member.name)


def _opened(archive: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    opened = archive.extractfile(member)
    if opened is None:
        raise damaged(member.name)
    return opened


def _hash(source: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := source.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()


def _copy(source: IO[bytes], target: Path, mode: int) -> None:
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        while piece := source.read(PIECE):
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
