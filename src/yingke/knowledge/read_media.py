"""The pictures inside a Word or PowerPoint file: read when the file holds no other text, counted otherwise."""

import io
import zipfile
from pathlib import Path

from yingke.knowledge.outline import Outline
from yingke.knowledge.page_layout import add_page, to_lines
from yingke.knowledge.recognition import INSTALL, Recogniser, is_recognition_installed, open_picture
from yingke.knowledge.refusals import Refused
from yingke.knowledge.sections import Note, Section
from yingke.knowledge.watch import Watch

_EXTENSIONS = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff")
_SMALLEST = 30_000
"""Bytes. What is smaller is a logo, an icon or a rule."""
_LARGEST = 40_000_000
_FEW_CHARS = 16


def read_media(path: Path, folder: str, sections: list[Section], watch: Watch) -> tuple[list[Section], list[Note]]:
    """`sections`, or those of the pictures below `folder` where they hold hardly a word; and what to say about it.

    Raises Refused(ocr_missing) when there is nothing but pictures and the extra is not installed.
    """
    with zipfile.ZipFile(path) as archive:
        entries = [
            entry
            for entry in archive.infolist()
            if entry.filename.startswith(folder)
            and entry.filename.lower().endswith(_EXTENSIONS)
            and _SMALLEST <= entry.file_size <= _LARGEST
        ]
        if not entries:
            return sections, []
        if sum(len(section.text) for section in sections) >= _FEW_CHARS:
            return sections, [Note("pictures_unread", str(len(entries)))]
        if not is_recognition_installed():
            raise Refused("ocr_missing", INSTALL)
        recogniser = Recogniser(watch)
        outline = Outline()
        for done, entry in enumerate(entries, start=1):
            if recogniser.is_spent:
                break
            picture = open_picture(io.BytesIO(archive.read(entry)))
            add_page(outline, to_lines(recogniser.read(picture)), None)
            outline.close()
            watch.progress(done, len(entries))
    return [*sections, *outline.sections], [Note("recognised", str(recogniser.pages))]
