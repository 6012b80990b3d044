"""Markdown: headings, tables, lists and paragraphs."""

import re
from pathlib import Path
from typing import ClassVar

from yingke.knowledge.decode import decode
from yingke.knowledge.outline import Outline
from yingke.knowledge.parsers.contract import Draft, Parser
from yingke.knowledge.rows import rows_to_sections

_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+(.+?)\s*#*\s*$")
_TABLE_RULE = re.compile(r"^\s*\|?\s*:?-{1,}:?\s*(\|\s*:?-{1,}:?\s*)*\|?\s*$")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_EMPHASIS = re.compile(r"(\*\*|__|\*|`|~~)(?=\S)(.+?)(?<=\S)\1")
_TAG = re.compile(r"</?[a-zA-Z][^>]{0,300}>")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_CELL = re.compile(r"(?<!\\)\|")


class MdParser(Parser):
    formats: ClassVar[tuple[str, ...]] = ("md",)

    def parse(self, path: Path) -> Draft:
        text = _COMMENT.sub("", decode(path.read_bytes()))
        lines = _without_front_matter(text.splitlines())
        outline, title, position = Outline(), "", 0
        while position < len(lines):
            line = lines[position]
            heading = _HEADING.match(line)
            if _starts_table(lines, position):
                end = position + 2
                while end < len(lines) and "|" in lines[end]:
                    end += 1
                grid = [_cells(lines[row]) for row in (position, *range(position + 2, end))]
                outline.add(rows_to_sections(grid, outline.path, has_header=True))
                position = end
                continue
            if heading:
                text = _inline(heading.group(2))
                title = title or (text if len(heading.group(1)) == 1 else "")
                outline.heading(len(heading.group(1)), text)
            elif line.strip() and not line.lstrip().startswith("```") and not set(line.strip()) <= set("-=*_"):
                outline.paragraph(_inline(re.sub(r"^\s*>\s?", "", line)))
            position += 1
        outline.close()
        return Draft(outline.sections, title)


def _starts_table(lines: list[str], position: int) -> bool:
    return "|" in lines[position] and position + 1 < len(lines) and bool(_TABLE_RULE.match(lines[position + 1]))


def _without_front_matter(lines: list[str]) -> list[str]:
    if lines and lines[0].strip() == "---" and "---" in [line.strip() for line in lines[1:60]]:
        return lines[[line.strip() for line in lines[1:60]].index("---") + 2 :]
    return lines


def _cells(line: str) -> list[str]:
    return [_inline(cell).replace("\\|", "|") for cell in _CELL.split(line.strip().strip("|"))]


def _inline(text: str) -> str:
    text = _TAG.sub(" ", _LINK.sub(r"\1", text))
    return _EMPHASIS.sub(r"\2", text).strip()
