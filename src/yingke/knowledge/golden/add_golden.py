"""Keeps questions together with what a right answer is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from yingke.kit.db import Transaction

Expects = Literal["answer", "refusal", "hand_off"]
GoldenOrigin = Literal["person", "import", "gap", "past", "document"]


@dataclass(frozen=True)
class NewGolden:
    """One golden question, checked and masked by whoever writes it.

    `history` is [{"from": "contact" | "assistant" | "agent", "text": …}], oldest first. `shop_id` None = the oldest
    shop answers. `must_say` and `must_not_say` are pieces of text looked for in the answer; `document_id` and
    `qa_pair_id` name what a right answer quotes.
    """

    question: str
    expects: Expects = "answer"
    must_say: tuple[str, ...] = ()
    must_not_say: tuple[str, ...] = ()
    shop_id: int | None = None
    language: str = "zh-CN"
    history: tuple[dict[str, str], ...] = ()
    document_id: int | None = None
    qa_pair_id: int | None = None
    intent: str | None = None
    note: str = ""
    origin: GoldenOrigin = "person"


async def add_golden(
    tx: Transaction, workspace_id: int, questions: Sequence[NewGolden], *, added_by: int | None = None
) -> list[int | None]:
    """The ids in order, None where the same question of that shop with the same history is kept already."""
    return [await _add(tx, workspace_id, one, added_by) for one in questions]


async def _add(tx: Transaction, workspace_id: int, one: NewGolden, added_by: int | None) -> int | None:
    history: list[dict[str, Any]] = list(one.history)
    found: int | None = await tx.fetchval(
        "insert into golden_questions (workspace_id, question, expects, must_say, must_not_say, shop_id, language, history,"
        " document_id, qa_pair_id, intent, note, origin, added_by)"
        " select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14 where not exists (select 1 from golden_questions"
        " where workspace_id = $1 and question = $2 and shop_id is not distinct from $6 and history = $8 and deleted_at is null)"
        " returning id",
        workspace_id,
        one.question,
        one.expects,
        list(one.must_say),
        list(one.must_not_say),
        one.shop_id,
        one.language,
        history,
        one.document_id,
        one.qa_pair_id,
        one.intent,
        one.note,
        one.origin,
        added_by,
    )
    return found
