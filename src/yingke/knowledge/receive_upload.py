"""Takes the file out of a multipart form and stores it before anything points at it."""

import re
from collections.abc import AsyncIterator
from typing import Any

from litestar.datastructures import UploadFile

from yingke.kit.errors import bad_input
from yingke.kit.files import Files
from yingke.kit.text import clean_text
from yingke.knowledge.add_document import Upload

PIECE = 256 * 1024
LONGEST_NAME = 200
# Path signs, control characters, and marks that turn the reading direction and so hide an extension.
_UNWANTED = re.compile(r"[/\\\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


async def receive_upload(files: Files, workspace_id: int, form: dict[str, Any], max_bytes: int) -> Upload:
    """The field `file` of the form, on disk. Raises 400 (missing), 413 (too big), 422 (empty), 507 (disk full)."""
    upload = form.get("file")
    if not isinstance(upload, UploadFile):
        raise bad_input({"file": "missing / 缺少文件"})
    try:
        name = clean_name(upload.filename or "")
        stored = await files.save(workspace_id, _pieces(upload), max_bytes)
    finally:
        await upload.close()
    return Upload(name, stored)


def clean_name(text: str) -> str:
    """A name that can be shown and saved anywhere; the extension survives shortening."""
    name = _UNWANTED.sub("", clean_text(text, 1000, field="file")).strip().strip(".") or "file"
    stem, dot, extension = name.rpartition(".")
    if len(name) <= LONGEST_NAME:
        return name
    return f"{stem[: LONGEST_NAME - 12]}.{extension[:11]}" if dot else name[:LONGEST_NAME]


async def _pieces(upload: UploadFile) -> AsyncIterator[bytes]:
    while piece := await upload.read(PIECE):
        yield piece
