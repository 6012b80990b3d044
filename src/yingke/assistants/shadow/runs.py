"""Shadow runs: begun, stopped, taken away, and what one came to."""

from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from yingke.assistants.shadow.judge import OUTCOMES, RANK
from yingke.assistants.shadow.run_shadow import PRIORITY, SHADOW
from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input, conflict, not_found
from yingke.kit.ids import show_id
from yingke.kit.jobs import enqueue
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller

MOST_CASES = 2000
ShadowState = Literal["queued", "running", "done", "failed", "cancelled"]
_RANKS = " ".join(f"when '{outcome}' then {rank}" for outcome, rank in RANK.items())
BETTER = f"(case n.outcome {_RANKS} end) > (case o.outcome {_RANKS} end)"
WORSE = f"(case n.outcome {_RANKS} end) < (case o.outcome {_RANKS} end)"
SAME_CASE = (
    "o.workspace_id = n.workspace_id and o.past_conversation_id is not distinct from n.past_conversation_id"
    " and o.conversation_id is not distinct from n.conversation_id and o.seq = n.seq"
)


class OutcomeCounts(Struct):
    same: int = 0
    answered: int = 0
    different: int = 0
    unknown: int = 0
    handed_off: int = 0


class VerdictCounts(Struct):
    """What people said about the cases that they looked at."""

    assistant_right: int = 0
    agent_right: int = 0
    both_right: int = 0


class ShadowAgainst(Struct):
    """An earlier run over the same conversations: over the `compared` questions that both answered."""

    run_id: str
    finished_at: datetime | None
    knowledge_version: int | None
    compared: int
    better: int
    worse: int
    outcomes: OutcomeCounts


class ShadowReason(Struct):
    code: str
    text: str


class ShadowRunView(Struct):
    """`import_id` null: the workspace's own conversations that agents answered. `left_out`: older conversations that
    the limit of `most` questions left out. `engine` is the one that answered."""

    id: str
    import_id: str | None
    import_name: str | None
    from_at: datetime | None
    to_at: datetime | None
    state: ShadowState
    total: int
    done: int
    most: int
    left_out: int
    engine: str
    knowledge_version: int | None
    reason: ShadowReason | None
    created_at: datetime
    finished_at: datetime | None
    outcomes: OutcomeCounts
    different_figures: int
    verdicts: VerdictCounts
    against: ShadowAgainst | None


async def start_run(
    tx: Transaction, caller: Caller, import_id: int | None, start: datetime | None, end: datetime | None, most: int
) -> int:
    """The id. Raises 400, 404 (import), 409 (one is under way)."""
    if start is not None and end is not None and start >= end:
        raise bad_input({"from_at": "before the end / 早于结束时间"})
    if import_id is not None:
        state = await tx.fetchval("select state from past_imports where id = $1", import_id)
        if state is None:
            raise not_found()
        if state != "ready":
            raise conflict("import_not_ready", "这份历史会话还没有读完，读完再开始。", "That import is not read yet.")
    if await tx.fetchval(
        "select 1 from shadow_runs where workspace_id = $1 and state in ('queued', 'running')", caller.workspace_id
    ):
        raise conflict(
            "shadow_running",
            "已有一次影子运行在进行，请等它结束或先取消它。",
            "A shadow run is under way. Wait for it to end, or cancel it first.",
        )
    run_id: int = await tx.fetchval(
        "insert into shadow_runs (workspace_id, import_id, from_at, to_at, most, added_by)"
        # Conversations that begin while it runs are not part of it.
        " values ($1, $2, $3, case when $2::bigint is null then least(coalesce($4, now()), now()) else $4 end, $5, $6)"
        " returning id",
        caller.workspace_id,
        import_id,
        start,
        end,
        most,
        caller.agent_id,
    )
    lane = f"shadow:{caller.workspace_id}"
    await enqueue(tx, caller.workspace_id, kind=SHADOW, lane=lane, data={"run_id": run_id}, priority=PRIORITY)
    await record_audit(tx, caller, "shadow_run.started", f"shadow_run:{show_id(run_id)}")
    return run_id


async def cancel_run(tx: Transaction, run_id: int) -> None:
    """What is finished stays to be read. Raises 404, 409."""
    state = await tx.fetchval("select state from shadow_runs where id = $1 for update", run_id)
    if state is None:
        raise not_found()
    if state not in ("queued", "running"):
        raise conflict("shadow_not_running", "这次影子运行已经结束。", "This run has ended already.")
    await tx.execute("update shadow_runs set state = 'cancelled', finished_at = now() where id = $1", run_id)


