"""The fence around each workspace, looped over all tables and all crossings."""

import asyncio
from typing import Any

import asyncpg
import pytest

from tests.conftest import Ground, NewGround
from yingke.conversations.receive import Incoming, Receiver
from yingke.conversations.reply import Answer, Replier
from yingke.kit.db import Database
from yingke.kit.errors import Problem
from yingke.kit.postgres.run import Cluster

UNFENCED = {"alembic_version", "schedules", "installation"}
CROSSINGS = {
    "receive_batch", "reply_batch", "claim_answers", "renew_answers", "drop_owed_answers", "messages_after", "last_seqs",
    "claim_jobs", "finish_jobs", "retry_job", "renew_jobs", "relay_events", "find_site", "find_visitor", "find_session",
    "find_api_key", "find_logins", "find_invitation", "create_workspace", "list_webhook_feeds", "list_workspace_ids",
    "touch_presence", "sweep", "list_unused_files", "operator_counts", "list_question_feeds", "list_golden_due", "search_large",
    "near_large", "said_large",
    "find_shop_connection",
    "list_waiting_workspaces", "meter_models",
}  # fmt: skip
"""The whole list of functions that see more than one workspace. A new one is added here on purpose, or not at all."""


async def _tables(admin: "asyncpg.Connection[Any]") -> list[asyncpg.Record]:
    return await admin.fetch(
        "select c.relname, c.relrowsecurity, c.relforcerowsecurity from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " where n.nspname = 'public' and c.relkind = 'r' order by 1"
    )


@pytest.fixture
async def admin(cluster: Cluster) -> Any:
    connection = await asyncpg.connect(cluster.dsn())
    yield connection
    await connection.close()


async def test_every_table_is_fenced_and_the_fence_is_forced(admin: Any) -> None:
    open_tables = {
        row["relname"] for row in await _tables(admin) if not (row["relrowsecurity"] and row["relforcerowsecurity"])
    }
    assert open_tables == UNFENCED


async def test_every_fenced_table_names_its_workspace_and_its_keys_begin_with_it(admin: Any) -> None:
    lacking = await admin.fetch(
        "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public'"
        " and c.relkind = 'r' and c.relname <> all($1) and c.relname <> 'workspaces' and not exists"
        " (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'workspace_id' and a.attnotnull)",
        list(UNFENCED),
    )
    assert [row["relname"] for row in lacking] == []
    loose = await admin.fetch(
        "select conrelid::regclass::text as at, confrelid::regclass::text as to from pg_constraint"
        " where contype = 'f' and connamespace = 'public'::regnamespace and confrelid <> 'workspaces'::regclass"
        " and array_length(conkey, 1) = 1 and confrelid::regclass::text <> 'webhook_deliveries'"
    )
    assert [dict(row) for row in loose] == []


async def test_the_application_can_neither_own_nor_bypass(admin: Any) -> None:
    row = await admin.fetchrow(
        "select rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = 'yingke_app'"
    )
    assert tuple(row) == (False, False, False)
    row = await admin.fetchrow(
        "select rolsuper, rolbypassrls, rolcanlogin from pg_roles where rolname = 'yingke_system'"
    )
    assert tuple(row) == (False, False, False)


async def test_only_the_listed_functions_cross_and_each_fixes_its_search_path(admin: Any) -> None:
    rows = await admin.fetch(
        "select p.proname, p.proconfig, r.rolname from pg_proc p join pg_roles r on r.oid = p.proowner"
        " where p.pronamespace = 'public'::regnamespace and p.prosecdef"
    )
    assert {row["proname"] for row in rows} == CROSSINGS
    for row in rows:
        assert row["rolname"] == "yingke_system", row["proname"]
        assert row["proconfig"] == ["search_path=public, pg_temp"], row["proname"]


