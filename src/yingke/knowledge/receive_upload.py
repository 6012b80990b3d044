"""Takes the file out of a multipart form and stores it before anything points at it."""

from collections.abc import AsyncIterator
from typing import Any

from litestar.datastructures import UploadFile

from yingke.kit.errors import bad_input
from yingke.kit.files import Files
from yingke.knowledge.add_document import Upload
from yingke.knowledge.clean_name import clean_name

PIECE = 256 * 1024


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


async def _pieces(upload: UploadFile) -> AsyncIterator[bytes]:
    while piece := await upload.read(PIECE):
        yield piece
