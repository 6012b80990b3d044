"""Idempotency-Key: created once, told twice."""

import asyncio

import msgspec
import pytest

from tests.conftest import Ground, NewGround
from yingke.kit.db import Database, Transaction
from yingke.kit.errors import Problem
from yingke.kit.idempotency import Result, Sending, run_once
from yingke.kit.secrets import Secrets


class Made(msgspec.Struct):
    id: str
    secret: str


def sending(ground: Ground, key: str | None = "key-1", body: str = "body", owner: str = "agent:1") -> Sending:
    return Sending(ground.workspace_id, owner, key, "POST /v1/things", {"name": body})


async def make(db: Database, what: Sending, pause: float = 0.0, seal: Secrets | None = None) -> Result[Made]:
    async def work(tx: Transaction) -> Made:
        await asyncio.sleep(pause)
        id = await tx.fetchval(
            "insert into saved_replies (workspace_id, title, text) values ($1, 'x', 'y') returning id",
            what.workspace_id,
        )
        return Made(str(id), "s3cret")

    return await run_once(db, what, Made, work, seal=seal)


async def count(ground: Ground) -> int:
    async with ground.db.transaction(ground.workspace_id) as tx:
        return int(await tx.fetchval("select count(*) from saved_replies"))


async def test_the_same_key_and_body_get_the_first_result_again(ground: Ground) -> None:
    first = await make(ground.db, sending(ground))
    again = await make(ground.db, sending(ground))
    assert (first.status, again.status) == (201, 200)
    assert first.answer == again.answer
    assert await count(ground) == 1


async def test_another_body_under_the_same_key_is_refused(ground: Ground) -> None:
    await make(ground.db, sending(ground))
    with pytest.raises(Problem) as refused:
        await make(ground.db, sending(ground, body="other"))
    assert (refused.value.status, refused.value.code) == (409, "idempotency_key_reused")
    assert await count(ground) == 1


async def test_of_ten_at_once_one_works_and_all_get_its_result(ground: Ground) -> None:
    results = await asyncio.gather(*[make(ground.db, sending(ground), 0.05) for _ in range(10)])
    assert sum(result.is_first for result in results) == 1
    assert len({result.answer.id for result in results}) == 1
    assert await count(ground) == 1


async def test_keys_of_different_senders_and_workspaces_do_not_meet(new_ground: NewGround) -> None:
    one, two = await new_ground(), await new_ground()
    results = [
        await make(one.db, sending(one)),
        await make(one.db, sending(one, owner="agent:2")),
        await make(two.db, sending(two)),
        await make(one.db, sending(one, key="key-2")),
    ]
    assert all(result.is_first for result in results)


async def test_work_that_failed_may_be_tried_again_under_its_key(ground: Ground) -> None:
    async def fail(tx: Transaction) -> Made:
        await tx.execute(
            "insert into saved_replies (workspace_id, title, text) values ($1, 'x', 'y')", ground.workspace_id
        )
        raise Problem(400, "bad", "坏", "bad")

    with pytest.raises(Problem):
        await run_once(ground.db, sending(ground), Made, fail)
    assert await count(ground) == 0
    assert (await make(ground.db, sending(ground))).is_first


async def test_without_a_key_everything_is_new(ground: Ground) -> None:
    assert [(await make(ground.db, sending(ground, None))).is_first for _ in range(2)] == [True, True]
    assert await count(ground) == 2


async def test_a_sealed_answer_is_not_readable_in_the_table(ground: Ground) -> None:
    secrets = Secrets(b"k" * 32)
    first = await make(ground.db, sending(ground), seal=secrets)
    again = await make(ground.db, sending(ground), seal=secrets)
    assert again.answer == first.answer
    async with ground.db.transaction(ground.workspace_id) as tx:
        assert "s3cret" not in await tx.fetchval("select answer::text from idempotency")


@pytest.mark.parametrize("key", ["", "x" * 201, "a\nb", "键"])
async def test_a_key_that_is_none_is_refused(ground: Ground, key: str) -> None:
    with pytest.raises(Problem) as refused:
        await make(ground.db, sending(ground, key))
    assert refused.value.status == 400
