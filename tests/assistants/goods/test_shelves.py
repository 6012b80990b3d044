"""The shelf of a workspace follows its shop, and works nothing out twice."""

import asyncio

from tests.assistants.camp import stock_camp
from tests.conftest import Ground
from tests.kit.test_rates import Clock
from tests.learning import Learning
from yingke.assistants.goods.shelf import Shelf
from yingke.assistants.goods.shelves import KEEP_SECONDS, Shelves


async def read_again(shelves: Shelves, clock: Clock, workspace_id: int, old: Shelf | None) -> Shelf | None:
    """What is at hand once the next reading has ended; `old` serves meanwhile."""
    clock.now += KEEP_SECONDS + 1
    assert await shelves.of(workspace_id) is old
    while any("Shelves._read" in repr(task) for task in asyncio.all_tasks()):
        await asyncio.sleep(0.01)
    return await shelves.of(workspace_id)


async def test_a_shop_that_did_not_change_keeps_its_shelf_and_a_changed_one_keeps_the_rest(
    ground: Ground, learning: Learning
) -> None:
    await stock_camp(ground)
    clock = Clock()
    shelves = Shelves(ground.db, learning.encoder, clock)
    first = await shelves.of(ground.workspace_id)
    assert first is not None
    assert len(first.goods) == 12
    assert await read_again(shelves, clock, ground.workspace_id, first) is first
    async with ground.db.transaction(ground.workspace_id) as tx:
        await tx.execute("update products set title = '户外折叠椅' where title = '折叠椅'")
        await tx.execute("update products set is_listed = false where title = '卡式炉'")
    second = await read_again(shelves, clock, ground.workspace_id, first)
    assert second is not None
    assert len(second.goods) == 11
    assert {good.title for good in second.goods} - {good.title for good in first.goods} == {"户外折叠椅"}
    assert sum(any(good is old for old in first.goods) for good in second.goods) == 10


async def test_without_goods_nothing_is_at_hand_and_nobody_waits(ground: Ground, learning: Learning) -> None:
    shelves = Shelves(ground.db, learning.encoder)
    async with asyncio.timeout(2):
        assert await shelves.of(ground.workspace_id) is None
