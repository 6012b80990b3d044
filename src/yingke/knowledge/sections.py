"""A document as its author arranged it: what a parser makes of a file."""

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["text", "row", "qa"]


@dataclass(frozen=True, slots=True)
class Section:
    """A piece of a document as its author arranged it.

    `row` holds the cells by column name for kind "row"; for kind "qa" it holds `问题`, `答案` and, where the
    document lists them, `相似问法` (one a line). `page` counts from 1 and is known for PDF only.
    """

    heading_path: tuple[str, ...]
    text: str
    kind: Kind = "text"
    row: dict[str, str] | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Something the owner should know of a file that was read all the same; `parse_notes.SENTENCES` holds the codes."""

    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A whole document. `language` is "zh", "en" or "other"; `looks_internal` asks a person to decide the audience."""

    title: str
    sections: list[Section]
    format: str
    language: str
    looks_internal: bool
    notes: list[Note] = field(default_factory=list)
