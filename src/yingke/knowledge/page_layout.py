"""Text with places on a page, as lines, paragraphs and tables."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from yingke.knowledge.outline import Outline, numbered_heading_level
from yingke.knowledge.rows import rows_to_sections

_END = re.compile(r"[。！？!?.:：;；…”）)】]$")
_NEW_ITEM = re.compile(
    r"^(?:[-•·●■◆*]|\d{1,2}[.、)）]|[(（][\d一二三四五六七八九十]+[)）]"
    r"|第[一二三四五六七八九十百\d]+[条章节]|[问答QA][:：])"
)
_FEWEST_ROWS = 3
_LONG_CELL = 14


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that stands together; `top` is smaller than `bottom`, in any unit."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


Line = list[Piece]


def to_lines(pieces: Sequence[Piece]) -> list[Line]:
    """Pieces side by side form a line, left to right; those that nearly touch are one piece."""
    lines: list[Line] = []
    for piece in sorted(pieces, key=lambda piece: (piece.top + piece.bottom) / 2):
        middle = (piece.top + piece.bottom) / 2
        before = lines[-1] if lines else []
        if before and min(other.top for other in before) <= middle <= max(other.bottom for other in before):
            before.append(piece)
        else:
            lines.append([piece])
    return [_touching(sorted(line, key=lambda piece: piece.left)) for line in lines]


def _touching(line: Line) -> Line:
    joined: Line = []
    for piece in line:
        last = joined[-1] if joined else None
        if last is not None and piece.left - last.right < 0.7 * (piece.bottom - piece.top):
            space = " " if last.text[-1:].isascii() and piece.text[:1].isascii() and piece.left > last.right else ""
            joined[-1] = Piece(
                last.text + space + piece.text, last.left, min(last.top, piece.top), piece.right,
                max(last.bottom, piece.bottom),
            )  # fmt: skip
        else:
            joined.append(piece)
    return joined


def has_table(lines: Sequence[Line]) -> bool:
    return any(grid is not None for grid, _ in _runs(lines))


def add_page(outline: Outline, lines: Sequence[Line], page: int | None) -> None:
    """Tables as rows below their header, everything else as headings and paragraphs."""
    for grid, run in _runs(lines):
        if grid is None:
            add_paragraphs(outline, ["  ".join(piece.text for piece in line) for line in run], page)
        else:
            outline.add([replace(section, page=page) for section in rows_to_sections(grid, outline.path)])


def add_paragraphs(outline: Outline, lines: list[str], page: int | None) -> None:
    for paragraph in _joined([line for line in lines if line]):
        level = numbered_heading_level(paragraph)
        if level is None:
            outline.paragraph(paragraph, page)
        else:
            outline.heading(level, paragraph)


def _runs(lines: Sequence[Line]) -> Iterator[tuple[list[list[str]] | None, list[Line]]]:
    """Stretches of lines, each with its grid when it is a table."""
    plain: list[Line] = []
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and (len(lines[end]) >= 2 or (end > at and _continues(lines, end))):
            end += 1
        grid = _grid(lines[at:end]) if end - at >= _FEWEST_ROWS else None
        if grid is None:
            plain += lines[at : max(end, at + 1)]
        else:
            if plain:
                yield None, plain
            plain = []
            yield grid, list(lines[at:end])
        at = max(end, at + 1)
    if plain:
        yield None, plain


def _continues(lines: Sequence[Line], at: int) -> bool:
    """A single piece right below a cell that is not the first of its row: the rest of that cell."""
    if len(lines[at]) != 1:
        return False
    (piece,) = lines[at]
    above = lines[at - 1]
    near = piece.top - max(other.bottom for other in above) < 0.8 * (piece.bottom - piece.top)
    return near and any(abs(other.left - piece.left) < piece.bottom - piece.top for other in above[1:])


def _grid(run: Sequence[Line]) -> list[list[str]] | None:
    columns: list[tuple[float, float]] = []
    for left, right in sorted((piece.left, piece.right) for line in run for piece in line):
        if columns and left < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(right, columns[-1][1]))
        else:
            columns.append((left, right))
    if len(columns) < 2 or max(len(line) for line in run) < len(columns) * 0.6:
        return None
    rows: list[list[str]] = []
    for line in run:
        cells = [""] * len(columns)
        for piece in line:
            column = next(at for at, (left, right) in enumerate(columns) if left <= piece.left <= right)
            if cells[column]:
                return None
            cells[column] = piece.text
        if len(line) == 1 and rows:
            rows[-1] = [above + below for above, below in zip(rows[-1], cells, strict=True)]
        else:
            rows.append(cells)
    return None if len(rows) < _FEWEST_ROWS or _is_prose(rows) else rows


def _is_prose(rows: list[list[str]]) -> bool:
    """Two columns of running text, or question and answer side by side without end."""
    cells = [cell for row in rows for cell in row if cell]
    return len(rows[0]) == 2 and sum(map(len, cells)) > _LONG_CELL * len(cells)


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
