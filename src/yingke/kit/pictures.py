"""Pictures without what they should not tell (place, camera, comments), and their size, from the bytes alone."""

import struct

_PNG_PRIVATE = {b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"}
_WEBP_PRIVATE = {b"EXIF", b"XMP "}
# APP1 (Exif, XMP), APP13 (IPTC) and comments; APP0 and APP2 (colour profile) stay.
_JPEG_PRIVATE = {0xE1, 0xED, 0xFE}


def clean_picture(data: bytes, media_type: str) -> bytes:
    """The same picture without Exif, XMP, IPTC and comments. A picture that cannot be read stays as it is.

    A JPEG's rotation lives in Exif; it is kept as a minimal Exif of its own.
    """
    try:
        if media_type == "image/jpeg":
            return _clean_jpeg(data)
        if media_type == "image/png":
            return _clean_png(data)
        if media_type == "image/webp":
            return _clean_webp(data)
    except (struct.error, IndexError):
        return data
    return data


def read_size(data: bytes, media_type: str) -> tuple[int, int] | None:
    """(width, height) in pixels, or None."""
    try:
        if media_type == "image/png":
            width, height = struct.unpack(">II", data[16:24])
        elif media_type == "image/gif":
            width, height = struct.unpack("<HH", data[6:10])
        elif media_type == "image/jpeg":
            return _jpeg_size(data)
        elif media_type == "image/webp":
            return _webp_size(data)
        else:
            return None
    except (struct.error, IndexError):
        return None
    return (width, height)


def _jpeg_segments(data: bytes) -> "list[tuple[int, int, int]]":
    """(marker, start, end) of each segment up to the picture data."""
    found, at = [], 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        length = struct.unpack(">H", data[at + 2 : at + 4])[0]
        found.append((marker, at, at + 2 + length))
        if marker == 0xDA:
            break
        at += 2 + length
    return found


def _clean_jpeg(data: bytes) -> bytes:
    kept, rotation, end = [data[:2]], 1, 2
    for marker, start, stop in _jpeg_segments(data):
        if marker == 0xDA:
            end = start
            break
        end = stop
        if marker == 0xE1 and data[start + 4 : start + 10] == b"Exif\0\0":
            rotation = _exif_rotation(data[start + 10 : stop])
        if marker not in _JPEG_PRIVATE:
            kept.append(data[start:stop])
    if rotation != 1:
        body = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01" + struct.pack(">H", rotation) + b"\0\0\0\0\0\0"
        kept.insert(1, b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body)
    return b"".join(kept) + data[end:]


def _exif_rotation(tiff: bytes) -> int:
    order = "<" if tiff[:2] == b"II" else ">"
    at = struct.unpack(order + "I", tiff[4:8])[0]
    count = struct.unpack(order + "H", tiff[at : at + 2])[0]
    for index in range(min(count, 64)):
        entry = tiff[at + 2 + index * 12 : at + 14 + index * 12]
        if struct.unpack(order + "H", entry[:2])[0] == 0x0112:
            rotation = int(struct.unpack(order + "H", entry[8:10])[0])
            return rotation if 1 <= rotation <= 8 else 1
    return 1


def _clean_png(data: bytes) -> bytes:
    kept, at = [data[:8]], 8
    while at + 12 <= len(data):
        length = struct.unpack(">I", data[at : at + 4])[0]
        if data[at + 4 : at + 8] not in _PNG_PRIVATE:
            kept.append(data[at : at + 12 + length])
        at += 12 + length
    return b"".join(kept)


def _clean_webp(data: bytes) -> bytes:
    kept, at = [], 12
    while at + 8 <= len(data):
        name = data[at : at + 4]
        length = struct.unpack("<I", data[at + 4 : at + 8])[0]
        stop = at + 8 + length + length % 2
        if name == b"VP8X":
            kept.append(data[at : at + 8] + bytes([data[at + 8] & ~0x0C]) + data[at + 9 : stop])
        elif name not in _WEBP_PRIVATE:
            kept.append(data[at:stop])
        at = stop
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    for marker, start, _ in _jpeg_segments(data):
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[start + 5 : start + 9])
            return (width, height)
    return None


def _webp_size(data: bytes) -> tuple[int, int] | None:
    form = data[12:16]
    if form == b"VP8X":
        return (int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1)
    if form == b"VP8 ":
        width, height = struct.unpack("<HH", data[26:30])
        return (width & 0x3FFF, height & 0x3FFF)
    if form == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    return None
