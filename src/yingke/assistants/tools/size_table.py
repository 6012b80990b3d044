"""The rows of the shop's size table, as they stand in its documents."""

from collections.abc import Mapping
from typing import Any, ClassVar

from yingke.assistants.tools.contract import Session, Tool, ToolResult
from yingke.assistants.tools.pieces.size_rows import SizeRow, read_size_row
from yingke.commerce.finding.need import read_need
from yingke.knowledge.read_entries import FOUND, SOURCES
from yingke.knowledge.title import show_title

MOST_ROWS = 200
_ROWS = f"""
select p.id, p.document_id, p.heading, p.text, p.row, d.name from {SOURCES}
where p.workspace_id = $1 and p.is_live and p.kind = 'row' and {FOUND} and d.audience = 'customer'
  and (d.shop_ids is null or $2 = any(d.shop_ids)) and (d.valid_from is null or d.valid_from <= $3)
  and (d.valid_to is null or d.valid_to > $3)
  and (p.text ilike '%身高%' or p.text ilike '%height%' or p.text ilike '%体重%' or p.text ilike '%weight%')
  and (p.text ilike '%码%' or p.text ilike '%号型%' or p.text ilike '%size%')
order by p.document_id, p.ordinal limit {MOST_ROWS}
"""


class SizeTable(Tool):
    name = "size_table"
    needs = "products"
    says = (
        "查尺码表：每个尺码对应的身高、体重等范围，原样来自店铺资料。",
        "Look up the size table: ranges of height, weight and so on for each size, as the shop's documents have them.",
    )
    parameters: ClassVar[dict[str, Any]] = {
        "type": "object",
        "properties": {"words": {"type": "string", "description": "the article it is about, if known"}},
    }

    async def run(self, session: Session, arguments: Mapping[str, Any], step: int) -> ToolResult:
        """One table: the one whose document or rows name the kind of thing, or the only one. Problem not_found."""
        async with session.db.transaction(session.workspace_id) as tx:
            found = await tx.fetch(_ROWS, session.workspace_id, session.shop_id, session.now)
        tables: dict[int, list[SizeRow]] = {}
        for row in found:
            read = read_size_row(row["row"], row["text"])
            if read is not None:
                tables.setdefault(row["document_id"], []).append(
                    SizeRow(read.size, read.ranges, _said(row), row["id"], row["document_id"], show_title(row["name"]))
                )
        words = arguments.get("words")
        rows = _choose(list(tables.values()), words if isinstance(words, str) else "")
        if not rows:
            return ToolResult(problem="not_found")
        return ToolResult(
            {"rows": [one.shown() for one in rows], "title": rows[0].title}, facts=tuple(one.text for one in rows)
        )


def _said(row: Any) -> str:
    """「身高 173–178cm，胸围 112cm」: the cells, without what is empty."""
    cells = [f"{name} {value}" for name, value in (row["row"] or {}).items() if value]
    return "，".join(cells) or row["text"]


def _choose(tables: list[list[SizeRow]], words: str) -> list[SizeRow]:
    things = set(read_need(words).tokens("t:")) if words else set()
    for rows in tables:
        if things & set(read_need(f"{rows[0].title} {rows[0].text}").tokens("t:")):
            return rows
    return tables[0] if len(tables) == 1 else []
