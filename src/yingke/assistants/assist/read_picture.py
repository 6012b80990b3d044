"""Reads a picture that an agent shows the assist window, and deletes it at once."""

import asyncio
import tempfile
from pathlib import Path

from litestar.datastructures import UploadFile

from yingke.kit.errors import Problem
from yingke.knowledge.picture_lines import PictureLine, picture_lines
from yingke.knowledge.recognition import INSTALL

LARGEST = 10_000_000
PATIENCE = 60.0
PIECE = 256 * 1024


async def read_picture(upload: UploadFile, *, has_recognition: bool) -> list[PictureLine]:
    """The lines of text. The file lives in a temporary folder until they are read. Raises 413, 422, 503."""
    if not has_recognition:
        raise Problem(
            422,
            "ocr_missing",
            f"服务器还没有安装文字识别，读不了截图。请管理员运行 {INSTALL} 并重启，或直接粘贴文字。",
            f"Text recognition is not installed, so screenshots cannot be read. The operator can run {INSTALL} and"
            " restart; or paste the words.",
        )
    with tempfile.TemporaryDirectory(prefix="yk-look-") as folder:
        path = Path(folder) / "picture"
        await _keep(upload, path)
        try:
            async with asyncio.timeout(PATIENCE):
                return await picture_lines(path, upload.filename or "picture.png")
        except TimeoutError:
            raise Problem(
                503,
                "reading_busy",
                "文字识别正忙，请稍后再试，或直接粘贴文字。",
                "Text recognition is busy. Try again in a moment, or paste the words.",
            ) from None


async def _keep(upload: UploadFile, path: Path) -> None:
    size = 0
    try:
        with path.open("wb") as file:
            while piece := await upload.read(PIECE):
                size += len(piece)
                if size > LARGEST:
                    raise Problem(413, "file_too_big", "截图不能超过 10 MB。", "The picture is larger than 10 MB.")
                file.write(piece)
    finally:
        await upload.close()
