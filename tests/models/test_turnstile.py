"""So many calls at once, and nobody waits behind another workspace's crowd."""

import asyncio
import time

import pytest

from yingke.models.contract import ModelBusy
from yingke.models.turnstile import Turnstile


async def work(turnstile: Turnstile, workspace_id: int, done: list[int], most: int | None = None) -> None:
    async with turnstile.admit(workspace_id, most, 5.0):
        await asyncio.sleep(0.01)
    done.append(workspace_id)


async def test_a_crowd_of_one_workspace_does_not_hold_up_another() -> None:
    turnstile = Turnstile(4, 4)
    done: list[int] = []
    crowd = [asyncio.create_task(work(turnstile, 1, done)) for _ in range(100)]
    await asyncio.sleep(0)
    others = [asyncio.create_task(work(turnstile, 2, done)) for _ in range(5)]
    await asyncio.gather(*crowd, *others)
    # Served in turn: the five are through after some ten of the crowd, not after a hundred.
    assert max(at for at, who in enumerate(done) if who == 2) < 25
    assert (turnstile.running, turnstile.waiting) == (0, 0)


async def test_a_workspace_has_a_limit_of_its_own() -> None:
    turnstile, most_seen = Turnstile(10, 8), 0

    async def look() -> None:
        nonlocal most_seen
        async with turnstile.admit(1, 3, 5.0):
            most_seen = max(most_seen, turnstile.running)
            await asyncio.sleep(0.005)

    await asyncio.gather(*(look() for _ in range(20)))
    assert most_seen == 3


async def test_who_waits_too_long_is_told_so_and_leaves_no_trace() -> None:
    turnstile = Turnstile(1, 1)
    async with turnstile.admit(1, None, 1.0):
        began = time.monotonic()
        with pytest.raises(ModelBusy) as problem:
            async with turnstile.admit(2, None, 0.05):
                raise AssertionError("no place was free")
        assert problem.value.cause == "queue"
        assert time.monotonic() - began < 5
        gone = asyncio.create_task(work(turnstile, 3, []))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
        assert turnstile.waiting == 0
    done: list[int] = []
    await work(turnstile, 4, done)
    assert done == [4]
