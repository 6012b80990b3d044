"""What a file is, by its first bytes; the sender's word for it is never believed."""

import json

PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp"}
"""What a browser may show in line."""

_MARKS: list[tuple[int, bytes, str]] = [
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (4, b"ftyp", "video/mp4"),
    (0, b"OggS", "audio/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
]
_OFFICE = {
    b"word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    b"xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    b"ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


def sniff_media(data: bytes) -> str:
    """A media type; `application/octet-stream` when nothing fits, `text/plain` for readable text (HTML too)."""
    for offset, mark, media_type in _MARKS:
        if data[offset : offset + len(mark)] == mark:
            return media_type
    if data[:4] == b"PK\x03\x04":
        return next((kind for mark, kind in _OFFICE.items() if mark in data), "application/zip")
    head = data[:4096]
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "application/octet-stream"
    if head.lstrip()[:1] in (b"{", b"["):
        try:
            json.loads(data)
        except ValueError:
            return "text/plain"
        return "application/json"
    return "text/plain"
