"""What suits a need, what is written of a thing, and how two differ: from the shop's own words, or not at all."""

import pytest

from tests.assistants.camp import new_customer, stock_camp
from tests.conftest import Ground
from tests.learning import Learning


@pytest.mark.parametrize(
    ("need", "title"),
    [
        ("晚上只有两三度，睡觉盖什么合适", "羽绒睡袋 0℃"),
        ("地太硬了，有啥能垫在身子底下的吗", "自充气垫 5cm"),
        ("我爸爱钓鱼，想给他买个能坐的", "折叠椅"),
        ("三百以内给几个人吃饭用的桌子有吗", "蛋卷桌 90cm"),
        ("天黑以后营地里照亮用什么好", "露营灯"),
    ],
)
async def test_a_need_finds_the_thing_that_nobody_named(
    need: str, title: str, ground: Ground, learning: Learning
) -> None:
    await stock_camp(ground)
    told = await (await new_customer(ground, learning)).says(need)
    assert title in told.text.split("\n2.")[0]
    assert told.trace["skills"][0][1] in ("goods", "pre_sales")
    assert told.cards


async def test_short_questions_are_about_the_thing_under_discussion(ground: Ground, learning: Learning) -> None:
    await stock_camp(ground)
    customer = await new_customer(ground, learning)
    assert "折叠椅" in (await customer.says("有椅子吗")).text
    assert "2.8kg" in (await customer.says("多重")).text
    assert "120kg" in (await customer.says("两百斤的人坐得住不")).text
    assert "可拆洗" in (await customer.says("布脏了能洗不")).text
    assert "41" in (await customer.says("还剩几把")).text
    lamp = await customer.says("那灯呢，有露营灯吗")
    assert "露营灯" in lamp.text
    assert "IPX4" in (await customer.says("淋了雨没事吧")).text


async def test_two_of_a_kind_are_compared_in_what_was_asked(ground: Ground, learning: Learning) -> None:
    await stock_camp(ground)
    customer = await new_customer(ground, learning)
    told = await customer.says("你家两个帐篷哪个轻一点")
    assert "2.1kg" in told.text
    assert "5.6kg" in told.text
    assert "选两人三季帐" in told.text or told.text.endswith("两人三季帐更合适。")
    both = await customer.says("防水一样吗")
    assert both.text.count("PU3000mm") == 2
    bags = await customer.says("棉的睡袋和羽绒的差在哪")
    assert "1.3kg" in bags.text
    assert "800g" in bags.text


async def test_what_the_shop_does_not_write_is_not_made_up(ground: Ground, learning: Learning) -> None:
    await stock_camp(ground)
    customer = await new_customer(ground, learning)
    await customer.says("有椅子吗")
    for words in ("这椅子是哪国产的", "有没有噪音", "今天股市怎么样", "你们老板多大年纪"):
        reply = await customer.says(words)
        assert all(who != "goods" for _, who in reply.trace.get("skills", [])), words


async def test_what_is_no_longer_sold_is_not_offered(ground: Ground, learning: Learning) -> None:
    await stock_camp(ground)
    customer = await new_customer(ground, learning)
    assert "羽绒睡袋" in (await customer.says("很冷的晚上用哪款睡袋好")).text
    async with ground.db.transaction(ground.workspace_id) as tx:
        await tx.execute("update products set is_listed = false where title like '羽绒%'")
    fresh = await new_customer(ground, learning)
    assert "羽绒睡袋" not in (await fresh.says("很冷的晚上用哪款睡袋好")).text
