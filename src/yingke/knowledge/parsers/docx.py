"""Word documents: headings by style or by look, tables as rows, text boxes and controls included."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import docx
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from lxml import etree  # type: ignore[import-untyped]

from yingke.knowledge.outline import Outline, numbered_heading_level
from yingke.knowledge.parsers.contract import Draft, Parser
from yingke.knowledge.read_media import read_media
from yingke.knowledge.refusals import Refused
from yingke.knowledge.rows import cell_text, rows_to_sections
from yingke.knowledge.sections import Note

_HEADING_STYLE = re.compile(r"^(?:heading|标题)\s*(\d)$", re.IGNORECASE)
_TINY = 4  # half points
_FORMULA_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


class DocxParser(Parser):
    formats: ClassVar[tuple[str, ...]] = ("docx",)

    def parse(self, path: Path) -> Draft:
        try:
            document = docx.Document(str(path))
            levels = _heading_levels(document.styles.element)
        except (OpcError, KeyError, ValueError, zipfile.BadZipFile, etree.XMLSyntaxError, AttributeError) as error:
            raise Refused("file_corrupt") from error
        outline, title = Outline(), ""
        for block in _blocks(document.element.body):
            if block.tag == qn("w:tbl"):
                outline.add(rows_to_sections(_grid(block), outline.path))
                continue
            text = _paragraph_text(block)
            level = _level(block, text, levels)
            if level == 0:
                title = title or text
            elif level is not None:
                outline.heading(level, text)
            else:
                outline.paragraph(text)
        outline.close()
        runs = document.element.body.iter(qn("w:r"))
        hidden = sum(1 for run in runs if _is_hidden(run) and "".join(run.itertext()).strip())
        sections, notes = read_media(path, "word/media/", outline.sections, self.watch)
        return Draft(sections, title, [*notes, Note("hidden_text", str(hidden))] if hidden else notes)


def _heading_levels(styles: etree._Element) -> dict[str, int]:
    """Style id → heading level; 0 is the document's title. A style takes the level of the one it is based on."""
    own: dict[str, int] = {}
    parents: dict[str, str] = {}
    for style in styles.iter(qn("w:style")):
        style_id = style.get(qn("w:styleId")) or ""
        named = style.find(qn("w:name"))
        name = (named.get(qn("w:val")) or "") if named is not None else ""
        based = style.find(qn("w:basedOn"))
        if based is not None:
            parents[style_id] = based.get(qn("w:val")) or ""
        heading = _HEADING_STYLE.match(name)
        outlined = style.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        if heading:
            own[style_id] = int(heading.group(1))
        elif name.lower() == "title":
            own[style_id] = 0
        elif outlined is not None and (outlined.get(qn("w:val")) or "9") < "6":
            own[style_id] = int(outlined.get(qn("w:val")) or "0") + 1
    for style_id, parent in parents.items():
        if style_id not in own and parent in own:
            own[style_id] = own[parent]
    return own


def _blocks(parent: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables in reading order, also inside content controls."""
    for child in parent:
        if child.tag in (qn("w:p"), qn("w:tbl")):
            yield child
        elif child.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml"), qn("w:smartTag")):
            yield from _blocks(child)


def _paragraph_text(paragraph: etree._Element) -> str:
    parts = []
    for node in _shown(paragraph):
        if node.tag in (qn("w:t"), _FORMULA_TEXT):
            parts.append(node.text or "")
        elif node.tag == qn("w:p"):
            # A text box stands inside the paragraph that it hangs on.
            parts.append("\n")
        elif node.tag == qn("w:tab"):
            parts.append(" ")
        elif node.tag in (qn("w:br"), qn("w:cr")):
            parts.append("\n")
    return re.sub(r"\n{2,}", "\n", "".join(parts)).strip()


def _shown(parent: etree._Element) -> Iterator[etree._Element]:
    """Every node below `parent` but deleted text and the second copy that Word keeps for old programs."""
    for child in parent:
        if child.tag not in (_FALLBACK, qn("w:del"), qn("w:moveFrom"), qn("w:pPr")) and not _is_hidden(child):
            yield child
            yield from _shown(child)


def _is_hidden(node: etree._Element) -> bool:
    """A run set to hidden, as white as the page, or too small to read."""
    if node.tag != qn("w:r"):
        return False
    look = node.find(qn("w:rPr"))
    if look is None:
        return False
    vanish, colour, size = (look.find(qn(name)) for name in ("w:vanish", "w:color", "w:sz"))
    if vanish is not None and vanish.get(qn("w:val")) not in ("0", "false"):
        return True
    if size is not None and (size.get(qn("w:val")) or "").isdecimal() and int(size.get(qn("w:val")) or "24") <= _TINY:
        return True
    white = colour is not None and (colour.get(qn("w:val")) or "").upper() == "FFFFFF"
    return white and not _is_shaded(node)


def _is_shaded(run: etree._Element) -> bool:
    """White letters are meant to be read where a run, paragraph, cell or shape has a ground of its own."""
    for ancestor in (run, *run.iterancestors()):
        if ancestor.tag == qn("w:txbxContent"):
            return True
        marks = ancestor.findall(f"{ancestor.tag}Pr/{qn('w:shd')}") or ancestor.findall(
            f"{ancestor.tag}Pr/{qn('w:highlight')}"
        )
        if any(
            (mark.get(qn("w:fill")) or mark.get(qn("w:val")) or "auto").upper()
            not in ("AUTO", "FFFFFF", "NONE", "WHITE")
            for mark in marks
        ):
            return True
    return False


def _level(paragraph: etree._Element, text: str, levels: dict[str, int]) -> int | None:
    properties = paragraph.find(qn("w:pPr"))
    if properties is not None:
        style = properties.find(qn("w:pStyle"))
        if style is not None and style.get(qn("w:val")) in levels:
            return levels[style.get(qn("w:val")) or ""]
        outlined = properties.find(qn("w:outlineLvl"))
        if outlined is not None and (outlined.get(qn("w:val")) or "9") < "6":
            return int(outlined.get(qn("w:val")) or "0") + 1
    if not text or len(text) > 30 or "\n" in text:
        return None
    return numbered_heading_level(text) or (4 if _is_bold(paragraph) and text[-1] not in "。!！;；,，" else None)


def _is_bold(paragraph: etree._Element) -> bool:
    runs = [run for run in paragraph.iter(qn("w:r")) if "".join(run.itertext()).strip()]
    bold = [run.find(f"{qn('w:rPr')}/{qn('w:b')}") for run in runs]
    return bool(runs) and all(mark is not None and mark.get(qn("w:val")) not in ("0", "false") for mark in bold)


def _grid(table: etree._Element) -> list[list[str]]:
    """Cells by column; merged cells repeat their text downwards and to the right."""
    grid: list[list[str]] = []
    for line in table.findall(qn("w:tr")):
        row: list[str] = []
        for cell in line.iter(qn("w:tc")):
            if cell.getparent() is not None and next(cell.iterancestors(qn("w:tr")), None) is not line:
                continue
            text = cell_text("\n".join(filter(None, (_paragraph_text(p) for p in cell.iter(qn("w:p"))))))
            span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
            wide = int(span.get(qn("w:val")) or "1") if span is not None else 1
            merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
            if merge is not None and merge.get(qn("w:val")) != "restart" and grid and len(row) < len(grid[-1]):
                text = grid[-1][len(row)]
            row += [text] * min(wide, 60)
        grid.append(row)
    return grid
