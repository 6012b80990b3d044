import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from yingke.kit.errors import Problem
from yingke.kit.postgres.configuration import command_line
from yingke.kit.postgres.leftovers import find_postmaster, list_processes
from yingke.kit.postgres.owner import Owner, find_owner
from yingke.kit.postgres.place import Place, choose_place
from yingke.kit.postgres.run import Cluster, run_postgres


async def count_rows(cluster: Cluster, within: float = 10) -> int:
    """Asks until the server answers."""
    end = time.monotonic() + within
    while True:
        try:
            connection = await asyncpg.connect(cluster.dsn(), timeout=5)
            break
        except (OSError, asyncpg.PostgresError):
            if time.monotonic() > end:
                raise
            await asyncio.sleep(0.02)
    try:
        return int(await connection.fetchval("select count(*) from note"))
    finally:
        await connection.close()


async def write_until_killed(cluster: Cluster, kill: Callable[[], None]) -> int:
    """Acknowledged rows of a writer whose server is killed after the 50th."""
    connection = await asyncpg.connect(cluster.dsn())
    await connection.execute("create table if not exists note (body text)")
    acknowledged = 0
    try:
        while True:
            await connection.execute("insert into note values ('好的')")
            acknowledged += 1
            if acknowledged == 50:
                kill()
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
        return acknowledged


def postmaster_of(cluster: Cluster) -> int:
    pid = find_postmaster(cluster.data)
    assert pid is not None
    return pid


async def until(is_so: Callable[[], bool], within: float = 10) -> None:
    end = time.monotonic() + within
    while not is_so():
        assert time.monotonic() < end
        await asyncio.sleep(0.02)


def is_running(pid: int) -> bool:
    try:
        return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return False


def start_as(owner: Owner, command: list[str]) -> subprocess.Popen[bytes]:
    user, group = (owner.uid, owner.gid) if owner.uid >= 0 else (None, None)
    return subprocess.Popen(command, cwd="/", stderr=subprocess.DEVNULL, user=user, group=group)


def place_of(cluster: Cluster) -> Place:
    return Place(Path("/"), cluster.data, find_owner(cluster.data))


def kill_all(cluster: Cluster) -> None:
    for pid in list_processes(place_of(cluster)):
        os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize(
    "kill",
    [lambda cluster: os.kill(postmaster_of(cluster), signal.SIGKILL), kill_all],
    ids=["the postmaster alone", "every process"],
)
async def test_a_killed_server_is_back_with_every_acknowledged_row(
    used_folder: Path, kill: Callable[[Cluster], None]
) -> None:
    restarts: list[int] = []
    async with run_postgres(used_folder, on_restart=lambda: restarts.append(1)) as cluster:
        acknowledged = await write_until_killed(cluster, lambda: kill(cluster))
        began = time.monotonic()
        assert await count_rows(cluster) >= acknowledged >= 50
        assert time.monotonic() - began < 10
        await asyncio.sleep(0.2)
        assert restarts == [1]


async def test_a_server_without_a_starter_goes_away_and_the_next_start_works(
    used_folder: Path, hold: Callable[..., Any]
) -> None:
    held = hold(used_folder)
    postmaster = held.facts["postmaster"]
    assert is_running(postmaster)
    held.process.send_signal(signal.SIGKILL)
    held.process.wait()
    await until(lambda: not is_running(postmaster))
    async with run_postgres(used_folder) as cluster:
        assert cluster.version


async def test_a_start_right_after_the_starter_was_killed_works(used_folder: Path, hold: Callable[..., Any]) -> None:
    for _ in range(2):
        held = hold(used_folder)
        held.process.kill()
        held.process.wait()
        async with run_postgres(used_folder) as cluster:
            assert postmaster_of(cluster) != held.facts["postmaster"]


async def test_a_live_server_that_is_nobodys_child_is_stopped_first(used_folder: Path) -> None:
    async with run_postgres(used_folder) as cluster:
        await write_until_killed(cluster, lambda: os.kill(postmaster_of(cluster), signal.SIGKILL))
        rows = await count_rows(cluster)
    place = choose_place(used_folder, "")
    command = command_line(place.bin / "postgres", place.cluster, place.cluster, 5432, place.name)
    stray = start_as(place.owner, command)
    try:
        await until(lambda: bool(list_processes(place)))
        async with run_postgres(used_folder) as cluster:
            assert stray.wait(timeout=1) == 0
            assert await count_rows(cluster) == rows
    finally:
        stray.kill()
        stray.wait()


async def test_a_reused_process_id_does_not_block_the_start(used_folder: Path) -> None:
    async with run_postgres(used_folder) as cluster:
        owner = find_owner(cluster.data)
        pid_file = cluster.data / "postmaster.pid"
        text = pid_file.read_text()
    stranger = start_as(owner, ["sleep", "60"])
    try:
        pid_file.write_text(f"{stranger.pid}\n" + text.split("\n", 1)[1])
        owner.give(pid_file)
        async with run_postgres(used_folder) as cluster:
            assert cluster.version
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


async def test_a_server_that_cannot_come_back_ends_the_block_with_the_cause(used_folder: Path) -> None:
    clusters: list[Cluster] = []

    async def run_and_lose_a_file() -> None:
        async with run_postgres(used_folder) as cluster:
            clusters.append(cluster)
            os.unlink(cluster.data / "global" / "pg_control")
            os.kill(postmaster_of(cluster), signal.SIGKILL)
            await asyncio.sleep(60)

    with pytest.raises(Problem) as failure:
        await run_and_lose_a_file()
    assert failure.value.code == "postgres_damaged"
    assert "postgres.log" in failure.value.zh
    assert list_processes(place_of(clusters[0])) == []
