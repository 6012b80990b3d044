"""What was asked again and again, and golden questions made of it."""

import re
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input, not_found
from yingke.kit.ids import show_id
from yingke.knowledge.golden.add_golden import NewGolden, add_golden
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller

MOST_GOLDEN = 100
_FIGURE = re.compile(
    r"(?<![\dA-Za-z.])\d+(?:\.\d+)?\s*(?:小时|天|个?工作日|个?月|年|元|块|折|%|厘米|cm|公斤|kg|斤|克|毫升|ml|度)(?![A-Za-z])",
    re.IGNORECASE,
)
_MOST_MUST_SAY = 2


class PastTopicView(Struct):
    """`times` conversations asked it. `answer` is what agents agreed on ("" = they did not), `agreement` 0..1.

    `must_say` is what a golden question made of it would look for in an answer.
    """

    id: str
    import_id: str
    question: str
    phrasings: list[str]
    times: int
    answer: str
    agreement: float | None
    must_say: list[str]
    pair_id: str | None
    golden_id: str | None


async def list_topics(
    tx: Transaction, workspace_id: int, import_id: int | None, after: tuple[int, int], limit: int
) -> list[Any]:
    """The most asked first, behind (times, id)."""
    rows = await tx.fetch(
        "select t.* from past_topics t join past_imports i on i.workspace_id = t.workspace_id and i.id = t.import_id"
        " where t.workspace_id = $1 and i.state = 'ready' and ($2::bigint is null or t.import_id = $2)"
        " and (t.times, t.id) < ($3, $4) order by t.times desc, t.id desc limit $5",
        workspace_id,
        import_id,
        *after,
        limit,
    )
    return list(rows)


def show_topic(row: Any) -> PastTopicView:
    return PastTopicView(
        id=show_id(row["id"]),
        import_id=show_id(row["import_id"]),
        question=row["question"],
        phrasings=row["phrasings"],
        times=row["times"],
        answer=row["answer"],
        agreement=row["agreement"],
        must_say=list(figures_said(row["answer"])),
        pair_id=show_id(row["pair_id"]) if row["pair_id"] is not None else None,
        golden_id=show_id(row["golden_id"]) if row["golden_id"] is not None else None,
    )


def figures_said(answer: str) -> tuple[str, ...]:
    """The first figures of an answer, as written without spaces: a right answer says them too."""
    found = dict.fromkeys("".join(match[0].split()) for match in _FIGURE.finditer(answer))
    return tuple(found)[:_MOST_MUST_SAY]


async def add_golden_topics(tx: Transaction, caller: Caller, topic_ids: Sequence[int]) -> int:
    """How many golden questions were new. Only topics whose agents agreed are taken. Raises 400, 404."""
    wanted = sorted(set(topic_ids))
    if not 0 < len(wanted) <= MOST_GOLDEN:
        raise bad_input({"topic_ids": f"1–{MOST_GOLDEN}"})
    rows = await tx.fetch(
        "select t.*, i.shop_id from past_topics t join past_imports i on i.workspace_id = t.workspace_id and i.id = t.import_id"
        " where t.workspace_id = $1 and t.id = any($2) and i.state = 'ready' order by t.times desc for update of t",
        caller.workspace_id,
        wanted,
    )
    if len(rows) != len(wanted):
        raise not_found()
    rows = [row for row in rows if row["answer"]]
    ids = await add_golden(
        tx,
        caller.workspace_id,
        [
            NewGolden(
                question=row["question"],
                must_say=figures_said(row["answer"]),
                shop_id=row["shop_id"],
                note=row["answer"][:500],
                origin="past",
            )
            for row in rows
        ],
        added_by=caller.agent_id,
    )
    for row, golden_id in zip(rows, ids, strict=True):
        await tx.execute(
            "update past_topics set golden_id = coalesce($2, golden_id, (select max(id) from golden_questions"
            " where workspace_id = $3 and question = $4 and deleted_at is null)) where id = $1",
            row["id"],
            golden_id,
            caller.workspace_id,
            row["question"],
        )
    new = sum(golden_id is not None for golden_id in ids)
    await record_audit(tx, caller, "golden_questions.added", "past_topics", {"count": new})
    return new
