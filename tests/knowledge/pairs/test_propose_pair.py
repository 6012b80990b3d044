"""What is proposed, and what is not proposed again."""

import pytest

from tests.conftest import Ground
from tests.knowledge.pairs.conftest import change, propose, read_pair
from tests.learning import Learning


async def test_a_proposed_pair_is_kept_and_answers_nobody(ground: Ground, learning: Learning) -> None:
    pair_id = await propose(ground, ["几点发货？", "啥时候发"], "16:00 前付款当天发。", origin="agent", maker="李雷")
    assert pair_id is not None
    pair = await read_pair(ground, pair_id)
    assert (pair["state"], pair["origin"], pair["questions"]) == ("proposed", "agent", ["几点发货？", "啥时候发"])
    assert await learning.find(ground, "几点发货") == []


@pytest.mark.parametrize("state", ["proposed", "live", "rejected"])
async def test_the_very_same_is_not_proposed_twice(ground: Ground, state: str) -> None:
    pair_id = await propose(ground, ["几点发货？"], "16:00 前付款当天发。")
    await change(ground.db, ground.workspace_id, "update qa_pairs set state = $1 where id = $2", state, pair_id)
    assert await propose(ground, ["幾點發貨？"], "16:00  前付款当天发。") is None
    assert await propose(ground, ["几点发货？"], "18:00 前付款当天发。") is not None


async def test_what_was_retired_may_be_proposed_again_and_what_a_person_deleted_not(ground: Ground) -> None:
    for statement in ("update qa_pairs set state = 'retired'", "update qa_pairs set deleted_at = now()"):
        assert await propose(ground, ["几点发货？"], "16:00 前付款当天发。") is not None
        await change(ground.db, ground.workspace_id, statement)
    await change(ground.db, ground.workspace_id, "update qa_pairs set state = 'live', deleted_at = now()")
    assert await propose(ground, ["几点发货？"], "16:00 前付款当天发。") is None


async def test_without_a_question_or_an_answer_nothing_is_proposed(ground: Ground) -> None:
    assert await propose(ground, [" ", "\0"], "答案") is None
    assert await propose(ground, ["问题"], " \n") is None


async def test_texts_of_any_length_and_with_odd_characters_are_taken(ground: Ground) -> None:
    pair_id = await propose(ground, ["长" * 900, "两\n行\x07字"], "答\0" * 9000)
    assert pair_id is not None
    pair = await read_pair(ground, pair_id)
    assert [len(pair["questions"][0]), pair["questions"][1], len(pair["answer"])] == [500, "两 行 字", 4000]


async def test_one_job_looks_for_duplicates_of_many(ground: Ground) -> None:
    for number in range(5):
        await propose(ground, [f"问题{number}"], "答案")
    async with ground.db.transaction(ground.workspace_id) as tx:
        jobs = await tx.fetchval(
            "select count(*) from jobs where kind = 'pair_duplicates' and workspace_id = $1", ground.workspace_id
        )
    assert jobs in (1, 2)
