"""`yingke doctor` before the first start, beside the running product, after it, and when something is wrong."""

import os
import shutil
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from benchmarks.product import free_port, run_product
from tests.app.test_backup import command, new_folder


@pytest.fixture
def folder() -> Iterator[Path]:
    made = new_folder()
    yield made
    shutil.rmtree(made, ignore_errors=True)


def doctor(folder: Path, **extra: str) -> tuple[int, dict[str, Any]]:
    done = command(folder, "doctor", "--json", **{"YINGKE_PORT": str(free_port()), **extra})
    return done.returncode, msgspec.json.decode(done.stdout)


def test_a_fresh_place_is_looked_at_without_making_anything(folder: Path) -> None:
    code, report = doctor(folder)
    assert report["version"]
    assert report["port"].endswith("free")
    assert report["encoder"].startswith("ok")
    assert not (folder / "data").exists()
    assert code == (0 if report["web_pages"] == "ok" else 1)


async def test_it_speaks_of_the_running_product_and_of_one_that_stands_still(folder: Path) -> None:
    async with run_product("up", folder=folder, needs_workspace=False) as product:
        port = product.environment["YINGKE_PORT"]
        _, report = doctor(folder, YINGKE_PORT=port)
        assert report["running_pid"] == product.process.pid
        assert report["revision"] == report["revision_of_program"]
        assert report["database_settings"]["fsync"] == "on"
        assert report["database_bytes"] > 1_000_000
        assert report["secret_key"].endswith("(0600)")
        assert report["encoder"].startswith("ok")
        assert [line for line in report["problems"] if "web pages" not in line] == []
        product.process.send_signal(signal.SIGTERM)
        product.process.wait(30)
    (folder / "data" / "secret.key").chmod(0o644)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        code, report = doctor(folder, YINGKE_PORT=str(other.getsockname()[1]))
    assert code == 1
    assert report["running_pid"] is None
    assert report["revision"] == report["revision_of_program"]
    assert [line for line in report["problems"] if "chmod 600" in line]
    assert [line for line in report["problems"] if "used by another program" in line]


def test_a_database_out_of_reach_is_a_sentence_and_not_a_traceback(folder: Path) -> None:
    url = f"postgresql://nobody:x@127.0.0.1:{free_port()}/yingke"
    environment = {"YINGKE_DATABASE_URL": url, "YINGKE_PORT": str(free_port())}
    done = command(folder, "doctor", **environment)
    assert done.returncode == 1
    assert "cannot be reached" in done.stdout
    assert "Traceback" not in done.stderr + done.stdout
    assert os.listdir(folder) in ([], ["data"])
