"""The lines of text of one picture with their places, read in the parsing process; for what is looked at once and not kept."""

from pathlib import Path

import msgspec
from msgspec import Struct

from yingke.knowledge.parse_process import run_parse_process
from yingke.knowledge.watch import Watch


class PictureLine(Struct, frozen=True):
    """Places as shares 0..1 of the picture's width and height."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


async def picture_lines(path: Path, file_name: str) -> list[PictureLine]:
    """From top to bottom. Raises Problem(422): no picture, damaged, too big, or the extra `ocr` is missing."""
    content = await run_parse_process("lines", path, file_name, seconds=30, memory_mb=512)
    return msgspec.msgpack.decode(content, type=list[PictureLine])


def read_lines(path: Path, watch: Watch) -> list[PictureLine]:
    """What the process does. Raises Refused."""
    from yingke.knowledge.page_layout import to_lines
    from yingke.knowledge.recognition import Recogniser, open_picture
    from yingke.knowledge.refusals import Refused

    picture = open_picture(path)
    recogniser = Recogniser(watch)
    try:
        pieces = recogniser.read(picture)
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise Refused("file_corrupt") from error
    width, height = recogniser.size
    return [
        PictureLine(one.text, one.left / width, one.top / height, one.right / width, one.bottom / height)
        for line in to_lines(pieces)
        for one in line
    ]
