"""Pairs as a table: what is exported can be changed in a spreadsheet program and taken in again."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import openpyxl  # type: ignore[import-untyped]

from yingke.kit.ids import show_id
from yingke.knowledge.pairs.languages import LANGUAGE_TAG
from yingke.knowledge.parse_table import Table

# A spreadsheet program takes a cell that begins so for a formula (OWASP, CSV injection).
_FORMULA = re.compile(r"^[=+\-@\t\r]")
_QUESTION = re.compile(r"^(?:标准|常见)?(?:问题|问句|问)$|^questions?$", re.IGNORECASE)
_SIMILAR = re.compile(r"相似|其他问法|similar|phrasing|variant", re.IGNORECASE)
_ANSWER = re.compile(r"^(?:标准)?(?:答案|回答|答复|答)$|^answers?$", re.IGNORECASE)
_IN_LANGUAGE = re.compile(r"^(?:答案|回答|answer)\s*[(（\[]\s*([A-Za-z-]{2,12})\s*[)）\]]$", re.IGNORECASE)
_EXTERNAL = re.compile(r"^(?:外部)?编号$|^external[_ ]?id$", re.IGNORECASE)
_AUDIENCE = re.compile(r"^(?:给谁看|受众)$|^audience$", re.IGNORECASE)
_STAFF = frozenset({"仅客服", "内部", "staff", "internal"})
COLUMNS = {
    "zh": ("问题", "相似问法", "答案", "编号", "给谁看", "状态", "来源文件"),
    "en": ("question", "similar questions", "answer", "external_id", "audience", "state", "source document"),
}
_STATES = {"proposed": "待审核", "live": "已上线", "rejected": "已拒绝", "retired": "已失效"}


@dataclass(frozen=True, slots=True)
class TakenIn:
    """One line of an import; `line` counts from 2, below the header."""

    line: int
    questions: tuple[str, ...]
    answer: str
    external_id: str | None
    is_staff: bool
    answers: dict[str, str] = field(default_factory=dict)


def lines_of(rows: Sequence[Any], language: str) -> Iterator[list[str]]:
    """Header and rows; every language that any pair has is a column of its own."""
    tags = sorted({tag for row in rows for tag in row["answers"]})
    names = COLUMNS["en" if language == "en" else "zh"]
    answer = names[2]
    yield [*names[:3], *(f"{answer}({tag})" for tag in tags), *names[3:]]
    for row in rows:
        is_staff = row["audience"] == "staff"
        yield [
            row["questions"][0],
            "\n".join(row["questions"][1:]),
            row["answer"],
            *(row["answers"].get(tag, "") for tag in tags),
            row["external_id"] or f"yk-{show_id(row['id'])}",
            ("staff" if is_staff else "customer") if language == "en" else ("仅客服" if is_staff else "对客"),
            row["state"] if language == "en" else _STATES[row["state"]],
            row["document"] or "",
        ]


def write_csv(lines: Iterator[list[str]]) -> bytes:
    """UTF-8 with a mark, which spreadsheet programs need to read Chinese."""
    out = io.StringIO()
    writer = csv.writer(out)
    for line in lines:
        writer.writerow([harmless(cell) for cell in line])
    return "\ufeff".encode() + out.getvalue().encode()


def write_xlsx(lines: Iterator[list[str]]) -> bytes:
    """Every cell is text, also one that looks like a formula."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("QA")
    for line in lines:
        sheet.append([harmless(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", cell)) for cell in line])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def harmless(cell: str) -> str:
    """Shown as it is by a spreadsheet program, and read back without the sign in front."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def read_pairs(table: Table) -> list[TakenIn] | None:
    """The rows that hold a question and an answer; None when no column is called so."""
    place: dict[str, int] = {}
    languages: dict[str, int] = {}
    for at, column in enumerate(table.columns):
        name = column.strip()
        in_language = _IN_LANGUAGE.match(name)
        if in_language is not None and LANGUAGE_TAG.fullmatch(in_language[1]):
            languages[in_language[1]] = at
            continue
        for what, pattern in (
            ("similar", _SIMILAR), ("question", _QUESTION), ("answer", _ANSWER), ("external", _EXTERNAL),
            ("audience", _AUDIENCE),
        ):  # fmt: skip
            if what not in place and pattern.search(name):
                place[what] = at
                break
    if "question" not in place or "answer" not in place:
        return None
    return [_taken(at, row, place, languages) for at, row in enumerate(table.rows, 2)]


def _taken(line: int, row: Sequence[str], place: dict[str, int], languages: dict[str, int]) -> TakenIn:
    def cell(what: str) -> str:
        return _plain(row[place[what]]) if what in place else ""

    similar = re.split(r"[\n|；]+", cell("similar"))
    asked = tuple(text for text in (" ".join(part.split()) for part in (cell("question"), *similar)) if text)
    answers = {tag: text for tag, at in languages.items() if (text := _plain(row[at]))}
    is_staff = cell("audience").lower() in _STAFF
    return TakenIn(line, asked, cell("answer"), cell("external")[:200] or None, is_staff, answers)


def _plain(cell: str) -> str:
    text = cell.strip()
    return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text
