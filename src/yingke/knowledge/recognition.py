"""Reads text off pictures with the models of the extra `ocr`; nothing leaves the machine."""

import importlib.util
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from yingke.knowledge.page_layout import Piece
from yingke.knowledge.parse_frames import OCR_SECONDS
from yingke.knowledge.refusals import Refused
from yingke.knowledge.watch import Watch

if TYPE_CHECKING:
    from PIL.Image import Image

INSTALL = "pip install 'yingke[ocr]'"
MAX_PAGES = 300
MAX_PIXELS = 60_000_000
_WIDEST = 1800
_STRIP = 1600
_SURE = 0.5
_BUDGET = 0.9


def is_recognition_installed() -> bool:
    """Whether the extra `ocr` is there. Looks without importing it."""
    return all(importlib.util.find_spec(name) is not None for name in ("rapidocr", "onnxruntime", "PIL"))


class Recogniser:
    """Loaded once a file, when its first picture is met. One thread; about three seconds of CPU a full page."""

    def __init__(self, watch: Watch) -> None:
        if not is_recognition_installed():
            raise Refused("ocr_missing", INSTALL)
        watch.begin_recognition()
        from rapidocr import RapidOCR

        self._ends = time.process_time() + OCR_SECONDS * _BUDGET
        self._engine: Any = RapidOCR(
            params={
                "Global.log_level": "error",
                "Global.text_score": _SURE,
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                "Det.limit_type": "max",
                "Det.limit_side_len": 1280,
            }
        )
        self.pages = 0
        self.size = (1, 1)
        """Width and height of the last picture as it was read: the places of its pieces are within."""

    @property
    def is_spent(self) -> bool:
        """No page more: so many were read, or so many CPU seconds are gone."""
        return self.pages >= MAX_PAGES or time.process_time() >= self._ends

    def read(self, picture: "Image") -> list[Piece]:
        """Lines of text with their place in pixels. Long pictures are read in strips cut between lines."""
        import numpy as np
        from PIL import ImageOps

        self.pages += 1
        # A telephone stores how it was held instead of turning the picture.
        picture = ImageOps.exif_transpose(picture).convert("RGB")
        if picture.width > _WIDEST:
            picture = picture.resize((_WIDEST, max(1, picture.height * _WIDEST // picture.width)))
        self.size = picture.size
        pixels = np.asarray(picture)[:, :, ::-1]
        pieces: list[Piece] = []
        top = 0
        while top < len(pixels):
            bottom = len(pixels) if len(pixels) - top <= _STRIP * 1.2 else _quiet_row(pixels, top)
            pieces += self._read_strip(pixels[top:bottom], top)
            top = bottom
        return pieces

    def _read_strip(self, pixels: Any, top: int) -> list[Piece]:
        found = self._engine(pixels, use_cls=False)
        if found.txts is None or found.boxes is None:
            return []
        pieces = []
        for text, box in zip(found.txts, found.boxes, strict=True):
            xs, ys = [float(x) for x, _ in box], [float(y) + top for _, y in box]
            pieces.append(Piece(text, min(xs), min(ys), max(xs), max(ys)))
        return pieces


def _quiet_row(pixels: Any, top: int) -> int:
    """The row in the last third of a strip whose pixels differ least: between two lines of text."""
    import numpy as np

    first, last = top + _STRIP * 2 // 3, top + _STRIP
    spread = np.ptp(pixels[first:last].astype(np.int16).sum(axis=2), axis=1)
    return int(first + len(spread) - 1 - int(np.argmin(spread[::-1])))


def open_picture(path: Path | BinaryIO) -> "Image":
    """The picture, not decoded yet; its size is checked from the header. Raises Refused."""
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS * 2
    try:
        picture = Image.open(path)
    except Image.DecompressionBombError as error:
        raise Refused("picture_too_big") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Refused("file_corrupt") from error
    if picture.width * picture.height > MAX_PIXELS:
        raise Refused("picture_too_big")
    return picture
