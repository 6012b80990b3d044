"""Pairs from a table row: the thing it names × what shoppers ask of it."""

import re

from yingke.knowledge.fold import fold
from yingke.knowledge.names import is_code_column, is_name_column, name_of
from yingke.knowledge.pairs.draft import Draft, Source, in_script_of, language_of
from yingke.knowledge.pairs.topics import Column, columns

PER_ROW = 3
LONGEST_NAME = 40
_EMPTY = re.compile(r"^(?:[-—–/\\.。]*|无|暂无|n/?a|null|none|0)$", re.IGNORECASE)
_UNIT = re.compile(r"\s*[(（\[【]\s*([^)）\]】]{1,6})\s*[)）\]】]\s*$")
_BARE_NUMBER = re.compile(r"^-?\d[\d.,]*(?:\s*[-–~至]\s*\d[\d.,]*)?$")
_SIZE_COLUMN = re.compile(r"尺码|码数|^size$", re.IGNORECASE)


def pairs_of_row(source: Source) -> list[Draft]:
    """At most three, the most asked first; none where nothing says what the row is about."""
    row = source.row or {}
    named = _subject(row)
    if named is None:
        return []
    subject_column, name = named
    language = language_of(f"{name} {' '.join(row)}")
    if language == "other":
        return []
    drafts = []
    for asked in columns():
        found = next(((c, v) for c, v in row.items() if c != subject_column and _fits(asked, c, v)), None)
        if found is None:
            continue
        column, value = found
        told = _with_unit(column, value)
        shown = _UNIT.sub("", column).strip()
        templates = asked.zh if language == "zh" else asked.en
        questions = tuple(text.replace("{name}", name).replace("{column}", shown) for text in templates)
        drafts.append(
            Draft(
                in_script_of(source.text, questions) if language == "zh" else questions,
                _answer(language, name, shown, told),
                value if value in source.text else "",
                f"rule:row:{asked.name}",
            )
        )
        if len(drafts) == PER_ROW:
            break
    return drafts


def _subject(row: dict[str, str]) -> tuple[str, str] | None:
    """(column, what the row is about): its name, else a first cell in words."""
    name = name_of(row).strip()
    if name:
        column = next(column for column in row if is_name_column(column))
        return (column, name) if len(name) <= LONGEST_NAME else None
    first = next(iter(row.items()), None)
    if first is None or is_code_column(first[0]) or len(row) < 2:
        return None
    column, cell = first[0], first[1].strip()
    if not cell or len(cell) > LONGEST_NAME or _EMPTY.match(cell) or _BARE_NUMBER.match(cell):
        return None
    if _SIZE_COLUMN.search(column) and cell.isascii():
        cell = f"{cell} 码" if language_of(column) == "zh" else f"size {cell}"
    return column, cell


def _fits(asked: Column, column: str, value: str) -> bool:
    return bool(value.strip()) and not _EMPTY.match(value.strip()) and bool(asked.column.search(fold(column)))


def _with_unit(column: str, value: str) -> str:
    """`价格(元)` and 499 are 499 元."""
    unit = _UNIT.search(column)
    text = value.strip()
    return f"{text} {unit[1]}" if unit and _BARE_NUMBER.match(text) else text


def _answer(language: str, name: str, column: str, told: str) -> str:
    if language == "en":
        return f"{name} – {column}: {told}"
    return f"{name}的{column}是 {told}。" if len(told) <= 12 else f"{name}的{column}：{told}"
