"""Slides: titles as headings, lists, tables as rows, notes; read from the XML, nothing of the package is run."""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from lxml import etree  # type: ignore[import-untyped]

from yingke.knowledge.outline import Outline
from yingke.knowledge.parsers.contract import Draft, Parser
from yingke.knowledge.read_media import read_media
from yingke.knowledge.refusals import Refused
from yingke.knowledge.rows import cell_text, rows_to_sections
from yingke.knowledge.sections import Note

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_TITLES = ("title", "ctrTitle")
_FURNITURE = ("dt", "ftr", "sldNum", "hdr")
_SLIDE_NUMBER = re.compile(r"^\s*[‹<]?#?\d*[›>]?\s*$")
MAX_SLIDES = 2_000
MAX_PART = 64 * 1024 * 1024


class PptxParser(Parser):
    formats: ClassVar[tuple[str, ...]] = ("pptx",)

    def parse(self, path: Path) -> Draft:
        try:
            with zipfile.ZipFile(path) as archive:
                draft = _Slides(archive).read()
            sections, notes = read_media(path, "ppt/media/", draft.sections, self.watch)
            return Draft(sections, draft.title, [*draft.notes, *notes])
        except (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError, etree.XMLSyntaxError) as error:
            raise Refused("file_corrupt") from error


class _Slides:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._outline = Outline()
        self._hidden = 0

    def read(self) -> Draft:
        names = self._names()
        title = ""
        for name in names:
            slide = self._part(name)
            if slide.get("show") in ("0", "false"):
                self._hidden += 1
                continue
            shown = self._slide(slide, name)
            title = title or shown
        self._outline.close()
        notes = [Note("hidden_slides", str(self._hidden))] if self._hidden else []
        return Draft(self._outline.sections, title, notes)

    def _names(self) -> list[str]:
        """The parts of the slides in the order in which they are shown."""
        presentation = self._part("ppt/presentation.xml")
        targets = self._relations("ppt/presentation.xml")
        wanted = [slide.get(f"{_R}id") for slide in presentation.iter(f"{_P}sldId")]
        if len(wanted) > MAX_SLIDES:
            raise Refused("file_too_much_text")
        return [targets[key] for key in wanted if key in targets]

    def _slide(self, slide: etree._Element, name: str) -> str:
        """Adds one slide and returns its title."""
        shapes = list(_shapes(slide))
        titles = [_paragraphs(shape) for shape in shapes if _placeholder(shape) in _TITLES]
        title = " ".join(line for lines in titles for line in lines)
        self._outline.close()
        if title:
            self._outline.heading(1, title)
        for shape in shapes:
            table = shape.find(f".//{_A}tbl")
            if table is not None:
                self._outline.add(rows_to_sections(_grid(table), self._outline.path))
            elif _placeholder(shape) not in (*_TITLES, *_FURNITURE):
                for line in _paragraphs(shape):
                    self._outline.paragraph(line)
        self._linked(name)
        return title

    def _linked(self, name: str) -> None:
        """The words of a drawing (SmartArt) and the speaker's notes."""
        for target in self._relations(name).values():
            if target.startswith("ppt/diagrams/data"):
                for line in _paragraphs(self._part(target)):
                    self._outline.paragraph(line)
        for target in self._relations(name).values():
            if target.startswith("ppt/notesSlides/"):
                lines = [
                    line
                    for shape in _shapes(self._part(target))
                    if _placeholder(shape) == "body"
                    for line in _paragraphs(shape)
                ]
                if lines:
                    self._outline.heading(2, "备注")
                    for line in lines:
                        self._outline.paragraph(line)

    def _relations(self, name: str) -> dict[str, str]:
        """Id → part, for what lies inside the package."""
        folder, _, file = name.rpartition("/")
        path = f"{folder}/_rels/{file}.rels"
        if path not in self._archive.NameToInfo:
            return {}
        found = {}
        for relation in self._part(path):
            if relation.get("TargetMode") != "External":
                target = posixpath.join("/" + folder, relation.get("Target", ""))
                found[relation.get("Id", "")] = posixpath.normpath(target).lstrip("/")
        return found

    def _part(self, name: str) -> etree._Element:
        if self._archive.getinfo(name).file_size > MAX_PART:
            raise Refused("file_too_much_text")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        return etree.fromstring(self._archive.read(name), parser)


def _shapes(parent: etree._Element) -> Iterator[etree._Element]:
    """Shapes and table frames in drawing order; groups are opened, copies for old programs are not."""
    for child in parent.iter(f"{_P}sp", f"{_P}graphicFrame"):
        if next(child.iterancestors(_FALLBACK), None) is None:
            yield child


def _placeholder(shape: etree._Element) -> str:
    mark = shape.find(f".//{_P}nvPr/{_P}ph")
    return (mark.get("type") or "body") if mark is not None else ""


def _paragraphs(parent: etree._Element) -> list[str]:
    lines = []
    for paragraph in parent.iter(f"{_A}p"):
        text = "".join(
            (node.text or "") if node.tag == f"{_A}t" else "\n" for node in paragraph.iter(f"{_A}t", f"{_A}br")
        ).strip()
        if text and not _SLIDE_NUMBER.match(text):
            lines.append(text)
    return lines


def _grid(table: etree._Element) -> list[list[str]]:
    """Cells by column. A merged cell repeats its text."""
    grid: list[list[str]] = []
    for line in table.iter(f"{_A}tr"):
        row: list[str] = []
        for cell in line.iter(f"{_A}tc"):
            text = cell_text("\n".join(_paragraphs(cell)))
            if cell.get("vMerge") in ("1", "true") and grid and len(row) < len(grid[-1]):
                text = grid[-1][len(row)]
            elif cell.get("hMerge") in ("1", "true") and row:
                text = row[-1]
            row.append(text)
        grid.append(row)
    return grid
