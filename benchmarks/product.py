"""Starts the product as an operator would, in a folder of its own, and reads its memory from the kernel."""

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

LIMITS = {
    "YINGKE_VISITOR_RATE": "100000",
    "YINGKE_VISITOR_BURST": "100000",
    "YINGKE_NEW_VISITORS_PER_MINUTE": "10000000",
    "YINGKE_SIGN_UPS": "1000",
}
"""Documented settings that an operator would raise for one address that brings thousands of visitors."""
LONGEST_START_S = 180.0
"""On a machine that others load too."""


@dataclass
class Product:
    process: "subprocess.Popen[bytes]"
    port: int
    folder: Path
    environment: dict[str, str]
    ready_seconds: float
    workspace: dict[str, Any] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def command(self, *arguments: str) -> str:
        """Runs `yingke …` beside the running product."""
        done = subprocess.run(
            [sys.executable, "-m", "yingke.app", *arguments], env=self.environment, capture_output=True, check=True
        )
        return done.stdout.decode()

    def memory_mb(self) -> float:
        """PSS summed over the product's processes, the database and the encoder included."""
        return sum(_pss(pid) for pid in family(self.process.pid)) / 1024

    def server_memory_mb(self) -> float:
        return _pss(self.process.pid) / 1024


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.asynccontextmanager
async def run_product(
    *arguments: str, folder: Path | None = None, settings: dict[str, str] | None = None, needs_workspace: bool = True
) -> AsyncIterator[Product]:
    """`yingke ARGUMENTS` on a free port; ready when /readyz says so."""
    own = folder is None
    place = folder or Path(tempfile.mkdtemp(prefix="yk-bench-"))
    if own:
        place.chmod(0o711)
    port = free_port()
    environment = {
        **os.environ,
        "YINGKE_DATA_DIR": str(place / "data"),
        "YINGKE_PORT": str(port),
        "YINGKE_LOG_LEVEL": "WARNING",
        **LIMITS,
        **(settings or {}),
    }
    began = time.monotonic()
    with (place / "product.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "yingke.app", *arguments], env=environment, stdout=log, stderr=log
        )
    product = Product(process, port, place, environment, 0.0)
    try:
        await _wait_ready(product)
        product.ready_seconds = time.monotonic() - began
        if needs_workspace:
            text = product.command("workspace", "create", "--name", "测速店", "--owner", "bench@example.com", "--json")
            product.workspace = msgspec.json.decode(text)
        yield product
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            process.kill()
        if own:
            shutil.rmtree(place, ignore_errors=True)


async def _wait_ready(product: Product) -> None:
    async with aiohttp.ClientSession() as session:
        until = time.monotonic() + LONGEST_START_S
        while time.monotonic() < until:
            if product.process.poll() is not None:
                break
            with contextlib.suppress(aiohttp.ClientError):
                async with session.get(product.address + "/readyz") as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.05)
    raise RuntimeError("the product did not start:\n" + (product.folder / "product.log").read_text()[-3000:])


def family(root: int) -> list[int]:
    """The process and everything it started."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                parents.setdefault(parent, []).append(int(entry.name))
    found, todo = [], [root]
    while todo:
        pid = todo.pop()
        found.append(pid)
        todo += parents.get(pid, [])
    return found


def _pss(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
