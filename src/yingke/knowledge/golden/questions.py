"""The golden questions of a workspace: list, change, take away and bring back."""

from typing import Any

from yingke.kit.db import Transaction
from yingke.kit.errors import not_found
from yingke.knowledge.golden.add_golden import NewGolden

_COLUMNS = (
    "g.id, g.question, g.history, g.shop_id, g.language, g.expects, g.must_say, g.must_not_say, g.document_id, g.qa_pair_id,"
    " g.intent, g.origin, g.note, g.created_at, g.updated_at"
)


async def list_golden(
    tx: Transaction, workspace_id: int, *, before: int | None = None, limit: int = 50, search: str = ""
) -> list[Any]:
    """Newest first with names of document and pair, and how the last finished run judged each (null = not yet)."""
    return list(
        await tx.fetch(
            f"select {_COLUMNS}, d.name as document, p.questions[1] as pair, r.is_passed, r.reason, r.detail, r.answer"
            " from golden_questions g"
            " left join documents d on d.workspace_id = g.workspace_id and d.id = g.document_id"
            " left join qa_pairs p on p.workspace_id = g.workspace_id and p.id = g.qa_pair_id"
            " left join golden_results r on r.workspace_id = g.workspace_id and r.question_id = g.id and r.run_id ="
            "   (select max(id) from golden_runs where workspace_id = $1 and kind = 'full' and state = 'done')"
            " where g.workspace_id = $1 and g.deleted_at is null and g.id < $2"
            " and ($4 = '' or position(lower($4) in lower(g.question)) > 0) order by g.id desc limit $3",
            workspace_id,
            before or 2**63 - 1,
            limit,
            search,
        )
    )


async def count_golden(tx: Transaction, workspace_id: int) -> int:
    return int(
        await tx.fetchval(
            "select count(*) from golden_questions where workspace_id = $1 and deleted_at is null", workspace_id
        )
    )


async def get_golden(tx: Transaction, workspace_id: int, question_id: int) -> Any:
    """Raises 404, also for one that was taken away."""
    rows = await tx.fetch(
        f"select {_COLUMNS} from golden_questions g where g.workspace_id = $1 and g.id = $2 and g.deleted_at is null",
        workspace_id,
        question_id,
    )
    if not rows:
        raise not_found()
    return rows[0]


async def change_golden(tx: Transaction, workspace_id: int, question_id: int, golden: NewGolden) -> None:
    """Replaces all that a person may write. Raises 404."""
    await get_golden(tx, workspace_id, question_id)
    await tx.execute(
        "update golden_questions set question = $3, expects = $4, must_say = $5, must_not_say = $6, shop_id = $7,"
        " language = $8, history = $9, document_id = $10, qa_pair_id = $11, intent = $12, note = $13, updated_at = now()"
        " where workspace_id = $1 and id = $2",
        workspace_id,
        question_id,
        golden.question,
        golden.expects,
        list(golden.must_say),
        list(golden.must_not_say),
        golden.shop_id,
        golden.language,
        list(golden.history),
        golden.document_id,
        golden.qa_pair_id,
        golden.intent,
        golden.note,
    )


async def delete_golden(tx: Transaction, workspace_id: int, question_id: int) -> None:
    """Runs of the past keep their results. Raises 404."""
    await get_golden(tx, workspace_id, question_id)
    await tx.execute(
        "update golden_questions set deleted_at = now() where workspace_id = $1 and id = $2", workspace_id, question_id
    )


async def restore_golden(tx: Transaction, workspace_id: int, question_id: int) -> None:
    """Raises 404."""
    found = await tx.fetchval(
        "update golden_questions set deleted_at = null where workspace_id = $1 and id = $2 returning id",
        workspace_id,
        question_id,
    )
    if found is None:
        raise not_found()
