"""Transactions: fenced, never nested, and hints only after commit."""

import asyncio
import contextlib
import contextvars

import asyncpg
import pytest

from tests.conftest import Ground, NewGround
from yingke.kit.db import Database, after_commit
from yingke.kit.errors import Problem
from yingke.kit.http import Outgoing, OutgoingInTransaction
from yingke.kit.postgres.run import Cluster


async def test_a_transaction_sees_only_its_workspace_through_a_small_pool(
    cluster: Cluster, new_ground: NewGround
) -> None:
    one, two = await new_ground(), await new_ground()
    small = await Database.open(cluster.dsn("yingke_app"), 2)

    async def look(ground: Ground, n: int) -> None:
        async with small.transaction(ground.workspace_id) as tx:
            if n % 7 == 0:
                await asyncio.sleep(0.001)
            rows = await tx.fetch("select workspace_id from shops union all select workspace_id from agents")
            assert {row[0] for row in rows} == {ground.workspace_id}

    try:
        await asyncio.gather(*[look(one if n % 2 else two, n) for n in range(200)])
        async with small.system() as tx:
            assert await tx.fetchval("select count(*) from shops") == 0
    finally:
        await small.close()


async def test_a_row_of_another_workspace_cannot_be_written(new_ground: NewGround) -> None:
    one, two = await new_ground(), await new_ground()

    async def smuggle() -> None:
        async with one.db.transaction(one.workspace_id) as tx:
            await tx.execute("insert into contacts (workspace_id) values ($1)", two.workspace_id)

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await smuggle()
    async with one.db.transaction(one.workspace_id) as tx:
        assert await tx.execute("update shops set name = 'x' where id = $1", two.shop_id) == "UPDATE 0"


async def test_an_error_undoes_everything_and_rings_no_bell(ground: Ground) -> None:
    rung: list[str] = []

    async def change_and_stop() -> None:
        async with ground.db.transaction(ground.workspace_id) as tx:
            await tx.execute("update shops set name = 'changed'")
            after_commit(lambda: rung.append("too early"))
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        await change_and_stop()
    async with ground.db.transaction(ground.workspace_id) as tx:
        assert await tx.fetchval("select name from shops") == "青松小店"
        after_commit(lambda: rung.append("rung"))
        assert rung == []
    assert rung == ["rung"]


async def test_a_crossing_stands_for_itself_and_sees_no_rows(ground: Ground) -> None:
    async with ground.db.crossing() as tx:
        assert await tx.fetchval("select count(*) from shops") == 0
        assert not tx.is_in_transaction()
        with pytest.raises(RuntimeError):
            async with ground.db.transaction(ground.workspace_id):
                pass
        with pytest.raises(RuntimeError):
            after_commit(lambda: None)


async def test_transactions_do_not_nest_and_call_nothing_outside(ground: Ground) -> None:
    outgoing = Outgoing()
    try:
        async with ground.db.transaction(ground.workspace_id):
            with pytest.raises(RuntimeError):
                async with ground.db.system():
                    pass
            with pytest.raises(OutgoingInTransaction):
                await outgoing.request("GET", "https://example.com")
        with pytest.raises(RuntimeError):
            after_commit(lambda: None)
    finally:
        await outgoing.close()


async def test_a_cut_connection_is_a_503_and_the_next_request_works(cluster: Cluster, ground: Ground) -> None:
    own = await Database.open(cluster.dsn("yingke_app"), 1)

    async def be_cut() -> None:
        async with own.transaction(ground.workspace_id) as tx:
            pid = await tx.fetchval("select pg_backend_pid()")
            admin = await asyncpg.connect(cluster.dsn())
            await admin.execute("select pg_terminate_backend($1)", pid)
            await admin.close()
            await asyncio.sleep(0.1)
            await tx.fetchval("select 1")

    try:
        with pytest.raises(Problem) as refused:
            await be_cut()
        assert refused.value.status == 503
        async with own.transaction(ground.workspace_id) as tx:
            assert await tx.fetchval("select count(*) from shops") == 1
    finally:
        await own.close()


async def test_a_held_lock_is_a_503_and_not_a_hang(cluster: Cluster, ground: Ground) -> None:
    async with ground.db.transaction(ground.workspace_id) as holder:
        await holder.execute("select id from shops for update")

        async def wait() -> None:
            async with ground.db.transaction(ground.workspace_id) as tx:
                await tx.execute("set local lock_timeout = '200ms'")
                await tx.execute("update shops set name = 'x'")

        with pytest.raises(Problem) as refused:
            await asyncio.create_task(wait(), context=contextvars.Context())
    assert refused.value.status == 503


async def test_arrays_are_read_alike_on_every_connection(cluster: Cluster) -> None:
    db = await Database.open(cluster.dsn("yingke_app"), 3)
    question = "select $1::bigint[] as ids, $2::jsonb[] as told"
    try:
        for connection in [await db.pool.acquire(timeout=5) for _ in range(3)]:
            row = await connection.fetchrow(question, [1, 2], [{"x": 1}])
            assert (row["ids"], row["told"]) == ([1, 2], [{"x": 1}])
            await db.pool.release(connection)
    finally:
        await db.close()


async def test_a_reader_whose_connection_was_cut_is_replaced(cluster: Cluster, new_ground: NewGround) -> None:
    ground = await new_ground()
    db = await Database.open(cluster.dsn("yingke_app"), 2, name="cut-readers")
    owner = await asyncpg.connect(cluster.dsn())
    try:
        async with db.reading(ground.workspace_id) as tx:
            assert await tx.fetchval("select count(*) from shops") == 1
        await owner.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'cut-readers'"
        )
        await asyncio.sleep(0.2)
        async with db.reading(ground.workspace_id) as tx:
            assert await tx.fetchval("select count(*) from shops") == 1
    finally:
        await owner.close()
        await db.close()


async def test_more_readers_than_there_are_wait_for_one_another(cluster: Cluster, new_ground: NewGround) -> None:
    one, two = await new_ground(), await new_ground()
    db = await Database.open(cluster.dsn("yingke_app"), 2)

    async def look(ground: Ground, n: int) -> None:
        with contextlib.suppress(asyncpg.PostgresError):
            async with db.reading(ground.workspace_id) as tx:
                assert [row["id"] for row in await tx.fetch("select id from shops")] == [ground.shop_id]
                if n % 7 == 0:
                    await tx.fetch("select 1 / 0")

    try:
        await asyncio.gather(*[look(one if n % 2 else two, n) for n in range(200)])
    finally:
        await db.close()
