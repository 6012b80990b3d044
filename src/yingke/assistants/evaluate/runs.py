"""Reads and starts runs: the list, one run, its results beside those of the run before, and the figures of intents."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from yingke.assistants.evaluate.trial import check_consent
from yingke.assistants.team_versions.versions import get_version
from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input, conflict, not_found
from yingke.kit.ids import show_id
from yingke.kit.jobs import enqueue
from yingke.knowledge.golden.want_run import want_run
from yingke.models.endpoints import get_endpoint
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller

Change = Literal["all", "better", "worse", "changed", "failed", "wrong_intent"]
_WHICH: dict[str, str] = {
    "all": "true",
    "better": "a.is_passed and not b.is_passed",
    "worse": "not a.is_passed and b.is_passed",
    "changed": "a.answer is distinct from b.answer and b.run_id is not null",
    "failed": "not a.is_passed",
    "wrong_intent": "a.expected_intent is not null and a.intent is distinct from a.expected_intent",
}


async def start_run(
    tx: Transaction, caller: Caller, endpoint_id: int | None = None, version_id: int | None = None
) -> int:
    """A person wants to know now: the run that waits, or a new one. With `endpoint_id` that model answers, enabled or
    not, with `version_id` that version of the team, as it is at this moment; customers notice nothing. Raises 404, 409
    without golden questions or without consent to a place abroad."""
    if not await tx.fetchval(
        "select exists (select 1 from golden_questions where workspace_id = $1 and deleted_at is null)",
        caller.workspace_id,
    ):
        raise conflict(
            "no_golden_questions", "还没有黄金问题，先添加几个。", "There are no golden questions yet. Add some."
        )
    if endpoint_id is not None or version_id is not None:
        return await _start_trial(tx, caller, endpoint_id, version_id)
    run_id = await want_run(tx, caller.workspace_id, "person", agent_id=caller.agent_id)
    # A change may have put it off by some seconds; a person does not wait for that.
    await tx.execute("delete from jobs where workspace_id = $1 and kind = 'golden_run' and ref = $2 and leased_until is null",
                     caller.workspace_id, show_id(run_id))  # fmt: skip
    await _enqueue(tx, caller.workspace_id, run_id)
    await record_audit(tx, caller, "golden_run.started", f"golden_run:{show_id(run_id)}")
    return run_id


async def start_comparison(
    tx: Transaction, caller: Caller, endpoint_id: int | None, against_id: int | None, version_id: int | None = None
) -> int:
    """Two runs in a row: first what it is compared with (another endpoint, or the assistant as customers meet it), then
    the one in question, whose results stand beside the first. The id of the latter. Raises like `start_run`."""
    if endpoint_id is None and version_id is None:
        raise bad_input({"endpoint_id": "选一个模型或一个版本 / choose a model or a version"})
    before = await start_run(tx, caller, against_id)
    run_id = await start_run(tx, caller, endpoint_id, version_id)
    await tx.execute(
        "update golden_runs set against_id = $3 where workspace_id = $1 and id = $2",
        caller.workspace_id,
        run_id,
        before,
    )
    return run_id


async def _start_trial(tx: Transaction, caller: Caller, endpoint_id: int | None, version_id: int | None) -> int:
    cause, ref, name, settings = "model", "", "", {}
    if version_id is not None:
        version = await get_version(tx, caller.workspace_id, version_id)
        cause, ref, name = "prompt", f"team_version:{show_id(version_id)}", str(version.number)
        settings = {"team": version.number, "team_config": msgspec.to_builtins(version.config)}
    if endpoint_id is not None:
        endpoint = await get_endpoint(tx, caller.workspace_id, endpoint_id)
        check_consent(endpoint["location"], endpoint["abroad_confirmed_at"])
        cause, ref, name = "model", f"model_endpoint:{show_id(endpoint_id)}", endpoint["name"]
    run_id: int = await tx.fetchval(
        "insert into golden_runs (workspace_id, kind, cause, cause_ref, cause_name, endpoint_id, started_by, settings)"
        " values ($1, 'trial', $2, $3, $4, $5, $6, $7) returning id",
        caller.workspace_id,
        cause,
        ref,
        name,
        endpoint_id,
        caller.agent_id,
        settings,
    )
    await _enqueue(tx, caller.workspace_id, run_id)
    await record_audit(tx, caller, "golden_run.started", f"golden_run:{show_id(run_id)}")
    return run_id


async def _enqueue(tx: Transaction, workspace_id: int, run_id: int) -> None:
    id = show_id(run_id)
    lane = f"golden:{workspace_id}"
    await enqueue(tx, workspace_id, kind="golden_run", lane=lane, ref=id, data={"run_id": id})


async def cancel_run(tx: Transaction, caller: Caller, run_id: int) -> None:
    """What it has found so far stays. Raises 404, 409 when it is over or a document waits for it."""
    row = await get_run(tx, caller.workspace_id, run_id)
    if row["kind"] == "gate" or row["state"] not in ("queued", "running"):
        raise conflict(
            "golden_run_over", "这一轮不能取消：已经结束，或有文件在等它的结果。", "This run cannot be cancelled."
        )
    await tx.execute(
        "update golden_runs set state = 'cancelled', finished_at = now() where workspace_id = $1 and id = $2",
        caller.workspace_id,
        run_id,
    )


async def list_runs(tx: Transaction, workspace_id: int, before: int | None, limit: int) -> list[Any]:
    """Newest first. A held version that a person released since shows as released."""
    return list(
        await tx.fetch(
            "select r.*, r.gate = 'held' and v.live_at is not null as is_released from golden_runs r"
            " left join document_versions v on v.workspace_id = r.workspace_id and v.document_id = r.document_id"
            "   and v.version = r.document_version"
            " where r.workspace_id = $1 and r.id < $2 order by r.id desc limit $3",
            workspace_id,
            before or 2**63 - 1,
            limit,
        )
    )


async def get_run(tx: Transaction, workspace_id: int, run_id: int) -> Any:
    """Raises 404."""
    rows = [row for row in await list_runs(tx, workspace_id, run_id + 1, 1) if row["id"] == run_id]
    if not rows:
        raise not_found()
    return rows[0]


async def list_results(
    tx: Transaction, workspace_id: int, run: Any, change: Change, after: int, limit: int
) -> list[Any]:
    """Results of a run in order of question, each with what the run before answered."""
    return list(
        await tx.fetch(
            "select a.*, g.question, g.expects, b.is_passed as was_passed, b.answer as was_answer, b.reason as was_reason,"
            " b.milliseconds as was_milliseconds, b.cost_micro as was_cost_micro, b.currency as was_currency"
            " from golden_results a join golden_questions g on g.workspace_id = a.workspace_id and g.id = a.question_id"
            " left join golden_results b on b.workspace_id = a.workspace_id and b.question_id = a.question_id and b.run_id = $3"
            f" where a.workspace_id = $1 and a.run_id = $2 and {_WHICH[change]} and a.question_id > $4"
            " order by a.question_id limit $5",
            workspace_id,
            run["id"],
            run["against_id"] or 0,
            after,
            limit,
        )
    )


@dataclass(frozen=True)
class Label:
    """`items` expected, `understood` as this by the assistant, `right` both."""

    name: str
    items: int
    understood: int
    right: int


@dataclass(frozen=True)
class Figures:
    """`confusion`: (expected, understood, how often) where they differ, the most frequent first."""

    run_id: int | None
    items: int
    right: int
    labels: tuple[Label, ...]
    confusion: tuple[tuple[str, str, int], ...]


async def intent_figures(tx: Transaction, workspace_id: int, run_id: int | None) -> Figures:
    """Over the questions that say what they want, in this run or in the last finished one."""
    run_id = run_id or await tx.fetchval(
        "select max(id) from golden_runs where workspace_id = $1 and kind = 'full' and state = 'done'", workspace_id
    )
    rows = await tx.fetch(
        "select expected_intent, coalesce(intent, '') as intent from golden_results where workspace_id = $1"
        " and run_id = $2 and expected_intent is not null",
        workspace_id,
        run_id or 0,
    )
    return count_figures(run_id, [(row["expected_intent"], row["intent"]) for row in rows])


def count_figures(run_id: int | None, pairs: Sequence[tuple[str, str]]) -> Figures:
    """`pairs`: (expected, understood)."""
    expected, understood = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    right = Counter(one for one, other in pairs if one == other)
    wrong = Counter((one, other) for one, other in pairs if one != other)
    names = sorted({*expected, *understood} - {""}, key=lambda name: (-expected[name], name))
    return Figures(
        run_id,
        len(pairs),
        sum(right.values()),
        tuple(Label(name, expected[name], understood[name], right[name]) for name in names),
        tuple((one, other, times) for (one, other), times in wrong.most_common(40)),
    )
