"""PDF with a text layer: lines joined to sentences, page furniture removed."""

import re
from collections import Counter
from pathlib import Path
from typing import ClassVar

import pypdfium2

from yingke.knowledge.outline import Outline, numbered_heading_level
from yingke.knowledge.parsers.contract import Draft, Parser
from yingke.knowledge.refusals import Refused

MAX_PAGES = 3_000
_PAGE_NUMBER = re.compile(
    r"^[-—\s]*(?:第?\s*\d{1,4}\s*页?|page\s*\d{1,4})(?:\s*[/共of]+\s*\d{1,4}\s*页?)?[-—\s]*$", re.IGNORECASE
)
_END = re.compile(r"[。！？!?：:；;…”）)】.]$")
_NEW_ITEM = re.compile(
    r"^(?:[-•·●■◆*]|\d{1,2}[.、)）]|[(（][\d一二三四五六七八九十]+[)）]"
    r"|第[一二三四五六七八九十百\d]+[条章节]|[问答QA][:：])"
)
_PASSWORD = 4


class PdfParser(Parser):
    formats: ClassVar[tuple[str, ...]] = ("pdf",)

    def parse(self, path: Path) -> Draft:
        pages = _pages(path)
        furniture = _furniture(pages)
        outline = Outline()
        for number, lines in enumerate(pages, start=1):
            kept = _without_furniture(lines, furniture)
            for paragraph in _joined(kept):
                level = numbered_heading_level(paragraph)
                if level is None:
                    outline.paragraph(paragraph, number)
                else:
                    outline.heading(level, paragraph)
        outline.close()
        return Draft(outline.sections)


def _pages(path: Path) -> list[list[str]]:
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        encrypted = getattr(error, "err_code", None) == _PASSWORD or "assword" in str(error)
        raise Refused("file_encrypted" if encrypted else "file_corrupt") from error
    try:
        if len(document) > MAX_PAGES:
            raise Refused("file_too_much_text")
        pages = []
        for index in range(len(document)):
            page = document[index]
            text = page.get_textpage()
            content = text.get_text_range().replace("\ufffe", "").replace("\x02", "")
            pages.append([" ".join(line.split()) for line in content.splitlines()])
            text.close()
            page.close()
        return pages
    except pypdfium2.PdfiumError as error:
        raise Refused("file_corrupt") from error
    finally:
        document.close()


def _shape(line: str) -> str:
    return re.sub(r"\d+", "0", line)


def _without_furniture(lines: list[str], furniture: set[str]) -> list[str]:
    full = [line for line in lines if line]
    edges = (0, 1, len(full) - 2, len(full) - 1)
    return [
        line
        for at, line in enumerate(full)
        if not (at in edges and (_PAGE_NUMBER.match(line) or _shape(line) in furniture))
    ]


def _furniture(pages: list[list[str]]) -> set[str]:
    """Lines that stand at the top or bottom of most pages, page numbers set aside."""
    if len(pages) < 3:
        return set()
    edges: Counter[str] = Counter()
    for lines in pages:
        full = [line for line in lines if line]
        edges.update({_shape(line) for line in (*full[:2], *full[-2:]) if len(line) < 80})
    return {line for line, count in edges.items() if count > max(2, len(pages) * 0.5)}


def _joined(lines: list[str]) -> list[str]:
    """Paragraphs. A line goes on while it is nearly as long as the longest ones and does not end a sentence."""
    if not lines:
        return []
    lengths = sorted(len(line) for line in lines)
    full = lengths[int(len(lengths) * 0.8)]
    paragraphs: list[str] = []
    goes_on = False
    for line in lines:
        if goes_on and not _NEW_ITEM.match(line) and numbered_heading_level(line) is None:
            space = " " if paragraphs[-1][-1].isascii() and line[0].isascii() else ""
            paragraphs[-1] += space + line
        else:
            paragraphs.append(line)
        goes_on = len(line) >= full * 0.75 and not (_END.search(line) and len(line) < full * 0.95)
    return paragraphs
