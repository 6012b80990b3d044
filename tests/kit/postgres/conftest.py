"""Folders for real clusters, and a second process that runs one."""

import json
import os
import pwd
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.kit.postgres.folders import temporary_folder
from yingke.kit.postgres.run import run_postgres

HOLD = Path(__file__).with_name("hold.py")
SOURCES = Path(__file__).parents[3] / "src"


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A data folder's path below a folder that everybody may pass through."""
    with temporary_folder("/tmp", 0o755) as folder:
        yield folder / "data"


def become(user: str) -> list[str]:
    """Another user who still may read our interpreter and packages, wherever they are installed."""
    entry = pwd.getpwnam(user)
    capability = "+dac_read_search"
    who = [f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups"]
    return ["setpriv", *who, f"--inh-caps={capability}", f"--ambient-caps={capability}"]


@pytest.fixture(scope="session")
async def template() -> AsyncIterator[Path]:
    """The data folder of a cluster that was started once and stopped."""
    with temporary_folder("/tmp", 0o755) as folder:
        async with run_postgres(folder / "data"):
            pass
        yield folder / "data"


@pytest.fixture
def used_folder(open_folder: Path, template: Path) -> Path:
    """A data folder of its own with an existing cluster: quicker than a first start."""
    subprocess.run(["cp", "-a", str(template), str(open_folder)], check=True)
    return open_folder


class Held:
    """Another process that runs the cluster of a folder, or refused to."""

    def __init__(self, folder: Path, user: str) -> None:
        self.process = subprocess.Popen(
            [*(become(user) if user else []), sys.executable, str(HOLD), str(folder)],
            stdout=subprocess.PIPE,
            text=True,
            cwd="/",
            env={**os.environ, "PYTHONPATH": str(SOURCES)},
        )
        assert self.process.stdout is not None
        self.facts = json.loads(self.process.stdout.readline())

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def hold() -> Iterator[Callable[..., Held]]:
    """`hold(folder, user="")` starts the process and waits for what it says."""
    with ExitStack() as stack:

        def start(folder: Path, user: str = "") -> Held:
            held = Held(folder, user)
            stack.callback(held.end)
            return held

        yield start
