"""What a zip of documents holds. Each member is to become a document of its own."""

import stat
import struct
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from yingke.kit.errors import Problem
from yingke.knowledge.clean_name import clean_name
from yingke.knowledge.decode import likelihood
from yingke.knowledge.parse_process import MAX_FILE_BYTES
from yingke.knowledge.refusals import Refused, refuse
from yingke.knowledge.zip_checks import is_encrypted, open_zip

MAX_MEMBERS = 2000
PIECE = 256 * 1024
_UTF8_NAME = 0x800
_UNICODE_PATH = 0x7075
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What only stands in the zips that programs make: office files, e-books, drawings, Java and telephone programs.
_OF_PROGRAMS = frozenset(
    ("[Content_Types].xml", "word/document.xml", "xl/workbook.xml", "xl/workbook.bin", "ppt/presentation.xml", "mimetype",
     "content.xml", "Index/Document.iwa", "META-INF/MANIFEST.MF", "AndroidManifest.xml")
)  # fmt: skip
_ARCHIVES = (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz")
_JUNK_FOLDERS = ("__MACOSX",)
_JUNK_NAMES = ("thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class Member:
    """`name` holds no path; `size` is in bytes, unpacked. `problem` says why this one cannot be read; the others can.

    The members of one zip share its open file, which closes with the last of them.
    """

    name: str
    size: int
    problem: Problem | None
    _archive: zipfile.ZipFile
    _entry: zipfile.ZipInfo

    def read(self) -> Iterator[bytes]:
        """The content in pieces. Raises Problem(422, file_corrupt) when the zip is damaged there."""
        try:
            with self._archive.open(self._entry) as part:
                while piece := part.read(PIECE):
                    yield piece
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, struct.error, KeyError):
            raise refuse("file_corrupt") from None


def is_archive(path: Path) -> bool:
    """True for a zip that people made; docx, xlsx, pptx, ods and programs are zips too."""
    with path.open("rb") as file:
        if not file.read(4).startswith((b"PK\x03\x04", b"PK\x05\x06")):
            return False
    try:
        with open_zip(path) as archive:
            return _OF_PROGRAMS.isdisjoint(archive.namelist())
    except Refused as refused:
        raise refuse(refused.code, refused.detail) from None


def list_members(path: Path) -> list[Member]:
    """The files in the zip at `path`, system files left out, in its own order. Blocking: call it in a thread.

    Raises Problem(422): file_bomb, file_corrupt, file_encrypted (all of it), zip_empty, zip_too_many.
    """
    try:
        archive = open_zip(path)
    except Refused as refused:
        raise refuse(refused.code, refused.detail) from None
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    paths = _paths(entries)
    kept = [(entry, PurePosixPath(paths[at])) for at, entry in enumerate(entries) if not _is_junk(paths[at])]
    if not kept:
        raise refuse("zip_empty")
    if len(kept) > MAX_MEMBERS:
        raise refuse("zip_too_many", str(MAX_MEMBERS))
    if all(is_encrypted(entry) for entry, _ in kept):
        raise refuse("file_encrypted")
    same = Counter(inside.name for _, inside in kept)
    return [
        Member(_name(inside, same[inside.name] > 1), entry.file_size, _problem(entry, inside), archive, entry)
        for entry, inside in kept
    ]


def _problem(entry: zipfile.ZipInfo, inside: PurePosixPath) -> Problem | None:
    if stat.S_ISLNK(entry.external_attr >> 16):
        return refuse("zip_link")
    if is_encrypted(entry):
        return refuse("file_encrypted")
    if inside.suffix.lower() in _ARCHIVES:
        return refuse("zip_nested")
    if entry.file_size == 0:
        return refuse("file_empty")
    if entry.file_size > MAX_FILE_BYTES:
        return refuse("file_too_big", str(MAX_FILE_BYTES // (1024 * 1024)))
    # Other methods may ask for gigabytes to unpack a few bytes.
    return None if entry.compress_type in _METHODS else refuse("zip_method")


def _name(inside: PurePosixPath, shared: bool) -> str:
    """Two files of one name in two folders are told apart by their folder."""
    folder = inside.parent.name if shared else ""
    try:
        return clean_name(f"{folder} - {inside.name}" if folder else inside.name)
    except Problem:
        return "file"


def _is_junk(path: str) -> bool:
    inside = PurePosixPath(path)
    name = inside.name.lower()
    return name.startswith((".", "~$")) or name in _JUNK_NAMES or any(part in _JUNK_FOLDERS for part in inside.parts)


def _paths(entries: list[zipfile.ZipInfo]) -> list[str]:
    """Names as their owner wrote them: old programs store GBK or Big5 without saying so. Parts that climb are dropped."""
    raw = [_raw_name(entry) for entry in entries]
    unmarked = b"\n".join(name for name in raw if isinstance(name, bytes))
    encoding = _encoding(unmarked)
    texts = [name.decode(encoding, errors="replace") if isinstance(name, bytes) else name for name in raw]
    return [_inside(text) for text in texts]


def _raw_name(entry: zipfile.ZipInfo) -> str | bytes:
    at = 0
    while at + 4 <= len(entry.extra):
        kind, length = struct.unpack_from("<HH", entry.extra, at)
        if kind == _UNICODE_PATH and length > 5:
            return entry.extra[at + 9 : at + 4 + length].decode("utf-8", errors="replace")
        at += 4 + length
    if entry.flag_bits & _UTF8_NAME:
        return entry.filename
    try:
        return entry.filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename


def _encoding(names: bytes) -> str:
    try:
        names.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        pass
    return max(("gb18030", "big5hkscs"), key=lambda encoding: likelihood(names.decode(encoding, errors="replace")))


def _inside(text: str) -> str:
    parts = [part for part in text.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    if parts and len(parts[0]) == 2 and parts[0][1] == ":":
        parts = parts[1:]
    return "/".join(parts) or "file"
