"""What a golden question may look like, whoever brings it."""

from collections.abc import Mapping, Sequence

from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input
from yingke.kit.text import clean_line, clean_text
from yingke.knowledge.golden.add_golden import Expects, GoldenOrigin, NewGolden

LONGEST_QUESTION = 500
LONGEST_PIECE = 200
MOST_PIECES = 10
MOST_SAID = 10
LONGEST_NOTE = 500
LONGEST_INTENT = 40


def check_golden(
    question: str,
    expects: Expects,
    *,
    must_say: Sequence[str] = (),
    must_not_say: Sequence[str] = (),
    history: Sequence[Mapping[str, str]] = (),
    shop_id: int | None = None,
    language: str = "zh-CN",
    document_id: int | None = None,
    qa_pair_id: int | None = None,
    intent: str | None = None,
    note: str = "",
    origin: GoldenOrigin = "person",
) -> NewGolden:
    """Trimmed, empty pieces left out. Raises 400 naming the field."""
    if len(history) > MOST_SAID:
        raise bad_input({"history": f"at most {MOST_SAID} / 最多 {MOST_SAID} 条"})
    return NewGolden(
        question=" ".join(clean_text(question, LONGEST_QUESTION, field="question", min_chars=1).split()),
        expects=expects,
        must_say=_pieces(must_say, "must_say"),
        must_not_say=_pieces(must_not_say, "must_not_say"),
        shop_id=shop_id,
        language=clean_line(language or "zh-CN", 20, field="language"),
        history=tuple(
            {"from": said["from"], "text": clean_text(said["text"], 2000, field="history", min_chars=1)}
            for said in history
        ),
        document_id=document_id,
        qa_pair_id=qa_pair_id,
        intent=clean_line(intent, LONGEST_INTENT, field="intent") or None if intent else None,
        note=clean_line(note, LONGEST_NOTE, field="note"),
        origin=origin,
    )


async def check_links(tx: Transaction, workspace_id: int, golden: NewGolden) -> None:
    """Raises 400 when shop, document or pair are not this workspace's."""
    for field, table, wanted in (
        ("shop_id", "shops", golden.shop_id),
        ("document_id", "documents", golden.document_id),
        ("qa_pair_id", "qa_pairs", golden.qa_pair_id),
    ):
        if wanted is not None and not await tx.fetchval(
            f"select exists (select 1 from {table} where workspace_id = $1 and id = $2)", workspace_id, wanted
        ):
            raise bad_input({field: "not found / 没有找到"})


def _pieces(texts: Sequence[str], field: str) -> tuple[str, ...]:
    cleaned = [clean_line(text, LONGEST_PIECE, field=field) for text in texts]
    kept = tuple(dict.fromkeys(text for text in cleaned if text))
    if len(kept) > MOST_PIECES:
        raise bad_input({field: f"at most {MOST_PIECES} / 最多 {MOST_PIECES} 个"})
    return kept
