"""Writes down a pair that a person is to look at. Nothing is answered from it before."""

from collections.abc import Sequence

from yingke.kit.db import Transaction
from yingke.knowledge.entry import Audience
from yingke.knowledge.qa_pairs import (
    LONGEST_ANSWER,
    LONGEST_QUESTION,
    MOST_QUESTIONS,
    Origin,
    fingerprint_of,
    look_for_duplicates,
)

LONGEST_QUOTE = 2000
LONGEST_MAKER = 80
_INSERT = (
    "insert into qa_pairs (workspace_id, questions, answer, origin, maker, document_id, source_hash,"
    " source_heading, source_quote, conversation_id, shop_ids, audience, fingerprint, valid_from, valid_to, is_demo, state)"
    " select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, case when $6::bigint is null then $11 else d.shop_ids end,"
    " coalesce(d.audience, $12), $13, d.valid_from, d.valid_to, coalesce(d.is_demo, false), 'proposed'"
    " from (select 1) one left join documents d on d.workspace_id = $1 and d.id = $6"
    " where not exists (select 1 from qa_pairs where workspace_id = $1 and fingerprint = $13"
    "   and state <> 'retired')"
    " on conflict (workspace_id, fingerprint) where state = 'proposed' and deleted_at is null"
    "   and fingerprint is not null do nothing"
    " returning id"
)


async def propose_pair(
    tx: Transaction,
    workspace_id: int,
    *,
    questions: Sequence[str],
    answer: str,
    origin: Origin,
    maker: str = "",
    document_id: int | None = None,
    source_hash: bytes | None = None,
    source_heading: str = "",
    source_quote: str = "",
    conversation_id: int | None = None,
    shop_ids: Sequence[int] | None = None,
    audience: Audience = "customer",
) -> int | None:
    """The id, or None when there is nothing to propose: no question, no answer, or the very same stands as proposed,
    live or rejected before, or was deleted by a person. The first question is the one shown; texts too long are cut.

    A pair of a document has the document's audience, shops and dates, whatever is given here.
    """
    asked = _cleaned(questions)
    text = _storable(answer).strip()[:LONGEST_ANSWER]
    if not asked or not text:
        return None
    pair_id: int | None = await tx.fetchval(
        _INSERT,
        workspace_id,
        asked,
        text,
        origin,
        maker[:LONGEST_MAKER],
        document_id,
        source_hash,
        _storable(source_heading),
        _storable(source_quote)[:LONGEST_QUOTE],
        conversation_id,
        list(shop_ids) if shop_ids is not None else None,
        audience,
        fingerprint_of(asked[0], text),
    )
    if pair_id is not None:
        await look_for_duplicates(tx, workspace_id)
    return pair_id


def _cleaned(questions: Sequence[str]) -> list[str]:
    """Lines without control characters, each once."""
    lines = (" ".join("".join(c if c >= " " and c != "\x7f" else " " for c in _storable(q)).split()) for q in questions)
    return list(dict.fromkeys(line[:LONGEST_QUESTION] for line in lines if line))[:MOST_QUESTIONS]


def _storable(text: str) -> str:
    """Without what PostgreSQL or UTF-8 cannot carry."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()
