"""Upgrades on filled databases, through the commands an operator would give."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import asyncpg
import msgspec
import pytest

from benchmarks.product import free_port, run_product
from tests.app.desk import Desk, Visitor
from tests.app.next_version import NEXT, THIS, TOO_FAR, make_next_version
from tests.app.test_backup import command, new_folder
from yingke.kit.postgres.run import run_postgres

EVERY_FENCE = (
    "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public'"
    " and c.relkind = 'r' and exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'workspace_id')"
    " and not (c.relrowsecurity and c.relforcerowsecurity)"
)


@dataclass(frozen=True)
class Site:
    """A database of the operator's own. `settings` are the program's, `next` those of the release after it."""

    folder: Path
    dsn: str
    settings: dict[str, str]
    next: dict[str, str]


@pytest.fixture(scope="module")
async def site() -> AsyncIterator[Site]:
    folder = new_folder()
    try:
        async with run_postgres(folder / "cluster") as cluster:
            settings = {"YINGKE_DATABASE_URL": cluster.dsn()}
            yield Site(folder, cluster.dsn(), settings, settings | {"PYTHONPATH": make_next_version(folder)})
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def fill(site: Site) -> list[dict[str, str]]:
    """Two workspaces with 400 conversations and 1,200 messages each."""
    made = []
    for name in ("甲店", "乙店"):
        done = command(
            site.folder, "workspace", "create", "--name", name, "--owner", "a@example.com", "--json", **site.settings
        )
        assert done.returncode == 0, done.stderr
        made.append(msgspec.json.decode(done.stdout))
    connection = await asyncpg.connect(site.dsn)
    for one in made:
        await connection.execute(
            "with c as (insert into contacts (workspace_id, name) select $1, 'n' || g from generate_series(1, 400) g"
            " returning id),"
            " i as (insert into identities (workspace_id, contact_id, channel_account_id) select $1, c.id,"
            " (select id from channel_accounts where shop_id = $2) from c returning id),"
            " v as (insert into conversations (workspace_id, shop_id, channel_account_id, identity_id, last_seq,"
            " contact_messages) select $1, $2, (select id from channel_accounts where shop_id = $2), i.id, 3, 2 from i"
            " returning id)"
            " insert into messages (workspace_id, conversation_id, seq, author, text) select $1, v.id, s,"
            " case when s = 2 then 'assistant' else 'contact' end, 'text ' || s from v, generate_series(1, 3) s",
            int(one["workspace_id"]),
            int(one["shop_id"]),
        )
    await connection.close()
    return made


async def fingerprint(dsn: str) -> list[tuple[object, ...]]:
    connection = await asyncpg.connect(dsn)
    try:
        rows = await connection.fetch(
            "select workspace_id, count(*), md5(string_agg(conversation_id || ':' || seq || author || text, ',' order by"
            " conversation_id, seq)) from messages group by 1 order by 1"
        )
        return [tuple(row) for row in rows]
    finally:
        await connection.close()


async def test_a_filled_database_is_migrated_with_every_row_and_the_fence_intact(site: Site) -> None:
    first = command(site.folder, "migrate", "--json", **site.settings)
    assert msgspec.json.decode(first.stdout) == {"revision": THIS}, first.stderr
    made = await fill(site)
    before = await fingerprint(site.dsn)
    assert [row[1] for row in before] == [1200, 1200]

    refused = command(site.folder, "serve", YINGKE_PORT=str(free_port()), **site.next)
    assert refused.returncode == 1
    assert "yingke migrate" in refused.stderr
    assert "Traceback" not in refused.stderr

    upgraded = command(site.folder, "migrate", "--json", **site.next)
    assert msgspec.json.decode(upgraded.stdout) == {"revision": NEXT}, upgraded.stderr
    assert await fingerprint(site.dsn) == before
    await check_fence(site.dsn, int(made[0]["workspace_id"]))

    async with run_product("serve", folder=site.folder, settings=site.settings, needs_workspace=False) as product:
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
            owner = Desk(session, product.address)
            body = {"email": "a@example.com", "password": made[1]["password"]}
            me = await owner.sign_in(**body)
            assert me["workspace"]["name"] == "乙店"
            assert len((await owner.get("/v1/conversations?view=all&limit=50"))["items"]) == 50

    connection = await asyncpg.connect(site.dsn)
    await connection.execute(f"update alembic_version set version_num = '{TOO_FAR}'")
    await connection.close()
    too_far = command(site.folder, "serve", YINGKE_PORT=str(free_port()), **site.settings)
    assert too_far.returncode == 1
    assert "newer version" in too_far.stderr


async def check_fence(dsn: str, workspace_id: int) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        assert await connection.fetch(EVERY_FENCE) == []
        assert await connection.fetchval("select count(*) from conversations where weight <> 3 or weight is null") == 0
        await connection.execute("set role yingke_app")
        for table in ("messages", "conversations", "stickers", "workspaces"):
            assert await connection.fetchval(f"select count(*) from {table}") == 0
        await connection.execute(f"set app.workspace_id = '{workspace_id}'")
        assert await connection.fetchval("select count(*) from messages") == 1200
        assert await connection.fetchval("select count(distinct workspace_id) from conversations") == 1
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("insert into stickers (workspace_id, name) values ($1, 'x')", workspace_id + 1)
    finally:
        await connection.close()


async def test_up_of_the_next_version_dumps_first_then_migrates_and_goes_on() -> None:
    folder = new_folder()
    try:
        async with run_product("up", folder=folder) as product, aiohttp.ClientSession() as session:
            visitor = Visitor(session, product.address)
            token = (await visitor.enter(product.workspace["site_key"]))["visitor_token"]
            await visitor.ask("你好")
            talk, said = visitor.conversation_id, await visitor.messages()
            workspace = product.workspace
        following = {"PYTHONPATH": make_next_version(folder)}
        async with (
            run_product("up", folder=folder, settings=following, needs_workspace=False) as product,
            aiohttp.ClientSession() as session,
        ):
            visitor = Visitor(session, product.address)
            assert (await visitor.enter(workspace["site_key"], token))["visitor_token"] == token
            visitor.conversation_id = talk
            assert await visitor.messages() == said
            assert (await visitor.ask("谢谢"))["from"] == "assistant"
        assert (folder / f"data/before-upgrade-{THIS}.dump").stat().st_size > 10_000
    finally:
        shutil.rmtree(folder, ignore_errors=True)
