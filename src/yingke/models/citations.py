"""Reads the [n] marks that tie an answer to its passages, and the mark that says "not in the passages"."""

import re
from dataclasses import dataclass

NO_ANSWER = "[[no-answer]]"
DIGITS = "[0-9０-９]{1,3}"
GAP = r"\s{0,2}"
JOINT = rf"{GAP}[,,、;;–-]{GAP}"
MARK = re.compile(
    rf"[\[【［]{GAP}\^?(?P<list>{DIGITS}(?:{JOINT}{DIGITS}){{0,7}}){GAP}[\]】］]"
    r"|(?P<none>\[{1,2}\s?no[-_ ]answer\s?\]{1,2})",
    re.IGNORECASE,
)
# The beginning of something that may still become a MARK; longer than any mark can be.
MAY_GROW = re.compile(r"[\[【［][0-9０-９\s,,、;;^–-]{0,70}|\[{1,2}\s?[a-z_ -]{0,10}\s?\]?", re.IGNORECASE)
LONGEST_TAIL = 72


@dataclass(frozen=True, slots=True)
class Cited:
    """`text` with every valid mark written as [n]; `numbers` of the passages in order of first use."""

    text: str
    numbers: tuple[int, ...]
    is_unknown: bool


def read_citations(text: str, n: int) -> Cited:
    """Check the marks of a whole answer against `n` passages: marks of passages that do not exist are dropped."""
    reader = CitationStream(n)
    shown = reader.feed(text) + reader.finish()
    return Cited(shown, tuple(reader.numbers), reader.is_unknown)


class CitationStream:
    """`read_citations` over text in pieces: holds back only what may be the beginning of a mark."""

    def __init__(self, n: int) -> None:
        self.numbers: list[int] = []
        self.is_unknown = False
        self._n = n
        self._held = ""

    def feed(self, piece: str) -> str:
        """What may be shown now, marks checked."""
        text = self._held + piece
        start = _growing_tail(text)
        self._held = text[start:]
        return MARK.sub(self._checked, text[:start])

    def finish(self) -> str:
        """What was still held back at the end."""
        held, self._held = self._held, ""
        return MARK.sub(self._checked, held)

    def _checked(self, match: re.Match[str]) -> str:
        if match["none"]:
            self.is_unknown = True
            return ""
        valid = [number for number in _numbers(match["list"]) if 1 <= number <= self._n]
        self.numbers += [number for number in dict.fromkeys(valid) if number not in self.numbers]
        return "".join(f"[{number}]" for number in dict.fromkeys(valid))


def _growing_tail(text: str) -> int:
    """Where the tail begins that must wait for more text; the length of `text` when nothing must."""
    for start in range(max(0, len(text) - LONGEST_TAIL), len(text)):
        if text[start] in "[【［" and MAY_GROW.fullmatch(text, start):
            return start
    return len(text)


def _numbers(written: str) -> list[int]:
    """Single numbers and short ranges ("1-3") of a mark's inside."""
    found: list[int] = []
    for part in re.split(r"[,,、;;]", written):
        ends = [int(number) for number in re.findall(DIGITS, part)]
        is_range = len(ends) == 2 and ends[0] <= ends[1]
        found += range(ends[0], min(ends[1], ends[0] + 7) + 1) if is_range else ends
    return found
