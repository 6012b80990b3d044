"""Looks at a zip from outside before anything in it is unpacked."""

import struct
import zipfile
from pathlib import Path

from yingke.knowledge.refusals import Refused

MAX_ENTRIES = 20_000
MAX_UNPACKED = 400 * 1024 * 1024
MAX_RATIO = 250
_RATIO_FROM = 8 * 1024 * 1024
_DIRECTORY_BYTES = 8 * 1024 * 1024
_END = struct.Struct("<4s4H2LH")
_END_MARK = b"PK\x05\x06"
_ENCRYPTED = 0x1


def open_zip(path: Path) -> zipfile.ZipFile:
    """Raises Refused: file_bomb, file_corrupt. The directory is measured before it is read into memory."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - 65_536 - _END.size))
        tail = file.read()
    at = tail.rfind(_END_MARK)
    if at < 0 or len(tail) - at < _END.size:
        raise Refused("file_corrupt")
    # 0xFFFFFFFF points to a 64-bit record, which nothing below 4 GB needs.
    if _END.unpack_from(tail, at)[5] > _DIRECTORY_BYTES:
        raise Refused("file_bomb")
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, OSError, struct.error) as error:
        raise Refused("file_corrupt") from error
    try:
        _check_bomb(archive.infolist(), size)
    except Refused:
        archive.close()
        raise
    return archive


def is_encrypted(entry: zipfile.ZipInfo) -> bool:
    return bool(entry.flag_bits & _ENCRYPTED)


def _check_bomb(entries: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    big = [entry for entry in entries if entry.file_size > _RATIO_FROM]
    stretched = any(entry.file_size > MAX_RATIO * max(1, entry.compress_size) for entry in big)
    overlapping = sum(entry.compress_size for entry in entries) > packed + 65_536
    flat = unpacked > _RATIO_FROM * 8 and unpacked > MAX_RATIO * max(1, packed)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or stretched or overlapping or flat:
        raise Refused("file_bomb")