async def delete_run(tx: Transaction, caller: Caller, run_id: int) -> None:
    """Raises 404."""
    gone = await tx.fetchval("delete from shadow_runs where id = $1 returning id", run_id)
    if gone is None:
        raise not_found()
    await record_audit(tx, caller, "shadow_run.deleted", f"shadow_run:{show_id(run_id)}")


async def list_runs(tx: Transaction, workspace_id: int, before: int, limit: int) -> list[Any]:
    """Newest first, those with an id below `before`."""
    rows = await tx.fetch(
        f"{_SELECT} where r.workspace_id = $1 and r.id < $2 order by r.id desc limit $3", workspace_id, before, limit
    )
    return list(rows)


_SELECT = (
    "select r.*, i.name as import_name from shadow_runs r"
    " left join past_imports i on i.workspace_id = r.workspace_id and i.id = r.import_id"
)


async def get_run(tx: Transaction, workspace_id: int, run_id: int) -> Any:
    """The row. Raises 404."""
    row = await tx.fetchrow(f"{_SELECT} where r.workspace_id = $1 and r.id = $2", workspace_id, run_id)
    if row is None:
        raise not_found()
    return row


async def show_run(tx: Transaction, row: Any, language: str) -> ShadowRunView:
    """With its counts and what it did better than the run before over the same conversations."""
    counts = await tx.fetchrow(
        "select "
        + ", ".join(f"count(*) filter (where outcome = '{one}') as {one}" for one in OUTCOMES)
        + ", count(*) filter (where contradicts <> '') as figures"
        + "".join(f", count(*) filter (where verdict = '{one}') as {one}" for one in VerdictCounts.__struct_fields__)
        + " from shadow_cases where workspace_id = $1 and run_id = $2",
        row["workspace_id"],
        row["id"],
    )
    reason = row["reason"]
    return ShadowRunView(
        id=show_id(row["id"]),
        import_id=show_id(row["import_id"]) if row["import_id"] is not None else None,
        import_name=row["import_name"],
        from_at=row["from_at"],
        to_at=row["to_at"],
        state=row["state"],
        total=row["total"],
        done=row["done"],
        most=row["most"],
        left_out=row["left_out"],
        engine=row["engine"],
        knowledge_version=row["knowledge_version"],
        reason=ShadowReason(reason["code"], reason["en" if language == "en" else "zh"]) if reason else None,
        created_at=row["created_at"],
        finished_at=row["finished_at"],
        outcomes=OutcomeCounts(**{one: counts[one] for one in OUTCOMES}),
        different_figures=counts["figures"],
        verdicts=VerdictCounts(**{one: counts[one] for one in VerdictCounts.__struct_fields__}),
        against=await _against(tx, row),
    )


async def find_before(tx: Transaction, row: Any) -> Any:
    """The newest finished run before `row` over the same import, or over live conversations too."""
    return await tx.fetchrow(
        "select id, finished_at, knowledge_version from shadow_runs where workspace_id = $1 and id < $2 and state = 'done'"
        " and import_id is not distinct from $3 order by id desc limit 1",
        row["workspace_id"],
        row["id"],
        row["import_id"],
    )


async def _against(tx: Transaction, row: Any) -> ShadowAgainst | None:
    before = await find_before(tx, row)
    if before is None:
        return None
    counts = await tx.fetchrow(
        f"select count(*) as compared, count(*) filter (where {BETTER}) as better, count(*) filter (where {WORSE}) as worse, "
        + ", ".join(f"count(*) filter (where o.outcome = '{one}') as {one}" for one in OUTCOMES)
        + f" from shadow_cases n join shadow_cases o on {SAME_CASE} and o.run_id = $3 where n.workspace_id = $1 and n.run_id = $2",
        row["workspace_id"],
        row["id"],
        before["id"],
    )
    if not counts["compared"]:
        return None
    return ShadowAgainst(
        run_id=show_id(before["id"]),
        finished_at=before["finished_at"],
        knowledge_version=before["knowledge_version"],
        compared=counts["compared"],
        better=counts["better"],
        worse=counts["worse"],
        outcomes=OutcomeCounts(**{one: counts[one] for one in OUTCOMES}),
    )


def check_most(most: int) -> int:
    if not 1 <= most <= MOST_CASES:
        raise bad_input({"most": f"1–{MOST_CASES}"})
    return most
