"""Web pages: the readable part without scripts, styles and navigation."""

import re
from pathlib import Path
from typing import ClassVar

from selectolax.lexbor import LexborHTMLParser, LexborNode

from yingke.knowledge.decode import decode
from yingke.knowledge.outline import Outline
from yingke.knowledge.parsers.contract import Draft, Parser
from yingke.knowledge.refusals import Refused
from yingke.knowledge.rows import cell_text, rows_to_sections
from yingke.knowledge.sections import Note

_DROPPED = ["script", "style", "noscript", "template", "svg", "nav", "footer", "aside", "form", "iframe", "head"]
_BLOCKS = frozenset(
    ("p", "div", "section", "article", "li", "ul", "ol", "dl", "dt", "dd", "blockquote", "pre", "main", "header",
     "body", "figure", "figcaption", "tr", "address", "details", "summary", "center", "td", "th")
)  # fmt: skip
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0*\.?0+\s*(?:;|$)"
    r"|font-size\s*:\s*(?:0|[01](?:\.\d+)?px|[01](?:\.\d+)?pt)\s*(?:;|$|!)"
    r"|(?:text-indent|left|top)\s*:\s*-\d{4,}(?:px|em)",
    re.IGNORECASE,
)
_WHITE = re.compile(r"(?<![-\w])color\s*:\s*(?:white|#fff(?:fff)?|rgba?\(\s*255\s*,\s*255\s*,\s*255)", re.IGNORECASE)
_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
_MAX_DEPTH = 200
_TERMS, _LISTS_OF_TERMS, _TERM_LEVEL = ("dt", "summary"), ("dl", "details"), 7


class HtmlParser(Parser):
    formats: ClassVar[tuple[str, ...]] = ("html",)

    def parse(self, path: Path) -> Draft:
        tree = LexborHTMLParser(_text(path.read_bytes()))
        named = tree.css_first("title")
        title = " ".join(named.text().split()) if named else ""
        tree.strip_tags(_DROPPED)
        body = tree.body
        if body is None:
            raise Refused("file_no_text")
        walk = _Walk()
        walk.visit(body, 0)
        walk.flush()
        walk.outline.close()
        notes = [Note("hidden_text", str(walk.hidden))] if walk.hidden else []
        return Draft(walk.outline.sections, title, notes)


class _Walk:
    """Collects inline text until a block begins or ends."""

    def __init__(self) -> None:
        self.outline = Outline()
        self.hidden = 0
        self._inline: list[str] = []

    def flush(self) -> None:
        text = " ".join("".join(self._inline).split())
        self._inline = []
        if text:
            self.outline.paragraph(text)

    def visit(self, node: LexborNode, depth: int) -> None:
        if depth > _MAX_DEPTH:
            self._inline.append(node.text(deep=True))
            return
        child = node.child
        while child is not None:
            self._visit_child(child, child.tag or "", depth)
            child = child.next

    def _visit_child(self, child: LexborNode, tag: str, depth: int) -> None:
        if tag == "-text":
            self._inline.append(child.text(deep=False))
        elif _is_hidden(child):
            self.hidden += bool(child.text(deep=True).strip())
        elif tag == "table" and child.css_first("table table") is None:
            self.flush()
            self.outline.add(rows_to_sections(_grid(child), self.outline.path, has_header=_is_headed(child)))
        elif len(tag) == 2 and tag[0] == "h" and tag[1] in "123456":
            self.flush()
            self.outline.heading(int(tag[1]), child.text(deep=True))
        elif tag in _TERMS:
            # What folds open and what is defined: the words that are always shown head those that follow.
            self.flush()
            self.outline.heading(_TERM_LEVEL, child.text(deep=True))
        elif tag == "br":
            self.flush()
        elif tag in _BLOCKS:
            self.flush()
            self.visit(child, depth + 1)
            self.flush()
            if tag in _LISTS_OF_TERMS:
                self.outline.leave(_TERM_LEVEL)
        elif tag != "-comment":
            self.visit(child, depth + 1)


def _is_headed(table: LexborNode) -> bool:
    first = table.css_first("tr")
    return first is not None and bool(first.css("th")) and not first.css("td")


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    style = attributes.get("style") or ""
    if "hidden" in attributes or _HIDDEN.search(style):
        return True
    return bool(_WHITE.search(style)) and not _has_ground(node)


def _has_ground(node: LexborNode | None) -> bool:
    """White letters are meant to be read on a coloured ground; one that a style sheet sets is given the benefit."""
    while node is not None:
        attributes = node.attributes
        if "background" in (attributes.get("style") or "") or "bgcolor" in attributes or "class" in attributes:
            return True
        node = node.parent
    return False


def _grid(table: LexborNode) -> list[list[str]]:
    grid: list[list[str]] = []
    pending: dict[tuple[int, int], str] = {}
    for y, line in enumerate(table.css("tr")):
        row: list[str] = []
        for cell in line.css("td, th"):
            while (y, len(row)) in pending:
                row.append(pending.pop((y, len(row))))
            text = cell_text(" ".join(cell.text(deep=True, separator=" ").split()))
            wide, tall = _span(cell, "colspan"), _span(cell, "rowspan")
            for below in range(1, tall):
                pending.update({(y + below, len(row) + x): text for x in range(wide)})
            row += [text] * wide
        while (y, len(row)) in pending:
            row.append(pending.pop((y, len(row))))
        grid.append(row)
    return grid


def _span(cell: LexborNode, name: str) -> int:
    value = cell.attributes.get(name) or "1"
    return min(int(value), 50) if value.isdecimal() and value != "0" else 1


def _text(content: bytes) -> str:
    declared = _META.search(content[:4096])
    if declared:
        try:
            return content.decode(declared.group(1).decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(content)
