"""Takes in pairs from a spreadsheet: one row a pair, further phrasings and languages in columns of their own."""

from pathlib import Path

from msgspec import UNSET, Struct

from yingke.kit.db import Database, Transaction
from yingke.kit.errors import Problem, bad_input
from yingke.kit.ids import show_id
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.entry import Audience
from yingke.knowledge.golden.changed import knowledge_changed
from yingke.knowledge.pairs.change_pair import PairChange, change_pair
from yingke.knowledge.pairs.languages import check_answers
from yingke.knowledge.pairs.tables import TakenIn, read_pairs
from yingke.knowledge.parse_table import parse_table
from yingke.knowledge.qa_pairs import NewPair, check_pair, encode_pairs, put_qa_pairs
from yingke.workspaces.caller import Caller

MOST_ROWS = 5000
BATCH = 100
MOST_SHOWN = 50


class SkippedRow(Struct):
    """`line` as the spreadsheet program counts it."""

    line: int
    reason: str


class TakenInView(Struct):
    """`changed` counts pairs that were there before and now say something else; `rows` names the first 50 skipped."""

    added: int
    changed: int
    skipped: int
    rows: list[SkippedRow]


async def take_in(db: Database, encoder: Encoder, caller: Caller, path: Path, name: str, language: str) -> TakenInView:
    """Live at once. A row without question or answer is left out and named. Raises 422 of `parse_table`, 400.

    Goes in batches: what was taken in before an error stays, and taking the same file in again changes nothing more.
    """
    taken = read_pairs(await parse_table(path, name))
    if taken is None:
        raise bad_input({"file": "需要「问题」和「答案」两列 / needs the columns question and answer"})
    if len(taken) > MOST_ROWS:
        raise bad_input({"file": f"at most {MOST_ROWS} rows / 最多 {MOST_ROWS} 行"})
    view = TakenInView(0, 0, 0, [])
    fresh: list[NewPair] = []
    for one in taken:
        try:
            pair = _checked(one)
        except Problem as problem:
            view.skipped += 1
            if len(view.rows) < MOST_SHOWN:
                view.rows.append(SkippedRow(one.line, _reason(problem, language)))
            continue
        known = await _find(db, caller, pair)
        if known is not None:
            view.changed += await _change(db, encoder, caller, known, pair)
        else:
            fresh.append(pair)
    for start in range(0, len(fresh), BATCH):
        ready = await encode_pairs(encoder, fresh[start : start + BATCH])
        async with db.transaction(caller.workspace_id) as tx:
            ids = await put_qa_pairs(tx, caller, ready)
            await _tell(tx, caller, ids[0], name)
        view.added += len(ready)
    return view


def _checked(one: TakenIn) -> NewPair:
    questions, answer = check_pair(one.questions, one.answer, one.external_id, "")
    # Without a number of its own a row is known again by its question.
    external_id = one.external_id or f"import:{questions[0][:180]}"
    audience: Audience = "staff" if one.is_staff else "customer"
    return NewPair(questions, answer, external_id, audience, origin="import", answers=check_answers(one.answers))


async def _find(db: Database, caller: Caller, pair: NewPair) -> int | None:
    """The pair that the row stands for: by its own number, or by the one that an export wrote for it."""
    number = pair.external_id or ""
    ours = number.removeprefix("yk-")
    own_id = int(ours) if number.startswith("yk-") and ours.isdigit() and len(ours) <= 18 else None
    async with db.transaction(caller.workspace_id) as tx:
        found: int | None = await tx.fetchval(
            "select id from qa_pairs where workspace_id = $1 and (id = $2 or external_id = $3) and deleted_at is null"
            " and retired_for is distinct from 'merged' order by id = $2 desc nulls last limit 1",
            caller.workspace_id,
            own_id,
            number,
        )
    return found


async def _change(db: Database, encoder: Encoder, caller: Caller, pair_id: int, pair: NewPair) -> bool:
    """Texts only: shops, audience and dates stay as they are. False when the row says what the pair says already."""
    async with db.transaction(caller.workspace_id) as tx:
        row = await tx.fetchrow("select questions, answer, answers from qa_pairs where id = $1", pair_id)
    is_same = tuple(row["questions"]) == pair.questions and row["answer"] == pair.answer
    if is_same and pair.answers.items() <= row["answers"].items():
        return False
    wish = PairChange(questions=list(pair.questions), answer=pair.answer, answers=pair.answers)
    await change_pair(db, encoder, caller, pair_id, wish, UNSET)
    return True


async def _tell(tx: Transaction, caller: Caller, pair_id: int, name: str) -> None:
    await knowledge_changed(tx, caller.workspace_id, "pair", f"qa_pair:{show_id(pair_id)}", name)


def _reason(problem: Problem, language: str) -> str:
    field, why = next(iter(problem.fields.items()), ("", problem.sentence(language)))
    return f"{field}: {why}" if field else why
