"""One looks for all who ask at once, and nobody is told what was found before he asked."""

import asyncio

import pytest

from yingke.kit.look_once import LookOnce


async def test_who_asks_at_once_is_told_by_one_look_and_who_asks_later_by_another() -> None:
    once: LookOnce[str, int] = LookOnce()
    looks = 0

    async def look() -> int:
        nonlocal looks
        looks += 1
        await asyncio.sleep(0.01)
        return looks

    assert await asyncio.gather(*(once.of("a", look) for _ in range(50))) == [1] * 50
    assert await once.of("a", look) == 2


async def test_a_failed_look_is_told_to_all_and_tried_again() -> None:
    once: LookOnce[str, int] = LookOnce()

    async def fails() -> int:
        await asyncio.sleep(0)
        raise LookupError

    async def works() -> int:
        return 7

    found = await asyncio.gather(*(once.of("a", fails) for _ in range(3)), return_exceptions=True)
    assert [type(one) for one in found] == [LookupError] * 3
    assert await once.of("a", works) == 7


async def test_who_gives_up_waiting_disturbs_nobody_else() -> None:
    once: LookOnce[str, int] = LookOnce()

    async def look() -> int:
        await asyncio.sleep(0.05)
        return 1

    impatient = asyncio.create_task(once.of("a", look))
    patient = asyncio.create_task(once.of("a", look))
    await asyncio.sleep(0.01)
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    assert await patient == 1
