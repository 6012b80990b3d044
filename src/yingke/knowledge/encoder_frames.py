"""The bytes between an app process and the encoder process.

Request: header (u32 length of the body, u32 number, u8 priority), then for each text u32 length and UTF-8.
Reply: header (u32 length, u32 number), then float32 rows of 512 in the machine's byte order.
"""

import struct
from collections.abc import Sequence

DIMENSIONS = 512
LIVE, BULK, LATER = 0, 1, 2
"""A customer waits for it; documents; whatever follows from a turn and waits until no customer does."""
HEADER = struct.Struct("=IIB")
REPLY = struct.Struct("=II")
_LENGTH = struct.Struct("=I")
_MAX_TEXT_BYTES = 2400


def request_frame(number: int, priority: int, texts: Sequence[str]) -> bytes:
    """One frame. Texts are cut at 800 Chinese characters: the encoder averages, more would only blur."""
    parts = []
    for text in texts:
        content = text.encode("utf-8", errors="replace")[:_MAX_TEXT_BYTES]
        parts += [_LENGTH.pack(len(content)), content]
    body = b"".join(parts)
    return HEADER.pack(len(body), number, priority) + body


def read_texts(body: bytes) -> list[str]:
    """The texts of a request body; raises ValueError or struct.error when the lengths do not fit."""
    texts, at = [], 0
    while at < len(body):
        (length,) = _LENGTH.unpack_from(body, at)
        at += _LENGTH.size
        if at + length > len(body):
            raise ValueError("text runs past the frame")
        texts.append(body[at : at + length].decode("utf-8", errors="ignore"))
        at += length
    return texts
