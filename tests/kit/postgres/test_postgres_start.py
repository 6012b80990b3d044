import os
import stat
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from yingke.kit.errors import Problem
from yingke.kit.postgres.binaries import pg_program
from yingke.kit.postgres.describe import describe
from yingke.kit.postgres.run import Cluster, find_cluster, run_postgres


async def ask(cluster: Cluster, query: str) -> object:
    connection = await asyncpg.connect(cluster.dsn())
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def run_program(cluster: Cluster, name: str, *options: str) -> None:
    subprocess.run([pg_program(name), *options], env={**os.environ, **cluster.environment()}, check=True)


async def test_a_second_start_is_quick_and_finds_the_data(open_folder: Path) -> None:
    async with run_postgres(open_folder) as cluster:
        await ask(cluster, "create table note (body text)")
        await ask(cluster, "insert into note values ('七天无理由退货')")
        first = cluster.dsn("yingke_app")
    began = time.monotonic()
    async with run_postgres(open_folder) as cluster:
        assert time.monotonic() - began < 8
        assert await ask(cluster, "select body from note") == "七天无理由退货"
        assert cluster.dsn("yingke_app") == first


async def test_what_makes_rows_durable_cannot_be_switched_off(used_folder: Path) -> None:
    async with run_postgres(used_folder) as cluster:
        await ask(cluster, "alter system set fsync = off")
        await ask(cluster, "alter system set work_mem = '9MB'")
    async with run_postgres(used_folder) as cluster:
        for name in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums"):
            assert await ask(cluster, f"show {name}") == "on"
        assert await ask(cluster, "show listen_addresses") == ""
        assert await ask(cluster, "show timezone") == "UTC"
        assert await ask(cluster, "show work_mem") == "9MB"


async def test_a_server_that_does_not_wait_for_the_disk_is_refused(used_folder: Path) -> None:
    async with run_postgres(used_folder) as cluster:
        await ask(cluster, "alter role postgres set synchronous_commit = off")
    with pytest.raises(Problem) as refusal:
        async with run_postgres(used_folder):
            pass
    assert refusal.value.code == "postgres_unsafe_setting"
    assert describe(used_folder)["postmaster"] is None


async def test_chinese_text_has_trigrams_words_and_an_order(used_folder: Path) -> None:
    async with run_postgres(used_folder) as cluster:
        await ask(cluster, "create extension pg_trgm")
        await ask(cluster, "create extension vector")
        assert await ask(cluster, "select similarity('退货运费', '退货运费谁出') > 0.4")
        assert await ask(cluster, "select to_tsvector('simple', '退货 运费') @@ to_tsquery('simple', '运费')")
        assert await ask(cluster, "select lower('ÀÉ') = 'àé'")
        assert await ask(cluster, "show server_encoding") == "UTF8"


async def test_the_socket_wants_the_password(open_folder: Path) -> None:
    async with run_postgres(open_folder) as cluster:
        for password in ("", "wrong"):
            with pytest.raises(asyncpg.InvalidPasswordError):
                await asyncpg.connect(host=cluster.socket_dir, user="postgres", password=password, database="yingke")
        assert len(f"{cluster.socket_dir}/.s.PGSQL.{cluster.port}") < 107
        assert mode_of(Path(cluster.socket_dir)) == 0o700
    for name in ("postgres.passwords.json", "postgres.log"):
        assert mode_of(open_folder / name) == 0o600
    with pytest.raises(FileNotFoundError):
        mode_of(Path(cluster.socket_dir))


async def test_the_password_of_an_unknown_role_is_refused(open_folder: Path) -> None:
    cluster = Cluster("/tmp/x", 5432, open_folder, "18.6", {"postgres": "p"})
    assert cluster.dsn() == "postgresql://postgres:p@/yingke?host=/tmp/x&port=5432"
    with pytest.raises(Problem, match="postgres_unknown_role"):
        cluster.dsn("stranger")


