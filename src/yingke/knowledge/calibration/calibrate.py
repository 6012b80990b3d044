"""The workspace's own line: shown before it is saved, saved with what stood before, taken back in one step."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from yingke.kit.db import Transaction
from yingke.knowledge.calibration.settings import HIGHEST, LOWEST, Answering, Manner
from yingke.knowledge.calibration.tune import Measured, Outcome, outcome_at, tune
from yingke.knowledge.golden.changed import knowledge_changed
from yingke.knowledge.library import raise_version
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller

DAYS = 7
MOST_EXAMPLES = 12
_WRONG = ("wrong_source", "lacks", "says")
_KEPT = ("threshold", "manner", "items", "tuned_at", "follows")


@dataclass(frozen=True)
class Asked:
    """What customers really asked in the last days: how many, and which would come out otherwise."""

    total: int
    newly_answered: int
    newly_refused: int
    examples: list[tuple[str, float, bool]]


@dataclass(frozen=True)
class Preview:
    """`changes`: golden questions that come out otherwise, with whether that is better."""

    threshold: float
    items: int
    unmeasured: int
    before: Outcome
    after: Outcome
    changes: list[tuple[Measured, bool]]
    asked: Asked


async def read_answering(tx: Transaction, workspace_id: int) -> dict[str, Any]:
    """As stored; empty while the product's own values hold."""
    kept = await tx.fetchval("select answering from knowledge_settings where workspace_id = $1", workspace_id)
    return dict(kept or {})


async def preview(tx: Transaction, workspace_id: int, manner: Manner, threshold: float | None) -> Preview:
    """What the golden questions and last week's real ones would become; `threshold` None finds the best line."""
    now = Answering.of(await read_answering(tx, workspace_id)).threshold
    items, unmeasured = await measured(tx, workspace_id)
    line = bounded(threshold) if threshold is not None else tune(items, manner)
    changes = [
        (one, (one.confidence >= line) == (one.should_answer and not one.is_wrong))
        for one in items
        if (one.confidence >= now) != (one.confidence >= line)
    ]
    asked = await _asked(tx, workspace_id, now, line)
    return Preview(line, len(items), unmeasured, outcome_at(items, now), outcome_at(items, line), changes, asked)


async def measured(tx: Transaction, workspace_id: int) -> tuple[list[Measured], int]:
    """The golden questions with their newest result, and how many have none yet."""
    rows = await tx.fetch(
        "select g.id, g.question, g.expects, r.confidence, r.reason, r.cited from golden_questions g"
        " left join lateral (select confidence, reason, cited from golden_results r where r.workspace_id = g.workspace_id"
        "   and r.question_id = g.id and r.confidence is not null order by r.run_id desc limit 1) r on true"
        " where g.workspace_id = $1 and g.deleted_at is null and g.expects <> 'hand_off' order by g.id",
        workspace_id,
    )
    items = [
        Measured(row["id"], row["question"], row["expects"] == "answer", float(row["confidence"]), _is_wrong(row))
        for row in rows
        if row["confidence"] is not None
    ]
    return items, len(rows) - len(items)


async def calibrate(
    tx: Transaction, caller: Caller, manner: Manner, threshold: float | None, *, follows: bool
) -> dict[str, Any]:
    """Saves the line; `threshold` None fits it on the golden questions. `follows`: fit it again after each golden run."""
    kept = await read_answering(tx, caller.workspace_id)
    items, _ = await measured(tx, caller.workspace_id)
    line = bounded(threshold) if threshold is not None else tune(items, manner)
    values = _values(line, manner, 0 if threshold is not None else len(items), follows)
    values["previous"] = {name: kept[name] for name in _KEPT if name in kept}
    await _store(tx, caller.workspace_id, values)
    await record_audit(tx, caller, "answering.set", "", {"manner": manner, "threshold": line})
    await knowledge_changed(tx, caller.workspace_id, "setting", "answering", manner)
    await raise_version(tx, caller.workspace_id)
    return values


async def take_back(tx: Transaction, caller: Caller) -> dict[str, Any]:
    """To what stood before the last change; once. The product's own values when nothing stood there."""
    kept = await read_answering(tx, caller.workspace_id)
    values = dict(kept.get("previous") or {})
    await _store(tx, caller.workspace_id, values)
    await record_audit(tx, caller, "answering.taken_back", "", {"threshold": Answering.of(values).threshold})
    await knowledge_changed(tx, caller.workspace_id, "setting", "answering", "undo")
    await raise_version(tx, caller.workspace_id)
    return values


async def follow_run(tx: Transaction, workspace_id: int, run_id: int) -> bool:
    """After a golden run: the line is fitted again where the workspace wants that. A run that a setting caused is none
    to follow, or the two would chase each other."""
    kept = await read_answering(tx, workspace_id)
    row = await tx.fetchrow(
        "select state, cause from golden_runs where workspace_id = $1 and id = $2", workspace_id, run_id
    )
    if not kept.get("follows") or row is None or row["state"] != "done" or row["cause"] == "setting":
        return False
    now = Answering.of(kept)
    items, _ = await measured(tx, workspace_id)
    line = tune(items, now.manner)
    if abs(line - now.threshold) < 0.02:
        return False
    values = _values(line, now.manner, len(items), True)
    values["previous"] = {name: kept[name] for name in _KEPT if name in kept}
    await _store(tx, workspace_id, values)
    await raise_version(tx, workspace_id)
    return True


def bounded(threshold: float) -> float:
    return round(min(HIGHEST, max(LOWEST, threshold)), 2)


def _values(line: float, manner: Manner, items: int, follows: bool) -> dict[str, Any]:
    return {
        "threshold": line,
        "manner": manner,
        "items": items,
        "follows": follows,
        "tuned_at": datetime.now(UTC).isoformat(),
    }


async def _store(tx: Transaction, workspace_id: int, values: dict[str, Any]) -> None:
    await tx.execute(
        "insert into knowledge_settings (workspace_id, answering) values ($1, $2)"
        " on conflict (workspace_id) do update set answering = excluded.answering, updated_at = now()",
        workspace_id,
        values,
    )


def _is_wrong(row: Any) -> bool:
    return bool(row["expects"] == "answer" and row["reason"] in _WRONG and row["cited"])


async def _asked(tx: Transaction, workspace_id: int, now: float, line: float) -> Asked:
    low, high = sorted((now, line))
    head = await tx.fetchrow(
        "select count(*) as total, count(*) filter (where confidence >= $3 and confidence < $4) as moved"
        " from asked_questions where workspace_id = $1 and origin = 'live' and confidence is not null"
        " and asked_at > now() - make_interval(days => $2)",
        workspace_id,
        DAYS,
        low,
        high,
    )
    rows = await tx.fetch(
        "select text, max(confidence) as confidence from asked_questions where workspace_id = $1 and origin = 'live'"
        " and asked_at > now() - make_interval(days => $2) and confidence >= $3 and confidence < $4"
        " group by text order by count(*) desc, text limit $5",
        workspace_id,
        DAYS,
        low,
        high,
        MOST_EXAMPLES,
    )
    answers = line < now
    return Asked(
        head["total"],
        head["moved"] if answers else 0,
        0 if answers else head["moved"],
        [(row["text"], float(row["confidence"]), answers) for row in rows],
    )
