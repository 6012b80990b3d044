"""The single questions of a shadow run: listed, judged by people, made golden, written as a table."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec
from msgspec import Struct, field

from yingke.assistants.shadow.judge import Outcome
from yingke.assistants.shadow.runs import BETTER, SAME_CASE, WORSE, find_before, get_run
from yingke.conversations.shapes import CitationView
from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input, not_found
from yingke.kit.ids import show_id
from yingke.knowledge.golden.add_golden import NewGolden, add_golden
from yingke.knowledge.past.topics import figures_said
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller

Verdict = Literal["assistant_right", "agent_right", "both_right"]
Change = Literal["better", "worse"]
MOST_GOLDEN = 100
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_HEADER = {
    "zh": ["问题", "结果", "客服的回答", "助手的回答", "相似度", "把握", "互相矛盾", "人工判断", "出处", "问于"],
    "en": ["question", "outcome", "agent_answer", "assistant_answer", "similarity", "confidence", "contradicts", "verdict", "sources", "asked_at"],
}  # fmt: skip
_WORDS = {
    "same": "一致", "answered": "客服没答，助手答了", "different": "不一致", "unknown": "不知道", "handed_off": "转人工",
    "figures": "数字不同", "yes_no": "是否相反", "assistant_right": "助手对", "agent_right": "客服对", "both_right": "都对", "": "",
}  # fmt: skip


class ShadowSaid(Struct):
    text: str
    author: Literal["contact", "assistant", "agent"] = field(name="from", default="contact")


class ShadowCaseView(Struct):
    """`similarity` 0..1 of the two answers, null where only one side answered. `contradicts`: figures, yes_no or "".

    `before` is the outcome in the run before over the same conversations, null without one. All texts are masked.
    """

    id: str
    past_conversation_id: str | None
    conversation_id: str | None
    seq: int
    asked_at: datetime | None
    question: str
    history: list[ShadowSaid]
    agent_answer: str
    assistant_answer: str
    outcome: Outcome
    similarity: float | None
    confidence: float | None
    citations: list[CitationView]
    contradicts: str
    verdict: Verdict | None
    golden_id: str | None
    before: Outcome | None


async def list_cases(
    tx: Transaction,
    workspace_id: int,
    run_id: int,
    *,
    outcome: Outcome | None = None,
    changed: Change | None = None,
    after: int = 0,
    limit: int = 50,
) -> list[Any]:
    """In order of id, those above `after`. Raises 404."""
    before = await find_before(tx, await get_run(tx, workspace_id, run_id))
    condition = {"better": f" and {BETTER}", "worse": f" and {WORSE}", None: ""}[changed]
    rows = await tx.fetch(
        "select n.*, o.outcome as before from shadow_cases n"
        f" left join shadow_cases o on {SAME_CASE} and o.run_id = $3"
        f" where n.workspace_id = $1 and n.run_id = $2 and n.id > $4 and ($5::text is null or n.outcome = $5){condition}"
        " order by n.id limit $6",
        workspace_id,
        run_id,
        before["id"] if before is not None else 0,
        after,
        outcome,
        limit,
    )
    return list(rows)


def show_case(row: Any) -> ShadowCaseView:
    return ShadowCaseView(
        id=show_id(row["id"]),
        past_conversation_id=show_id(row["past_conversation_id"]) if row["past_conversation_id"] is not None else None,
        conversation_id=show_id(row["conversation_id"]) if row["conversation_id"] is not None else None,
        seq=row["seq"],
        asked_at=row["asked_at"],
        question=row["question"],
        history=msgspec.convert(row["history"], list[ShadowSaid]),
        agent_answer=row["agent_answer"],
        assistant_answer=row["assistant_answer"],
        outcome=row["outcome"],
        similarity=row["similarity"],
        confidence=row["confidence"],
        citations=msgspec.convert(row["cited"], list[CitationView]),
        contradicts=row["contradicts"],
        verdict=row["verdict"],
        golden_id=show_id(row["golden_id"]) if row["golden_id"] is not None else None,
        before=row["before"],
    )


async def judge_case(tx: Transaction, workspace_id: int, case_id: int, verdict: Verdict | None) -> None:
    """A person's own judgement, or None to take it back. Raises 404."""
    found = await tx.fetchval(
        "update shadow_cases set verdict = $3 where workspace_id = $1 and id = $2 returning id",
        workspace_id,
        case_id,
        verdict,
    )
    if found is None:
        raise not_found()


async def add_golden_cases(tx: Transaction, caller: Caller, case_ids: Sequence[int]) -> int:
    """How many golden questions were new. What a right answer says comes from the agent's answer, unless a person
    called the assistant right. Raises 400, 404."""
    wanted = sorted(set(case_ids))
    if not 0 < len(wanted) <= MOST_GOLDEN:
        raise bad_input({"case_ids": f"1–{MOST_GOLDEN}"})
    rows = await tx.fetch(
        "select c.*, i.shop_id from shadow_cases c join shadow_runs r on r.workspace_id = c.workspace_id and r.id = c.run_id"
        " left join past_imports i on i.workspace_id = r.workspace_id and i.id = r.import_id"
        " where c.workspace_id = $1 and c.id = any($2) order by c.id for update of c",
        caller.workspace_id,
        wanted,
    )
    if len(rows) != len(wanted):
        raise not_found()
    ids = await add_golden(tx, caller.workspace_id, [_golden(row) for row in rows], added_by=caller.agent_id)
    for row, golden_id in zip(rows, ids, strict=True):
        await tx.execute(
            "update shadow_cases set golden_id = coalesce($2, golden_id, (select max(id) from golden_questions"
            " where workspace_id = $3 and question = $4 and deleted_at is null)) where id = $1",
            row["id"],
            golden_id,
            caller.workspace_id,
            _question(row),
        )
    new = sum(golden_id is not None for golden_id in ids)
    await record_audit(tx, caller, "golden.added", "shadow_cases", {"count": new})
    return new


def _golden(row: Any) -> NewGolden:
    right = row["assistant_answer"] if row["verdict"] == "assistant_right" else row["agent_answer"]
    history = tuple({"from": said["from"], "text": said["text"]} for said in row["history"][-6:])
    return NewGolden(
        question=_question(row),
        expects="hand_off" if row["outcome"] == "handed_off" and row["verdict"] != "agent_right" else "answer",
        must_say=figures_said(right),
        shop_id=row["shop_id"],
        history=history,
        note=" ".join(right.split())[:500],
        origin="past",
    )


def _question(row: Any) -> str:
    return " ".join(row["question"].split())[:500]


def write_csv(rows: Sequence[Any], language: str) -> bytes:
    """A table for spreadsheet programs, in which no cell becomes a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_HEADER["en" if language == "en" else "zh"])
    for row in rows:
        sources = "; ".join(str(one.get("title", "")) for one in row["cited"])
        cells = [
            row["question"], _word(row["outcome"], language), row["agent_answer"], row["assistant_answer"], _share(row["similarity"]),
            _share(row["confidence"]), _word(row["contradicts"], language), _word(row["verdict"], language), sources,
            row["asked_at"].isoformat() if row["asked_at"] is not None else "",
        ]  # fmt: skip
        writer.writerow([f"'{cell}" if cell.lstrip().startswith(_FORMULA) else cell for cell in cells])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _word(value: str | None, language: str) -> str:
    return value or "" if language == "en" else _WORDS[value or ""]


def _share(value: float | None) -> str:
    return f"{value:.2f}" if value is not None else ""
