"""Pairs that ask the same become one; a merge can be taken back."""

from collections.abc import Sequence
from typing import Any

from yingke.kit.db import Database, Transaction
from yingke.kit.errors import bad_input, conflict, not_found
from yingke.kit.ids import show_id
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.golden.changed import knowledge_changed
from yingke.knowledge.library import raise_version
from yingke.knowledge.pairs.review import get_pair
from yingke.knowledge.qa_pairs import check_pair, mean_directions, store_passage
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller

MOST_MERGED = 20
_NEAR = (
    "select q.id, q.duplicate_of from qa_pairs q join qa_pairs o on o.workspace_id = q.workspace_id"
    " and o.id = q.duplicate_of and o.deleted_at is null and o.state in ('proposed', 'live')"
    " where q.workspace_id = $1 and q.deleted_at is null and q.state in ('proposed', 'live')"
    " order by q.id desc limit 2000"
)


async def list_duplicates(tx: Transaction, workspace_id: int) -> list[list[int]]:
    """Groups of ids that ask the same, the newest group first; inside a group the oldest pair first."""
    group_of: dict[int, set[int]] = {}
    for row in await tx.fetch(_NEAR, workspace_id):
        joined = group_of.get(row["id"], {row["id"]}) | group_of.get(row["duplicate_of"], {row["duplicate_of"]})
        for member in joined:
            group_of[member] = joined
    groups = {min(group): group for group in group_of.values()}
    return [sorted(group)[:MOST_MERGED] for group in sorted(groups.values(), key=max, reverse=True)]


async def merge(
    db: Database,
    encoder: Encoder,
    caller: Caller,
    keep_id: int,
    other_ids: Sequence[int],
    questions: Sequence[str],
    answer: str,
) -> None:
    """`keep_id` goes on with these texts; the others are found no more. Live if any of them was. Raises 400, 404, 409."""
    others = [pair_id for pair_id in dict.fromkeys(other_ids) if pair_id != keep_id]
    if not 0 < len(others) < MOST_MERGED:
        raise bad_input({"other_ids": f"1–{MOST_MERGED - 1}"})
    asked, text = check_pair(questions, answer, None, "")
    vector = (await mean_directions(encoder, [asked]))[0]
    async with db.transaction(caller.workspace_id) as tx:
        rows = {pair_id: await get_pair(tx, caller.workspace_id, pair_id) for pair_id in sorted([keep_id, *others])}
        keep = rows[keep_id]
        if any(row["state"] not in ("proposed", "live") or row["before_merge"] is not None for row in rows.values()):
            raise conflict(
                "pair_not_mergeable",
                "其中有的问答已经处理过或合并过，请刷新后再合并。",
                "One of these pairs was decided about or merged already. Reload and try again.",
            )
        before = {
            "questions": keep["questions"],
            "answer": keep["answer"],
            "state": keep["state"],
            "duplicate_of": show_id(keep["duplicate_of"]) if keep["duplicate_of"] is not None else None,
            "others": {show_id(pair_id): rows[pair_id]["state"] for pair_id in others},
        }
        is_live = any(row["state"] == "live" for row in rows.values())
        await _set_keep(tx, caller, keep_id, asked, text, "live" if is_live else "proposed", vector, before)
        await tx.execute(
            "update qa_pairs set state = 'retired', retired_for = 'merged', merged_into = $2,"
            " updated_at = now() where id = any($1)",
            others,
            keep_id,
        )
        await tx.execute(
            "delete from passages where workspace_id = $1 and qa_pair_id = any($2)", caller.workspace_id, others
        )
        await _say(tx, caller, "merged", keep_id, asked[0], is_live)


