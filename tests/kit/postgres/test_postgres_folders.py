import os
import pwd
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.kit.postgres.folders import temporary_folder
from yingke.kit.postgres.binaries import find_binaries
from yingke.kit.postgres.describe import describe
from yingke.kit.postgres.run import run_postgres

IS_ROOT = os.geteuid() == 0
CLOSED_PARENTS = ["/tmp", "/root"] if IS_ROOT else ["/tmp"]


@pytest.fixture(params=CLOSED_PARENTS)
def closed_folder(request: pytest.FixtureRequest) -> Iterator[Path]:
    """A data folder's path below a folder that only we may enter."""
    with temporary_folder(request.param, 0o700) as folder:
        yield folder / "data"


@pytest.fixture
def closed_binaries() -> Iterator[Path]:
    """Programs, unlike any installed before, in a folder that only we may enter; the copy made of them is removed."""
    source = find_binaries()
    package = source.parents[1]
    with temporary_folder("/tmp", 0o700) as folder:
        for name in (source.name, "lib", "share"):
            shutil.copytree(source.parent / name, folder / package.name / source.parent.name / name)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, folder / libraries.name)
        programs = folder / package.name / source.parent.name / source.name
        with (programs / "postgres").open("ab") as file:
            file.write(os.urandom(16))
        before = spare_programs()
        try:
            yield programs
        finally:
            for made in spare_programs() - before:
                shutil.rmtree(made)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def spare_programs() -> set[Path]:
    return set(Path("/var/lib/yingke").glob("pg-*"))


async def test_a_folder_below_a_closed_one_still_gets_a_database(closed_folder: Path) -> None:
    async with run_postgres(closed_folder) as cluster:
        connection = await asyncpg.connect(cluster.dsn())
        await connection.execute("create table note as select 1 as body")
        await connection.close()
        assert describe(closed_folder)["elsewhere"] is IS_ROOT
        assert (os.stat(cluster.data).st_uid == 0) is False
        assert mode_of(cluster.data) == 0o700
    async with run_postgres(closed_folder) as again:
        assert again.data == cluster.data
        connection = await asyncpg.connect(again.dsn())
        assert await connection.fetchval("select body from note") == 1
        await connection.close()
    assert mode_of(closed_folder.parent) == 0o700


async def test_a_folder_made_anew_at_the_same_path_gets_a_new_cluster(closed_folder: Path) -> None:
    async with run_postgres(closed_folder) as cluster:
        first = cluster.data
    shutil.rmtree(closed_folder)
    try:
        async with run_postgres(closed_folder) as cluster:
            assert (cluster.data != first) is IS_ROOT
    finally:
        shutil.rmtree(first, ignore_errors=True)


async def test_programs_in_a_closed_folder_are_copied_to_an_open_one(open_folder: Path, closed_binaries: Path) -> None:
    before = spare_programs()
    for _ in range(2):
        async with run_postgres(open_folder, postgres_bin=str(closed_binaries)) as cluster:
            connection = await asyncpg.connect(cluster.dsn())
            await connection.execute("create extension if not exists vector")
            await connection.close()
    assert len(spare_programs() - before) == (1 if IS_ROOT else 0)


async def test_a_plain_user_runs_everything_in_place(open_folder: Path, hold: Callable[..., Any]) -> None:
    user = "nobody" if IS_ROOT else ""
    uid = pwd.getpwnam(user).pw_uid if user else os.geteuid()
    os.chown(open_folder.parent, uid, -1)
    held = hold(open_folder, user)
    assert held.facts["uid"] == uid
    assert describe(open_folder)["elsewhere"] is False
    assert mode_of(open_folder) == 0o711


async def test_a_folder_that_cannot_be_written_is_named(open_folder: Path, hold: Callable[..., Any]) -> None:
    os.mkdir(open_folder, 0o555)
    held = hold(open_folder, "nobody" if IS_ROOT else "")
    assert held.facts["code"] == "data_folder_unusable"
    assert str(open_folder) in held.facts["zh"]


async def test_a_closed_data_folder_that_was_there_before_keeps_its_mode(open_folder: Path) -> None:
    os.mkdir(open_folder, 0o700)
    async with run_postgres(open_folder) as cluster:
        assert (open_folder in cluster.data.parents) is not IS_ROOT
    assert mode_of(open_folder) == 0o700
