"""Recognises a file by its content; the extension only tells text formats apart."""

import zipfile
from pathlib import Path

from yingke.knowledge.refusals import Refused
from yingke.knowledge.zip_checks import is_encrypted, open_zip

_ZIP_KINDS = (
    ("word/document.xml", "docx"),
    ("xl/workbook.xml", "xlsx"),
    ("xl/workbook.bin", "xlsx"),
    ("ppt/presentation.xml", "pptx"),
)
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")
_TEXT_FORMATS = {
    "csv": "csv", "tsv": "csv", "md": "md", "markdown": "md", "html": "html", "htm": "html", "xhtml": "html",
    "txt": "txt", "text": "txt", "log": "txt", "json": "json", "jsonl": "json", "ndjson": "json",
}  # fmt: skip
_ORDERS = ("utf-16-le", "utf-16-be")
_BINARY_EXTENSIONS = frozenset((
    "pdf", "docx", "xlsx", "xls", "ods", "doc", "pptx", "ppt", "png", "jpg", "jpeg", "webp", "bmp", "gif", "tif", "tiff", "zip",
))  # fmt: skip


def sniff(path: Path, file_name: str) -> str:
    """One of the parsers' format names. Raises Refused for what cannot or must not be opened."""
    with path.open("rb") as file:
        head = file.read(4096)
    extension = file_name.rpartition(".")[2].lower() if "." in file_name else ""
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _sniff_zip(path, extension)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _sniff_ole(path)
    if head.startswith(_PICTURES) or head[8:12] == b"WEBP":
        return "picture"
    if head.startswith((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"{\\rtf")):
        raise Refused("file_unsupported", extension or "?")
    if head.startswith((b"MZ", b"\x7fELF")):
        raise Refused("file_unsupported", "exe")
    return _sniff_text(head, extension)


def _sniff_zip(path: Path, extension: str) -> str:
    try:
        with open_zip(path) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if any(is_encrypted(entry) for entry in entries):
                raise Refused("file_encrypted")
            found = next((kind for name, kind in _ZIP_KINDS if name in names), None)
            if found is None and "mimetype" in names and "content.xml" in names:
                mime = archive.read("mimetype")[:100]
                found = "ods" if b"spreadsheet" in mime else None
                if b"manifest:encryption-data" in archive.read("META-INF/manifest.xml")[:200_000]:
                    raise Refused("file_encrypted")
            if found is None:
                raise Refused("zip_nested" if extension in ("", "zip") else "file_unsupported", extension)
            _check_doctype(archive, entries)
            return found
    except (zipfile.BadZipFile, KeyError, NotImplementedError, EOFError, ValueError, OSError) as error:
        raise Refused("file_corrupt") from error


def _check_doctype(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Office files never carry a DTD; one that does wants entities expanded or fetched."""
    for entry in entries:
        if entry.filename.endswith((".xml", ".rels")):
            with archive.open(entry) as part:
                head = part.read(8192).replace(b"\x00", b"").upper()
            if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                raise Refused("file_unsafe")


def _sniff_ole(path: Path) -> str:
    """The directory of the old container names its streams in UTF-16."""
    with path.open("rb") as file:
        content = file.read(64 * 1024 * 1024)
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Refused("file_encrypted")
    if "WordDocument".encode("utf-16-le") in content:
        raise Refused("file_old_word")
    if "PowerPoint Document".encode("utf-16-le") in content:
        raise Refused("file_old_slides")
    if "Workbook".encode("utf-16-le") in content or "Book".encode("utf-16-le") in content:
        return "xls"
    raise Refused("file_unsupported", "ole")


def _sniff_text(head: bytes, extension: str) -> str:
    if not _could_be_text(head):
        raise Refused("file_corrupt" if extension in _BINARY_EXTENSIONS else "file_unsupported", extension or "?")
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").replace(b"\x00", b"")[:200].lower()
    if start.startswith((b"<!doctype html", b"<html")) or b"<html" in start:
        return "html"
    if extension in ("svg", "xml") or start.startswith((b"<svg", b"<!doctype svg")) or b"<svg " in start:
        raise Refused("file_unsupported", "svg" if b"<svg" in start else extension)
    if extension in _BINARY_EXTENSIONS:
        raise Refused("file_wrong_type", extension)
    return _TEXT_FORMATS.get(extension, "txt")


def _could_be_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if head.count(0):
        # UTF-16 without a mark: one of the two byte orders must read as letters, signs and Chinese.
        return any(_reads_well(head[: len(head) & ~1].decode(order, errors="replace")) for order in _ORDERS)
    control = sum(byte < 9 or 13 < byte < 27 or 27 < byte < 32 for byte in head)
    return control <= len(head) * 0.005


def _reads_well(text: str) -> bool:
    fine = sum(
        character in "\r\n\t" or " " <= character <= "~" or "\u3000" <= character <= "\u9fff" or character >= "\uff00"
        for character in text
        if character != "\ufffd"
    )
    return fine >= 0.9 * len(text)
