"""The promises of delivery while processes are killed: the whole product, its members, its database."""

import asyncio
import contextlib
import os
import random
import signal
import time
from pathlib import Path

import aiohttp
import msgspec

from benchmarks.product import Product, family, run_product
from tests.journeys.chatter import Chatter
from tests.journeys.history import History

SETTINGS = {"YINGKE_SCRIPTED_MODEL": "1"}
VISITORS = 16
MESSAGES = 12


def _processes(product: Product, words: str) -> list[int]:
    found = []
    for pid in family(product.process.pid):
        with contextlib.suppress(OSError):
            line = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            if words in line:
                found.append(pid)
    return found


async def _chat(chatter: Chatter, rng: random.Random) -> None:
    for number in range(MESSAGES):
        await chatter.say(f"第 {number} 句 🦎 {rng.random()}")
        await asyncio.sleep(rng.uniform(0.05, 0.5))


async def settle(chatters: list[Chatter], history: History, *, but: str = "-", seconds: float = 90) -> list[str]:
    """Reads everything again until all promises hold, `but` one that is not asked for, or the time is over."""
    until = time.monotonic() + seconds
    while True:
        kept = list(history.lines)
        for chatter in chatters:
            await chatter.read_all()
        found = [line for line in history.violations() if not line.startswith(but)]
        if not found or time.monotonic() > until:
            return found
        history.lines[:] = [*kept, *(line for line in history.lines[len(kept) :] if line["ev"] == "deliver")]
        await asyncio.sleep(1)


async def _story(product: Product, site_key: str, breaking: "asyncio.Task[None]", history: History) -> list[str]:
    rng = random.Random(7)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as http:
        chatters = [Chatter(product, http, history, site_key) for _ in range(VISITORS)]
        await asyncio.gather(*(chatter.open() for chatter in chatters))
        listening = [asyncio.create_task(chatter.listen()) for chatter in chatters]
        await asyncio.gather(*(_chat(chatter, rng) for chatter in chatters), breaking)
        found = await settle(chatters, history)
        for chatter in chatters:
            chatter.is_over = True
            if chatter.socket is not None:
                await chatter.socket.close()
        await asyncio.gather(*listening)
    if os.environ.get("YINGKE_KEEP_HISTORY"):
        history.write(Path(os.environ["YINGKE_KEEP_HISTORY"]))
    return found


async def test_nothing_is_lost_or_doubled_while_members_and_database_are_killed() -> None:
    async with run_product("serve", "--processes", "2", settings=SETTINGS) as product:

        async def break_things() -> None:
            for number in range(4):
                await asyncio.sleep(1.2)
                words = "yingke.app member" if number != 2 else "bin/postgres"
                victims = _processes(product, words)
                # The oldest first, so that each of the members that began is killed once and every socket is cut.
                os.kill(min(victims), signal.SIGKILL)
                history.add("fault", name=f"kill {words}", phase="begin")

        history = History("w")
        found = await _story(product, product.workspace["site_key"], asyncio.create_task(break_things()), history)
        assert found == []
        assert len(history.of("ack")) >= VISITORS * MESSAGES
        assert max(chat["session"] for chat in history.of("deliver")) > 1, "no socket was ever cut: nothing was proved"


async def test_everything_acknowledged_is_there_after_the_whole_product_was_killed(tmp_folder: Path) -> None:
    history = History("w")
    async with run_product("up", folder=tmp_folder, settings=SETTINGS) as product:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as http:
            chatter = Chatter(product, http, history, product.workspace["site_key"])
            await chatter.open()
            listening = asyncio.create_task(chatter.listen())
            for number in range(20):
                await chatter.say(f"第 {number} 句")
            for pid in family(product.process.pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            chatter.is_over = True
            await asyncio.wait([listening], timeout=5)
            listening.cancel()
    workspace = msgspec.json.encode(product.workspace)
    async with run_product("up", folder=tmp_folder, settings=SETTINGS, needs_workspace=False) as again:
        assert again.ready_seconds < 90
        again.workspace = msgspec.json.decode(workspace)
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as http:
            chatter.product, chatter.http, chatter.is_over = again, http, False
            listening = asyncio.create_task(chatter.listen())
            await chatter.say("还在吗")
            found = await settle([chatter], history)
            chatter.is_over = True
            if chatter.socket is not None:
                await chatter.socket.close()
            await listening
    assert found == []
    assert len(history.of("ack")) >= 21
