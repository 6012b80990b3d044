"""A database of the first release, with its documents, becomes one of this release."""

import shutil
from pathlib import Path

import asyncpg
import msgspec

import yingke
from tests.app.next_version import THIS
from tests.app.test_backup import command, new_folder
from yingke.kit.postgres.run import run_postgres


def make_first_release(folder: Path) -> str:
    """The PYTHONPATH under which the program knows the first revision only."""
    target = folder / "first" / "yingke"
    shutil.copytree(
        Path(str(yingke.__file__)).parent,
        target,
        ignore=shutil.ignore_patterns("static", "000[2-9]_*"),
    )
    return str(folder / "first")


async def test_documents_of_the_first_release_keep_their_version_and_stay_live() -> None:
    folder = new_folder()
    try:
        async with run_postgres(folder / "cluster") as cluster:
            settings = {"YINGKE_DATABASE_URL": cluster.dsn()}
            first = command(folder, "migrate", "--json", **settings, PYTHONPATH=make_first_release(folder))
            assert msgspec.json.decode(first.stdout) == {"revision": "0001"}, first.stderr
            connection = await asyncpg.connect(cluster.dsn())
            workspace = await connection.fetchval("insert into workspaces (name) values ('甲店') returning id")
            document = await connection.fetchval(
                "insert into documents (workspace_id, name, state, version, passages, ready_at)"
                " values ($1, '退换.docx', 'ready', 3, 7, now()) returning id",
                workspace,
            )
            await connection.execute(
                "insert into qa_pairs (workspace_id, questions, answer) values ($1, '{几天能到}', '三天')", workspace
            )

            then = command(folder, "migrate", "--json", **settings)
            assert msgspec.json.decode(then.stdout) == {"revision": THIS}, then.stderr
            versions = await connection.fetch("select document_id, version, name, passages from document_versions")
            assert [tuple(row) for row in versions] == [(document, 3, "退换.docx", 7)]
            assert await connection.fetchval("select state from qa_pairs") == "live"
            open_tables = await connection.fetch(
                "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                " where n.nspname = 'public' and c.relkind = 'r' and not c.relforcerowsecurity"
                " and c.relname not in ('alembic_version', 'schedules', 'installation')"
            )
            assert open_tables == []
            await connection.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
