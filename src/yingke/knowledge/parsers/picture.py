"""Photos, screenshots and scans: their text, read by recognition."""

from pathlib import Path
from typing import ClassVar

from yingke.knowledge.outline import Outline
from yingke.knowledge.page_layout import add_page, to_lines
from yingke.knowledge.parsers.contract import Draft, Parser
from yingke.knowledge.recognition import INSTALL, Recogniser, is_recognition_installed, open_picture
from yingke.knowledge.refusals import Refused
from yingke.knowledge.sections import Note


class PictureParser(Parser):
    formats: ClassVar[tuple[str, ...]] = ("picture",)

    def parse(self, path: Path) -> Draft:
        if not is_recognition_installed():
            raise Refused("ocr_missing", INSTALL)
        picture = open_picture(path)
        recogniser = Recogniser(self.watch)
        outline = Outline()
        # Only a TIFF holds pages; the frames of other formats move.
        frames = getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1
        try:
            for frame in range(frames):
                if recogniser.is_spent:
                    break
                picture.seek(frame)
                add_page(outline, to_lines(recogniser.read(picture)), frame + 1 if frames > 1 else None)
                self.watch.progress(frame + 1, frames)
        except (OSError, ValueError, SyntaxError, EOFError) as error:
            raise Refused("file_corrupt") from error
        outline.close()
        return Draft(outline.sections, notes=[Note("recognised", str(recogniser.pages))] if outline.sections else [])
