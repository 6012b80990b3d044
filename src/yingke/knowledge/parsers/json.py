"""JSON: objects as rows, anything else as an outline of its keys."""

from pathlib import Path
from typing import ClassVar

from yingke.knowledge.catalogue import are_products, read_products
from yingke.knowledge.decode import decode
from yingke.knowledge.lay_flat import find_records, lay_flat, read_json, to_grid
from yingke.knowledge.outline import Outline
from yingke.knowledge.parsers.contract import Draft, Parser
from yingke.knowledge.rows import cell_text, rows_to_sections

_DEPTH = 12


class JsonParser(Parser):
    formats: ClassVar[tuple[str, ...]] = ("json",)

    def parse(self, path: Path) -> Draft:
        value = read_json(decode(path.read_bytes()))
        records = find_records(value)
        if records and are_products(records):
            return Draft(read_products(records))
        if records:
            grid = to_grid(lay_flat(records))
            grid[0] = _short(grid[0])
            return Draft(rows_to_sections(grid, (), has_header=True))
        outline = Outline()
        _walk(outline, value, 1)
        outline.close()
        return Draft(outline.sections)


def _short(columns: list[str]) -> list[str]:
    """`variants.sku` is `sku` wherever no other column is called so."""
    last = [name.rpartition(".")[2] for name in columns]
    return [short if last.count(short) == 1 else name for short, name in zip(last, columns, strict=True)]


def _walk(outline: Outline, value: object, depth: int) -> None:
    if isinstance(value, dict) and depth <= _DEPTH:
        for key, inner in value.items():
            if isinstance(inner, dict | list):
                outline.heading(depth, str(key))
                _walk(outline, inner, depth + 1)
            elif cell_text(inner):
                outline.paragraph(f"{key}：{cell_text(inner)}")
    elif isinstance(value, list) and depth <= _DEPTH:
        for inner in value:
            _walk(outline, inner, depth + 1)
    else:
        outline.paragraph(cell_text(value))