async def split_again(db: Database, encoder: Encoder, caller: Caller, keep_id: int) -> None:
    """Takes a merge back: every pair is again what and where it was. Raises 404."""
    async with db.transaction(caller.workspace_id) as tx:
        row = await get_pair(tx, caller.workspace_id, keep_id)
        before = row["before_merge"]
        if before is None:
            raise not_found()
        ids = [int(pair_id) for pair_id in before["others"]]
        others = await tx.fetch(
            "select id, questions, answer, vector from qa_pairs where id = any($1) and merged_into = $2", ids, keep_id
        )
    vectors = await mean_directions(encoder, [before["questions"], *(other["questions"] for other in others)])
    async with db.transaction(caller.workspace_id) as tx:
        row = await get_pair(tx, caller.workspace_id, keep_id)
        if row["before_merge"] is None:
            raise not_found()
        questions, text = before["questions"], before["answer"]
        await _set_keep(tx, caller, keep_id, questions, text, before["state"], vectors[0], None)
        if before["duplicate_of"] is not None:
            await tx.execute(
                "update qa_pairs set duplicate_of = $2 where id = $1", keep_id, int(before["duplicate_of"])
            )
        for other, vector in zip(others, vectors[1:], strict=True):
            state = before["others"][show_id(other["id"])]
            await tx.execute(
                "update qa_pairs set state = $2, retired_for = null, merged_into = null,"
                " updated_at = now() where id = $1",
                other["id"],
                state,
            )
            if state == "live":
                await store_passage(tx, caller.workspace_id, other["id"], other["questions"], other["answer"], vector)
        await _say(tx, caller, "split", keep_id, questions[0], True)


async def tell_apart(tx: Transaction, caller: Caller, pair_ids: Sequence[int], *, are_distinct: bool) -> None:
    """These do not ask the same (or, taken back, may again). Raises 400, 404."""
    ids = sorted(set(pair_ids))
    if not 1 < len(ids) <= MOST_MERGED:
        raise bad_input({"ids": f"2–{MOST_MERGED}"})
    known = await tx.fetchval(
        "select count(*) from qa_pairs where workspace_id = $1 and id = any($2) and deleted_at is null",
        caller.workspace_id,
        ids,
    )
    if known != len(ids):
        raise not_found()
    couples = [(caller.workspace_id, one, two) for at, one in enumerate(ids) for two in ids[at + 1 :]]
    if are_distinct:
        await tx.executemany(
            "insert into qa_pairs_distinct (workspace_id, left_id, right_id) values ($1, $2, $3) on conflict do nothing",
            couples,
        )
        await tx.execute(
            "update qa_pairs set duplicate_of = null, similarity = null where id = any($1) and duplicate_of = any($1)",
            ids,
        )
    else:
        await tx.executemany(
            "delete from qa_pairs_distinct where workspace_id = $1 and left_id = $2 and right_id = $3", couples
        )
        await tx.execute("update qa_pairs set duplicate_of = $2 where id = any($1)", ids[1:], ids[0])
    await record_audit(tx, caller, "qa_pairs.told_apart", "", {"count": len(ids), "are_distinct": are_distinct})


async def _set_keep(
    tx: Transaction,
    caller: Caller,
    keep_id: int,
    questions: Sequence[str],
    answer: str,
    state: str,
    vector: Any,
    before: dict[str, Any] | None,
) -> None:
    await tx.execute(
        "update qa_pairs set questions = $2, answer = $3, state = $4, vector = $5, before_merge = $6,"
        " is_edited = true, duplicate_of = null, similarity = null, updated_at = now() where id = $1",
        keep_id,
        list(questions),
        answer,
        state,
        vector,
        before,
    )
    if state == "live":
        await store_passage(tx, caller.workspace_id, keep_id, questions, answer, vector)
    else:
        await tx.execute(
            "delete from passages where workspace_id = $1 and qa_pair_id = $2", caller.workspace_id, keep_id
        )


async def _say(tx: Transaction, caller: Caller, what: str, pair_id: int, question: str, changes: bool) -> None:
    await record_audit(tx, caller, f"qa_pairs.{what}", f"qa_pair:{show_id(pair_id)}")
    if changes:
        await knowledge_changed(tx, caller.workspace_id, "pair", f"qa_pair:{show_id(pair_id)}", question)
        await raise_version(tx, caller.workspace_id)
