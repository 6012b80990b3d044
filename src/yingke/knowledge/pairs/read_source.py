"""Shows where a pair comes from: the passage with the sentence it quotes."""

from msgspec import Struct

from yingke.kit.db import Transaction
from yingke.kit.errors import not_found
from yingke.kit.ids import show_id
from yingke.knowledge.title import show_title


class SourceView(Struct):
    """`text` is the whole passage, or what is left of it: the quote. `is_current`: the document says so now."""

    document_id: str
    document: str
    heading: str
    text: str
    quote: str
    page: int | None
    is_current: bool


async def read_source(tx: Transaction, workspace_id: int, pair_id: int) -> SourceView:
    """Raises 404, also for a pair that was not made from a document, or whose document is gone."""
    row = await tx.fetchrow(
        "select q.document_id, q.source_heading, q.source_quote, d.name, p.text, p.page, p.is_live from qa_pairs q"
        " join documents d on d.workspace_id = q.workspace_id and d.id = q.document_id and d.deleted_at is null"
        " left join lateral (select text, page, is_live from passages where workspace_id = q.workspace_id"
        "   and document_id = q.document_id and content_hash = q.source_hash order by is_live desc limit 1) p on true"
        " where q.workspace_id = $1 and q.id = $2 and q.deleted_at is null",
        workspace_id,
        pair_id,
    )
    if row is None:
        raise not_found()
    return SourceView(
        show_id(row["document_id"]),
        show_title(row["name"]),
        row["source_heading"],
        row["text"] or row["source_quote"],
        row["source_quote"],
        row["page"],
        bool(row["is_live"]),
    )
