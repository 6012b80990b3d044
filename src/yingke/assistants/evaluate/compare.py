"""What got better and what got worse against an earlier run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yingke.assistants.evaluate.judge import squeeze
from yingke.kit.db import Transaction
from yingke.kit.errors import Problem, not_found

_SHOWN = 3


@dataclass(frozen=True)
class Comparison:
    better: int
    worse: int
    worse_questions: tuple[str, ...]


async def compare_runs(tx: Transaction, workspace_id: int, run_id: int, against_id: int | None) -> Comparison:
    """Over the questions that both runs asked."""
    if against_id is None:
        return Comparison(0, 0, ())
    rows = await tx.fetch(
        "select a.is_passed, g.question from golden_results a"
        " join golden_results b on b.workspace_id = a.workspace_id and b.question_id = a.question_id and b.run_id = $3"
        " join golden_questions g on g.workspace_id = a.workspace_id and g.id = a.question_id"
        " where a.workspace_id = $1 and a.run_id = $2 and a.is_passed <> b.is_passed order by a.question_id",
        workspace_id,
        run_id,
        against_id,
    )
    worse = tuple(row["question"] for row in rows if not row["is_passed"])
    return Comparison(len(rows) - len(worse), len(worse), worse)


@dataclass(frozen=True)
class Side:
    """One of two runs over the questions that both answered. Milliseconds are a median and a 95th percentile."""

    run_id: int
    engine: str
    name: str
    version: int | None
    """Of the team, where that was tried."""
    state: str
    done: int
    total: int
    passed: int
    ms_median: float | None
    ms_p95: float | None
    tokens: int
    cost_micro: int
    currency: str | None


@dataclass(frozen=True)
class Sides:
    """`same`: the same words but for width and spaces; `better` and `worse` by the judge, seen from `new`."""

    old: Side
    new: Side
    same: int
    different: int
    better: int
    worse: int


async def compare_sides(tx: Transaction, workspace_id: int, run_id: int) -> Sides:
    """Two models side by side. Raises 404 for a run that is compared with none."""
    against = await tx.fetchval(
        "select against_id from golden_runs where workspace_id = $1 and id = $2 and kind = 'trial'",
        workspace_id,
        run_id,
    )
    if against is None:
        raise not_found()
    rows = await tx.fetch(
        "select a.answer, b.answer as was_answer, a.is_passed, b.is_passed as was_passed from golden_results a"
        " join golden_results b on b.workspace_id = a.workspace_id and b.question_id = a.question_id and b.run_id = $3"
        " where a.workspace_id = $1 and a.run_id = $2",
        workspace_id,
        run_id,
        against,
    )
    same = sum(squeeze(row["answer"]) == squeeze(row["was_answer"]) for row in rows)
    return Sides(
        old=await _side(tx, workspace_id, against),
        new=await _side(tx, workspace_id, run_id),
        same=same,
        different=len(rows) - same,
        better=sum(row["is_passed"] and not row["was_passed"] for row in rows),
        worse=sum(row["was_passed"] and not row["is_passed"] for row in rows),
    )


async def _side(tx: Transaction, workspace_id: int, run_id: int) -> Side:
    row = await tx.fetchrow(
        "select r.id, r.engine, case when r.endpoint_id is null then '' else r.cause_name end as name, (r.settings->>'team')::int as version, r.state, r.done, r.total, r.passed,"
        " percentile_cont(0.5) within group (order by g.milliseconds) as ms_median,"
        " percentile_cont(0.95) within group (order by g.milliseconds) as ms_p95,"
        " coalesce(sum(g.tokens_in + g.tokens_out), 0)::bigint as tokens, coalesce(sum(g.cost_micro), 0)::bigint as cost,"
        " max(g.currency) as currency"
        " from golden_runs r left join golden_results g on g.workspace_id = r.workspace_id and g.run_id = r.id"
        " where r.workspace_id = $1 and r.id = $2 group by r.id",
        workspace_id,
        run_id,
    )
    return Side(
        row["id"], row["engine"], row["name"], row["version"], row["state"], row["done"], row["total"], row["passed"], row["ms_median"],
        row["ms_p95"], row["tokens"], row["cost"], row["currency"],
    )  # fmt: skip


async def find_baseline(tx: Transaction, workspace_id: int, run_id: int) -> int | None:
    """The last finished run over everything before this one."""
    found: int | None = await tx.fetchval(
        "select max(id) from golden_runs where workspace_id = $1 and kind = 'full' and state = 'done' and id < $2",
        workspace_id,
        run_id,
    )
    return found


def held_reason(comparison: Comparison, most_worse: int) -> Mapping[str, str]:
    """For the document that is held: which questions got worse, and what to do."""
    named = comparison.worse_questions[:_SHOWN]
    more = comparison.worse - len(named)
    return {
        "code": "golden_gate",
        "zh": f"新版本会让 {comparison.worse} 个黄金问题答得更差（最多允许 {most_worse} 个）：{_list_zh(named)}"
        f"{'等' if more else ''}。旧版本继续生效；请改好文件重新上传，或确认没问题后放行。",
        "en": f"With the new version {comparison.worse} golden questions get worse (at most {most_worse} may):"
        f" {'; '.join(named)}{' and others' if more else ''}. The old version stays live. Correct the file and upload it"
        " again, or release it if it is right.",
    }


def unchecked_reason(problem: Problem) -> Mapping[str, str]:
    """For a document that could not be checked, try as we might: nothing unchecked goes live while the gate is on."""
    return {
        "code": "golden_gate",
        "zh": f"新版本没能过一遍黄金问题（{problem.zh}）旧版本继续生效；确认没问题后可以放行，或稍后重新上传。",
        "en": f"The new version could not be tried on the golden questions ({problem.en}) The old version stays live."
        " Release it if it is right, or upload it again later.",
    }


def _list_zh(questions: Sequence[str]) -> str:
    return "、".join(f"「{question[:40]}」" for question in questions)


def wilson(right: int, total: int) -> tuple[float, float]:
    """95 % confidence interval of a share (Wilson score): honest for few items too. (0, 1) for none."""
    if not total:
        return 0.0, 1.0
    z, share = 1.96, right / total
    middle = share + z * z / (2 * total)
    spread: float = z * ((share * (1 - share) + z * z / (4 * total)) / total) ** 0.5
    below = 1 + z * z / total
    return max(0.0, (middle - spread) / below), min(1.0, (middle + spread) / below)
