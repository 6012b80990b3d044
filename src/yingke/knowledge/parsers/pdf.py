"""PDF: lines joined to sentences, tables found by their columns, page furniture removed, scanned pages recognised."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import pypdfium2
import pypdfium2.raw as raw

from yingke.knowledge.outline import Outline
from yingke.knowledge.page_layout import Line, Piece, add_page, add_paragraphs, has_table, to_lines
from yingke.knowledge.parsers.contract import Draft, Parser
from yingke.knowledge.recognition import INSTALL, MAX_PIXELS, Recogniser, is_recognition_installed
from yingke.knowledge.refusals import Refused
from yingke.knowledge.sections import Note
from yingke.knowledge.watch import Watch

MAX_PAGES = 3_000
_PAGE_NUMBER = re.compile(
    r"^[-—\s]*(?:第?\s*\d{1,4}\s*页?|page\s*\d{1,4})(?:\s*[/共of]+\s*\d{1,4}\s*页?)?[-—\s]*$", re.IGNORECASE
)
_PASSWORD = 4
_SCAN_PIXELS = 1240
_FEW_CHARS = 16
_MOST_RECTS = 3_000
_MANY_OUTLINES = 60


class PdfParser(Parser):
    formats: ClassVar[tuple[str, ...]] = ("pdf",)

    def parse(self, path: Path) -> Draft:
        document = _open(path)
        try:
            return _Reading(document, self.watch).read()
        except pypdfium2.PdfiumError as error:
            raise Refused("file_corrupt") from error
        finally:
            document.close()


def _open(path: Path) -> Any:
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        encrypted = getattr(error, "err_code", None) == _PASSWORD or "assword" in str(error)
        raise Refused("file_encrypted" if encrypted else "file_corrupt") from error
    if len(document) > MAX_PAGES:
        document.close()
        raise Refused("file_too_much_text")
    return document


class _Reading:
    """One pass for the text of all pages, one for the pictures among them, then everything in order."""

    def __init__(self, document: Any, watch: Watch) -> None:
        self._document = document
        self._watch = watch
        self._lines: list[list[Line]] = []
        self._notes: list[Note] = []

    def read(self) -> Draft:
        scans = []
        for index in range(len(self._document)):
            lines, is_scan = _page_lines(self._document[index])
            self._lines.append(lines)
            if is_scan:
                scans.append(index)
        self._recognise(scans)
        texts = [[_text(line) for line in lines] for lines in self._lines]
        furniture = _furniture(texts)
        outline = Outline()
        for number, lines in enumerate(self._lines, start=1):
            kept = _without_furniture(lines, furniture)
            if has_table(kept):
                add_page(outline, kept, number)
            else:
                add_paragraphs(outline, [_text(line) for line in kept], number)
        outline.close()
        return Draft(outline.sections, notes=self._notes)

    def _recognise(self, scans: list[int]) -> None:
        if not scans:
            return
        if not is_recognition_installed():
            if len(scans) == len(self._lines):
                raise Refused("ocr_missing", INSTALL)
            self._notes.append(Note("scanned_without_ocr", _ranges([index + 1 for index in scans])))
            return
        recogniser = Recogniser(self._watch)
        for done, index in enumerate(scans):
            if recogniser.is_spent:
                self._notes.append(Note("recognition_stopped", str(scans[done - 1] + 1)))
                break
            page = self._document[index]
            scale = min(_SCAN_PIXELS / max(1.0, page.get_width()), (MAX_PIXELS / 8 / _area(page)) ** 0.5)
            bitmap = page.render(scale=scale)
            found = to_lines(recogniser.read(bitmap.to_pil()))
            if sum(len(_text(line)) for line in found) > sum(len(_text(line)) for line in self._lines[index]):
                self._lines[index] = found
            bitmap.close()
            page.close()
            self._watch.progress(done + 1, len(scans))
        self._notes.append(Note("recognised", str(recogniser.pages)))


def _area(page: Any) -> float:
    width, height = float(page.get_width()), float(page.get_height())
    return max(1.0, width * height)


def _page_lines(page: Any) -> tuple[list[Line], bool]:
    """The lines of the text layer, and whether the page is a picture with hardly any text."""
    text = page.get_textpage()
    content = text.get_text_range().replace("\ufffe", "").replace("\x02", "")
    lines = [" ".join(line.split()) for line in content.splitlines()]
    laid = _laid_lines(text, page.get_height()) if _may_hold_table(lines) else []
    is_scan = len("".join(lines)) < _FEW_CHARS and _shows_something(page)
    text.close()
    page.close()
    return (
        laid if has_table(laid) else [[Piece(line, 0, at, 1, at + 1)] for at, line in enumerate(lines) if line]
    ), is_scan


def _may_hold_table(lines: Sequence[str]) -> bool:
    """Three lines with a blank or three very short ones: cheap to see, and no table is without."""
    return sum(" " in line or 0 < len(line) < 12 for line in lines) >= 3


def _laid_lines(text: Any, height: float) -> list[Line]:
    count = text.count_rects()
    if count > _MOST_RECTS:
        return []
    pieces = []
    for index in range(count):
        left, bottom, right, top = text.get_rect(index)
        inside = " ".join(text.get_text_bounded(left, bottom, right, top).replace("\ufffe", "").split())
        if inside:
            pieces.append(Piece(inside, left, height - top, right, height - bottom))
    return to_lines(pieces)


def _shows_something(page: Any) -> bool:
    """A picture, or letters drawn as outlines."""
    paths = 0
    for shown in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH], max_depth=3):
        paths += shown.type == raw.FPDF_PAGEOBJ_PATH
        if shown.type == raw.FPDF_PAGEOBJ_IMAGE or paths > _MANY_OUTLINES:
            return True
    return False


def _text(line: Line) -> str:
    return "  ".join(piece.text for piece in line)


def _ranges(pages: list[int]) -> str:
    """`1–3, 7` for 1, 2, 3, 7."""
    parts: list[list[int]] = []
    for page in pages:
        if parts and parts[-1][-1] == page - 1:
            parts[-1].append(page)
        else:
            parts.append([page])
    return ", ".join(f"{part[0]}–{part[-1]}" if len(part) > 1 else str(part[0]) for part in parts[:20])


def _shape(line: str) -> str:
    return re.sub(r"\d+", "0", line)


def _without_furniture(lines: list[Line], furniture: set[str]) -> list[Line]:
    edges = (0, 1, len(lines) - 2, len(lines) - 1)
    kept = []
    for at, line in enumerate(lines):
        text = _text(line)
        if not (at in edges and (_PAGE_NUMBER.match(text) or _shape(text) in furniture)):
            kept.append(line)
    return kept


def _furniture(pages: list[list[str]]) -> set[str]:
    """Lines that stand at the top or bottom of most pages, page numbers set aside."""
    if len(pages) < 3:
        return set()
    edges: Counter[str] = Counter()
    for lines in pages:
        edges.update({_shape(line) for line in (*lines[:2], *lines[-2:]) if len(line) < 80})
    return {line for line, count in edges.items() if count > max(2, len(pages) * 0.5)}
