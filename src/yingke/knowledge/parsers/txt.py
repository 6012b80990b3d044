"""Plain text in any encoding."""

import re
from pathlib import Path
from typing import ClassVar

from yingke.knowledge.decode import decode
from yingke.knowledge.outline import Outline, numbered_heading_level
from yingke.knowledge.parsers.contract import Draft, Parser
from yingke.knowledge.sections import Section

_BRACKETED = re.compile(r"^[【\[](.{1,30})[】\]]$")
_RULE = re.compile(r"^[-=_*~#\s]{3,}$")


class TxtParser(Parser):
    formats: ClassVar[tuple[str, ...]] = ("txt",)

    def parse(self, path: Path) -> Draft:
        outline = Outline()
        for line in decode(path.read_bytes()).splitlines():
            stripped = line.strip()
            bracketed = _BRACKETED.match(stripped)
            level = numbered_heading_level(stripped)
            if _RULE.match(stripped):
                continue
            if bracketed:
                outline.heading(1, bracketed.group(1))
            elif level is not None:
                outline.heading(level, stripped)
            elif stripped:
                outline.paragraph(stripped)
            else:
                outline.close()
        outline.close()
        return _with_title(outline.sections)


def _with_title(sections: list[Section]) -> Draft:
    """A short first line that stands alone and ends no sentence names the document."""
    if len(sections) > 1 and not sections[0].heading_path:
        line = sections[0].text
        if len(line) <= 30 and "\n" not in line and line[-1] not in "。！？!?.;；:：,，":
            return Draft(sections[1:], line)
    return Draft(sections)
