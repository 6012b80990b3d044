"""Builds sections while headings and paragraphs stream past."""

import re

from yingke.knowledge.sections import Section

_NUMBERED = re.compile(
    r"^(?:第[一二三四五六七八九十百\d]{1,4}[章节编部篇]|[一二三四五六七八九十]{1,3}[、.]|[(（][一二三四五六七八九十]{1,3}[)）]|\d{1,2}(?:\.\d{1,2}){0,2}[、.\s])\s*\S"
)
_SENTENCE_END = re.compile(r"[。！？!?;；:：,，]$")


class Outline:
    """A stack of headings and the text below the deepest of them. `sections` is complete after `close`."""

    def __init__(self) -> None:
        self.sections: list[Section] = []
        self._headings: list[tuple[int, str]] = []
        self._lines: list[str] = []
        self._page: int | None = None

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(text for _, text in self._headings)

    def heading(self, level: int, text: str) -> None:
        text = " ".join(text.split())
        if not text:
            self.close()
            return
        self.leave(level)
        self._headings.append((level, text))

    def leave(self, level: int) -> None:
        """Ends what stands below headings of `level` and deeper; the text that follows is not theirs."""
        self.close()
        while self._headings and self._headings[-1][0] >= level:
            self._headings.pop()

    def paragraph(self, text: str, page: int | None = None) -> None:
        if self._lines and page != self._page:
            self.close()
        self._page = page
        if text.strip():
            self._lines.append(text.strip())

    def add(self, sections: list[Section]) -> None:
        self.close()
        self.sections.extend(sections)

    def close(self) -> None:
        if self._lines:
            self.sections.append(Section(self.path, "\n".join(self._lines), page=self._page))
            self._lines = []


def numbered_heading_level(line: str) -> int | None:
    """1 to 4 for a short numbered line such as `一、发货时间` or `2.1 退货`; None for anything that reads on."""
    line = line.strip()
    if len(line) > 30 or _SENTENCE_END.search(line) or not _NUMBERED.match(line):
        return None
    if line.startswith("第"):
        return 1
    if line[0] in "(（":
        return 3
    if line[0].isdigit():
        return 2 + line.split()[0].rstrip("、.").count(".")
    return 2
