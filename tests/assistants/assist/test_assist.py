"""Words from a desk elsewhere: what may be answered, with its sources, and what must not be said there."""

from tests.assistants.camp import stock_camp
from tests.conftest import Ground
from tests.learning import Learning, caller_of
from tests.no_shops import NoShops
from yingke.assistants.assist.answer_beside import answer_beside
from yingke.assistants.assist.orders_named import orders_named
from yingke.assistants.engines.embedded import EmbeddedEngine
from yingke.assistants.team import Team
from yingke.conversations.guarding.agent_words import check_agent
from yingke.conversations.guarding.load_words import WordGuards
from yingke.conversations.saved_replies import Words, save_reply

STAFF_ONLY = "# 赔付口径\n\n运输破损的小件可以直接补发，单笔不超过 80 元由客服批准。\n"


async def test_what_only_the_staff_may_read_is_marked_and_saved_replies_come_last(
    ground: Ground, learning: Learning
) -> None:
    await learning.learn(ground, "赔付口径-仅内部.md", STAFF_ONLY, "staff")
    caller = caller_of(ground)
    async with ground.db.transaction(ground.workspace_id) as tx:
        await save_reply(tx, caller, Words("售后", "运输破损怎么赔", "麻烦拍一张破损的照片。", True))
    engine = EmbeddedEngine(learning.library, Team(ground.db, NoShops(), learning.encoder))
    question = "运输破损的小件能补发吗，怎么赔"
    found = await answer_beside(ground.db, engine, caller, question, shop_id=ground.shop_id, language="zh-CN")
    assert [(one.kind, one.is_internal) for one in found] == [("knowledge", True), ("saved_reply", False)]
    assert "80" in found[0].text
    assert "赔付口径" in found[0].sources[0]


async def test_several_articles_are_priced_to_the_cent(ground: Ground, learning: Learning) -> None:
    await stock_camp(ground)
    engine = EmbeddedEngine(learning.library, Team(ground.db, NoShops(), learning.encoder))
    found = await answer_beside(
        ground.db,
        engine,
        caller_of(ground),
        "一顶两人三季帐加两个棉睡袋一共多少钱",
        shop_id=ground.shop_id,
        language="zh-CN",
    )
    assert "802.00" in found[0].text


async def test_an_order_is_found_by_its_whole_number_and_looking_is_written_down(ground: Ground) -> None:
    await stock_camp(ground)
    caller = caller_of(ground)
    async with ground.db.transaction(ground.workspace_id) as tx:
        [order] = await orders_named(tx, caller, None, "帮我看看 QX-D0001 到哪了")
        assert order.number == "QX-D0001"
        assert await orders_named(tx, caller, None, "QX-D000 到哪了") == []
        looked = await tx.fetch("select target from audit_log where action = 'order.looked_up'")
    assert [row["target"] for row in looked] == [f"order:{order.id}"]


async def test_what_a_platform_forbids_is_marked_for_that_platform(ground: Ground) -> None:
    async with ground.db.transaction(ground.workspace_id) as tx:
        guarding = await WordGuards(ground.db).now(tx, ground.workspace_id)
    words = "您加我微信 wx12345678 说"
    assert check_agent(guarding, words, channel="taobao", shop_id=ground.shop_id).level == "block"
    assert check_agent(guarding, words, channel="website", shop_id=ground.shop_id).level != "block"
