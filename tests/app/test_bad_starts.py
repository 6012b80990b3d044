"""What an operator may meet: a taken port, a taken folder, another user, a disk that takes no more."""

import asyncio
import contextlib
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from benchmarks.product import LONGEST_START_S, Product, free_port, run_product
from tests.app.desk import Desk, Visitor
from tests.app.test_backup import command, new_folder
from tests.kit.postgres.conftest import become

KILOBYTES = 1000


@pytest.fixture(scope="module")
async def product() -> AsyncIterator[Product]:
    folder = new_folder()
    try:
        async with run_product("up", folder=folder) as running:
            yield running
        assert running.process.returncode == 0
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def folder() -> Iterator[Path]:
    made = new_folder()
    yield made
    shutil.rmtree(made, ignore_errors=True)


def test_a_taken_port_is_named_before_anything_is_started(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = command(folder, "up", YINGKE_PORT=str(port))
    assert done.returncode == 1
    assert f"127.0.0.1:{port}" in done.stderr
    assert f"YINGKE_PORT={port + 1}" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (folder / "data").exists()


async def test_a_second_start_on_the_same_folder_says_who_holds_it_and_harms_nothing(product: Product) -> None:
    done = command(product.folder, "up", YINGKE_PORT=str(free_port()))
    assert done.returncode == 1
    assert str(product.process.pid) in done.stderr
    assert "in use" in done.stderr
    async with aiohttp.ClientSession() as session:
        visitor = Visitor(session, product.address)
        await visitor.enter(product.workspace["site_key"])
        assert (await visitor.ask("你好"))["from"] == "assistant"


@contextlib.contextmanager
def full_disk(pid: int, kilobytes: int) -> Iterator[None]:
    """No file that the process writes may grow beyond this: the kernel refuses the rest, as a full disk does."""
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (kilobytes * KILOBYTES, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


async def test_a_full_disk_refuses_uploads_and_goes_on_answering(product: Product) -> None:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        visitor = Visitor(session, product.address)
        await visitor.enter(product.workspace["site_key"])
        url = f"{product.address}/v1/widget/files"

        async def send(size: int) -> tuple[int, str]:
            form = aiohttp.FormData()
            form.add_field("file", b"a line of text\n" * (size * KILOBYTES // 15), filename="big.txt")
            async with session.post(url, data=form, headers=visitor.headers) as answer:
                return answer.status, await answer.text()

        with full_disk(product.process.pid, 300):
            for size in (900, 4_000):
                status, text = await send(size)
                assert status == 507, (size, text)
                assert "disk_full" in text
            assert (await visitor.ask("你好"))["from"] == "assistant"
        status, text = await send(900)
        assert status == 201, text
    left = [path.name for path in (product.folder / "data/files").rglob(".*") if path.is_file()]
    assert left == []


async def check_new_shop(address: str, folder: Path) -> None:
    """Somebody signs up, and the data lies as it should."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        owner = Desk(session, address)
        new = {"workspace_name": "小店", "name": "店主", "email": "a@example.com", "password": "a long password"}
        me = await owner.sign_in("/v1/auth/sign-up", **new)
        assert me["workspace"]["name"] == "小店"
    assert (folder / "data/secret.key").stat().st_mode & 0o777 == 0o600
    assert (folder / "data/postgres").stat().st_uid != 0


async def test_whoever_runs_the_tests_may_run_it(product: Product) -> None:
    await check_new_shop(product.address, product.folder)


def users() -> list[str]:
    """Whom root may become; anybody else is only himself."""
    return ["nobody"] if os.geteuid() == 0 else [""]


@pytest.mark.parametrize("user", users())
async def test_any_user_may_run_it(user: str, folder: Path) -> None:
    if user:
        shutil.chown(folder, user)
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry),
        "HOME": str(folder),
        "YINGKE_DATA_DIR": str(folder / "data"),
        "YINGKE_PORT": str(port),
    }
    log = (folder / "product.log").open("wb")
    process = subprocess.Popen(
        [*(become(user) if user else []), sys.executable, "-m", "yingke.app", "up"],
        env=environment,
        stdout=log,
        stderr=log,
        cwd="/",
    )
    try:
        await until_ready(process, port, folder / "product.log")
        await check_new_shop(f"http://127.0.0.1:{port}", folder)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(40)
        log.close()
    assert process.returncode == 0


async def until_ready(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    ends = time.monotonic() + LONGEST_START_S
    async with aiohttp.ClientSession() as session:
        while time.monotonic() < ends and process.poll() is None:
            with contextlib.suppress(aiohttp.ClientError):
                async with session.get(f"http://127.0.0.1:{port}/readyz") as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.1)
    raise AssertionError("it did not start:\n" + log.read_text()[-2000:])