async def test_the_log_holds_no_row_and_no_statement(used_folder: Path) -> None:
    async with run_postgres(used_folder) as cluster:
        await ask(cluster, "create table contact (phone text primary key check (phone <> '13900001111'))")
        await ask(cluster, "insert into contact values ('13800001111')")
        for phone in ("13800001111", "13900001111"):
            with pytest.raises(asyncpg.IntegrityConstraintViolationError):
                await ask(cluster, f"insert into contact values ('{phone}')")
        with pytest.raises(asyncpg.PostgresError):
            await ask(cluster, "select '13800001111 a'::int")
    written = (used_folder / "postgres.log").read_text()
    assert "ready to accept connections" in written
    assert "1111" not in written


async def test_a_second_run_is_told_who_holds_the_folder(used_folder: Path, hold: Callable[..., Any]) -> None:
    async with run_postgres(used_folder):
        with pytest.raises(Problem, match="data_folder_in_use") as refusal:
            async with run_postgres(used_folder):
                pass
        assert str(os.getpid()) in refusal.value.zh
        other = hold(used_folder)
        assert other.facts["code"] == "data_folder_in_use"
        assert f"process {os.getpid()} since 2" in other.facts["en"]


async def test_others_can_find_and_describe_the_running_cluster(used_folder: Path) -> None:
    assert find_cluster(used_folder) is None
    async with run_postgres(used_folder) as cluster:
        found = find_cluster(used_folder)
        assert found is not None
        assert found.dsn() == cluster.dsn()
        facts = describe(used_folder)
        assert (facts["holder"], facts["socket_dir"]) == (os.getpid(), cluster.socket_dir)
        assert (facts["major"], facts["cluster"]) == (cluster.version.split(".")[0], str(cluster.data))
        assert isinstance(facts["bytes"], int)
        assert facts["bytes"] > 10_000_000
        assert facts["postmaster"] is not None
    assert find_cluster(used_folder) is None
    facts = describe(used_folder)
    assert (facts["holder"], facts["postmaster"], facts["socket_dir"]) == (None, None, None)


async def test_a_dump_can_be_restored(used_folder: Path, tmp_path: Path) -> None:
    dump = tmp_path / "dump"
    async with run_postgres(used_folder) as cluster:
        await ask(cluster, "create table note as select '你好' as body")
        run_program(cluster, "pg_dump", "-Fc", "-f", str(dump))
        await ask(cluster, "drop table note")
        run_program(cluster, "pg_restore", "-d", "yingke", str(dump))
        assert await ask(cluster, "select body from note") == "你好"


async def test_data_of_another_major_version_is_refused_and_untouched(used_folder: Path) -> None:
    async with run_postgres(used_folder) as cluster:
        version = cluster.data / "PG_VERSION"
    version.write_text("16\n")
    with pytest.raises(Problem, match="postgres_other_major") as refusal:
        async with run_postgres(used_folder):
            pass
    assert "PostgreSQL 16" in refusal.value.zh
    version.write_text("18\n")
    async with run_postgres(used_folder) as cluster:
        assert await ask(cluster, "select 1") == 1


async def test_a_folder_without_programs_is_named(open_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(Problem, match="postgres_missing") as refusal:
        async with run_postgres(open_folder, postgres_bin=str(tmp_path)):
            pass
    assert str(tmp_path) in refusal.value.zh


async def test_lost_passwords_are_said_and_not_replaced(used_folder: Path) -> None:
    async with run_postgres(used_folder):
        pass
    passwords = used_folder / "postgres.passwords.json"
    kept = passwords.rename(used_folder / "kept")
    with pytest.raises(Problem, match="postgres_passwords_lost"):
        async with run_postgres(used_folder):
            pass
    passwords.write_text(kept.read_text().replace('"postgres": "', '"postgres": "x'))
    with pytest.raises(Problem, match="postgres_password_mismatch"):
        async with run_postgres(used_folder):
            pass