async def test_rows_of_one_workspace_are_invisible_to_another_in_every_table(
    admin: Any, db: Database, new_ground: NewGround
) -> None:
    one, other = await new_ground(), await new_ground()
    await _fill(one)
    seen_by_owner = 0
    for row in await _tables(admin):
        table = row["relname"]
        if table in UNFENCED:
            continue
        column = "id" if table == "workspaces" else "workspace_id"
        async with db.transaction(one.workspace_id) as tx:
            seen_by_owner += await tx.fetchval(f"select count(*) from {table}")
        async with db.transaction(other.workspace_id) as tx:
            assert await tx.fetchval(f"select count(*) from {table} where {column} = $1", one.workspace_id) == 0, table
            assert await tx.fetchval(f"select count(*) from {table} where {column} <> $1", other.workspace_id) == 0, (
                table
            )
        async with db.system() as tx:
            assert await tx.fetchval(f"select count(*) from {table}") == 0, f"{table} is open while no workspace is set"
    assert seen_by_owner >= 12


async def test_a_row_cannot_be_written_into_or_moved_to_another_workspace(db: Database, new_ground: NewGround) -> None:
    one, other = await new_ground(), await new_ground()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with db.transaction(one.workspace_id) as tx:
            await tx.execute("insert into contacts (workspace_id) values ($1)", other.workspace_id)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with db.transaction(one.workspace_id) as tx:
            await tx.execute("update shops set workspace_id = $1", other.workspace_id)


async def test_the_batches_refuse_a_conversation_of_another_workspace(db: Database, new_ground: NewGround) -> None:
    one, other = await new_ground(), await new_ground()
    conversation, identity = await one.new_conversation()
    receiver, replier = Receiver(db, "fence"), Replier(db)
    with pytest.raises(Problem) as refused:
        await receiver.receive(Incoming(other.workspace_id, conversation, identity, "m1", "text", "混进来", None))
    assert refused.value.status == 404
    replied = await replier.reply(
        Answer(other.workspace_id, conversation, 1, 1, "混进来", None, {"engine": "embedded"}, None, 0, None, False)
    )
    assert replied.outcome == "missing"
    async with db.transaction(one.workspace_id) as tx:
        assert await tx.fetchval("select count(*) from messages where conversation_id = $1", conversation) == 0


async def test_a_batch_mixed_of_two_workspaces_keeps_them_apart(db: Database, new_ground: NewGround) -> None:
    one, other = await new_ground(), await new_ground()
    mine, my_identity = await one.new_conversation()
    theirs, their_identity = await other.new_conversation()
    receiver = Receiver(db, "fence", lanes=1)
    first = receiver.receive(Incoming(one.workspace_id, mine, my_identity, "a", "text", "甲", None))
    second = receiver.receive(Incoming(other.workspace_id, theirs, their_identity, "b", "text", "乙", None))
    wrong = receiver.receive(Incoming(one.workspace_id, theirs, their_identity, "c", "text", "丙", None))
    done = await asyncio.gather(first, second, wrong, return_exceptions=True)
    assert [getattr(result, "seq", None) for result in done] == [1, 1, None]
    async with db.transaction(other.workspace_id) as tx:
        assert [row["text"] for row in await tx.fetch("select text from messages")] == ["乙"]


async def _fill(ground: Ground) -> None:
    """Something in as many tables as plain inserts reach."""
    conversation, identity = await ground.new_conversation()
    await Receiver(ground.db, "fence").receive(
        Incoming(ground.workspace_id, conversation, identity, "m1", "text", "你好", None)
    )
    w = ground.workspace_id
    async with ground.db.transaction(w) as tx:
        await tx.execute(
            "insert into notes (workspace_id, conversation_id, agent_id, after_seq, text) values ($1, $2, $3, 1, '记')",
            w,
            conversation,
            ground.agent_id,
        )
        await tx.execute("insert into saved_replies (workspace_id, title, text) values ($1, '问候', '您好')", w)
        await tx.execute("insert into audit_log (workspace_id, action) values ($1, 'test')", w)
        await tx.execute("insert into documents (workspace_id, name) values ($1, '说明.md')", w)
        await tx.execute("insert into webhooks (workspace_id, url, secret) values ($1, 'https://example.com', 'x')", w)
        await tx.execute(
            "insert into visits (workspace_id, identity_id, url) values ($1, $2, 'https://example.com')", w, identity
        )
        await tx.execute("insert into jobs (workspace_id, lane, kind) values ($1, 'l', 'none')", w)
        await tx.execute(
            "insert into gaps (workspace_id, shop_id, question) values ($1, $2, '几号发货')", w, ground.shop_id
        )
