"""Changes a pair in any state; a live one is found by its new text from the commit on."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from yingke.kit.db import Database, Transaction
from yingke.kit.errors import bad_input, conflict
from yingke.kit.ids import show_id
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.entry import Audience
from yingke.knowledge.golden.changed import knowledge_changed
from yingke.knowledge.library import raise_version
from yingke.knowledge.pairs.languages import check_answers
from yingke.knowledge.pairs.review import get_pair
from yingke.knowledge.qa_pairs import check_pair, look_for_duplicates, mean_directions, store_passage
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller


class PairChange(Struct):
    """`answers` are merged by language tag; an empty text takes a language away."""

    questions: list[str] | UnsetType = UNSET
    answer: str | UnsetType = UNSET
    answers: dict[str, str] | UnsetType = UNSET
    audience: Audience | UnsetType = UNSET
    shop_ids: list[str] | UnsetType | None = UNSET
    valid_from: datetime | UnsetType | None = UNSET
    valid_to: datetime | UnsetType | None = UNSET


async def change_pair(
    db: Database,
    encoder: Encoder,
    caller: Caller,
    pair_id: int,
    wish: PairChange,
    shop_ids: Sequence[int] | UnsetType | None,
) -> None:
    """Changes what is given; `shop_ids` are checked already. Raises 400, 404, 409 when it changed meanwhile."""
    async with db.transaction(caller.workspace_id) as tx:
        before = await get_pair(tx, caller.workspace_id, pair_id)
    questions, answer = check_pair(
        before["questions"] if wish.questions is UNSET else wish.questions,
        before["answer"] if wish.answer is UNSET else wish.answer,
        None,
        "",
    )
    is_asked_anew = list(questions) != before["questions"]
    vector = (await mean_directions(encoder, [questions]))[0] if is_asked_anew else before["vector"]
    if vector is None:
        vector = (await mean_directions(encoder, [questions]))[0]
    async with db.transaction(caller.workspace_id) as tx:
        row = await get_pair(tx, caller.workspace_id, pair_id)
        if (row["questions"], row["answer"]) != (before["questions"], before["answer"]):
            raise _changed_meanwhile()
        await _write(tx, caller, row, wish, questions, answer, vector, is_asked_anew, shop_ids)


async def _write(
    tx: Transaction,
    caller: Caller,
    row: Any,
    wish: PairChange,
    questions: Sequence[str],
    answer: str,
    vector: Any,
    is_asked_anew: bool,
    shop_ids: Sequence[int] | UnsetType | None,
) -> None:
    given = {} if wish.answers is UNSET else check_answers(wish.answers)
    answers = {tag: text for tag, text in {**row["answers"], **given}.items() if text}
    starts = row["valid_from"] if wish.valid_from is UNSET else wish.valid_from
    ends = row["valid_to"] if wish.valid_to is UNSET else wish.valid_to
    _check_dates(starts, ends)
    has_own_scope = any(value is not UNSET for value in (wish.audience, wish.shop_ids, wish.valid_from, wish.valid_to))
    is_edited = is_asked_anew or answer != row["answer"] or answers != row["answers"]
    await tx.execute(
        "update qa_pairs set questions = $2, answer = $3, answers = $4, machine_languages = $5, audience = $6,"
        " shop_ids = $7, valid_from = $8, valid_to = $9, vector = $10, is_edited = is_edited or $11,"
        " has_own_scope = has_own_scope or $12, compared_at = case when $13 then null else compared_at end,"
        " updated_at = now() where id = $1",
        row["id"],
        list(questions),
        answer,
        answers,
        [tag for tag in row["machine_languages"] if tag in answers and tag not in given],
        row["audience"] if wish.audience is UNSET else wish.audience,
        row["shop_ids"] if shop_ids is UNSET else shop_ids,
        starts,
        ends,
        vector,
        is_edited,
        has_own_scope,
        is_asked_anew,
    )
    await record_audit(tx, caller, "qa_pair.changed", f"qa_pair:{show_id(row['id'])}")
    if is_asked_anew:
        await look_for_duplicates(tx, caller.workspace_id)
    if row["state"] == "live":
        await store_passage(tx, caller.workspace_id, row["id"], questions, answer, vector)
        await knowledge_changed(tx, caller.workspace_id, "pair", f"qa_pair:{show_id(row['id'])}", questions[0])
        await raise_version(tx, caller.workspace_id)


def _check_dates(starts: datetime | None, ends: datetime | None) -> None:
    for field, moment in (("valid_from", starts), ("valid_to", ends)):
        if moment is not None and moment.tzinfo is None:
            raise bad_input({field: "needs a time zone / 缺少时区"})
    if starts is not None and ends is not None and ends <= starts:
        raise bad_input({"valid_to": "before valid_from / 早于开始时间"})


def _changed_meanwhile() -> Exception:
    return conflict(
        "pair_changed",
        "这条问答刚刚被别人改过，请刷新后再改。",
        "Somebody has just changed this pair. Reload it and try again.",
    )
