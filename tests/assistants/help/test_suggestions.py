"""Replies to choose from: the staff's knowledge first and marked, the order, saved replies; and the tools as buttons."""

from datetime import UTC, datetime

import pytest

from tests.assistants.help.conftest import Talk
from tests.learning import Learning
from tests.no_shops import NoShops
from yingke.assistants.help.agent_tools import agent_belt
from yingke.assistants.help.suggest import suggest
from yingke.assistants.help.tool_words import tool_words
from yingke.assistants.help.uses import Used, keep_sent, keep_use
from yingke.assistants.tools.contract import Session
from yingke.conversations.saved_replies import Words, save_reply
from yingke.kit.errors import Problem

STAFF_ONLY = "# 赔付口径\n\n运输破损的小件可以直接补发，单笔不超过 80 元由客服批准。\n"


async def test_the_first_suggestion_comes_from_what_only_the_staff_may_read_and_says_so(
    talk: Talk, learning: Learning
) -> None:
    await learning.learn(talk.ground, "赔付口径-仅内部.md", STAFF_ONLY, "staff")
    await talk.says("contact", "运输破损的小件能补发吗，赔多少")
    seq, items = await suggest(talk.ground.db, talk.engine, NoShops(), talk.caller, talk.id)
    assert seq == talk.seq
    assert items[0]["is_internal"]
    assert "80" in items[0]["text"]
    assert "[1]" not in items[0]["text"]
    assert "赔付口径" in items[0]["source"]


async def test_a_wish_for_a_person_is_no_question_and_what_was_asked_before_it_counts(
    talk: Talk, learning: Learning
) -> None:
    await learning.learn(talk.ground, "发货.md", "# 发货\n\n16:00 前付款当天发货。\n")
    await talk.says("contact", "几点前付款当天发货")
    await talk.says("contact", "转人工")
    _, items = await suggest(talk.ground.db, talk.engine, NoShops(), talk.caller, talk.id)
    assert "16:00" in items[0]["text"]
    assert not items[0]["is_internal"]


async def test_behind_an_outburst_stands_the_question_before_it(talk: Talk, learning: Learning) -> None:
    await learning.learn(talk.ground, "赔付口径-仅内部.md", STAFF_ONLY, "staff")
    await talk.says("contact", "运输破损的小件能补发吗，赔多少")
    await talk.says("assistant", "这个资料里没有写", payload={"unanswered": True})
    await talk.says("contact", "太气人了，你们就是骗子")
    _, items = await suggest(talk.ground.db, talk.engine, NoShops(), talk.caller, talk.id)
    assert items[0]["is_internal"]


async def test_an_outcry_alone_still_finds_what_the_staff_may_do(talk: Talk, learning: Learning) -> None:
    await learning.learn(talk.ground, "退换.md", "# 退换\n\n收到破损请在 48 小时内拍照，核实后补发或退款。\n")
    await learning.learn(
        talk.ground, "赔付口径-仅内部.md", "# 赔付\n\n破损小件（灯、锅）可以直接补发，不必等寄回。\n", "staff"
    )
    await talk.says("contact", "我收到的灯是碎的！什么质量，气死了")
    _, items = await suggest(talk.ground.db, talk.engine, NoShops(), talk.caller, talk.id)
    assert items[0]["is_internal"]
    assert "直接补发" in items[0]["text"]


async def test_the_order_that_is_open_and_a_saved_reply_are_among_them(talk: Talk) -> None:
    async with talk.ground.db.transaction(talk.ground.workspace_id) as tx:
        await save_reply(tx, talk.caller, Words("售后", "退货流程", "退货请先在订单页提交申请，我们来安排。", True))
    await talk.says("contact", "我要退货，退货流程是什么")
    await talk.link("QX-D0001")
    await talk.is_now(understood={"intent": "return_exchange"}, handled_by="agent", agent_id=talk.ground.agent_id)
    _, items = await suggest(talk.ground.db, talk.engine, NoShops(), talk.caller, talk.id)
    kinds = {one["kind"]: one for one in items}
    assert "QX-D0001" in kinds["order"]["text"]
    assert kinds["saved_reply"]["source"] == "退货流程"


async def test_suggestions_are_worked_out_once_for_a_message(talk: Talk, learning: Learning) -> None:
    await learning.learn(talk.ground, "发货.md", "# 发货\n\n16:00 前付款当天发货。\n")
    await talk.says("contact", "几点前付款当天发货")
    await suggest(talk.ground.db, talk.engine, NoShops(), talk.caller, talk.id)
    async with talk.ground.db.transaction(talk.ground.workspace_id) as tx:
        await tx.execute(
            "update suggestions set items = jsonb_set(items, '{0,source}', '\"记住的\"') where conversation_id = $1",
            talk.id,
        )
    _, items = await suggest(talk.ground.db, talk.engine, NoShops(), talk.caller, talk.id)
    assert items[0]["source"] == "记住的"


async def test_it_is_recorded_how_much_of_a_suggestion_was_sent(talk: Talk) -> None:
    seq = await talk.says("contact", "几点前付款当天发货")
    async with talk.ground.db.transaction(talk.ground.workspace_id) as tx:
        use_id = await keep_use(
            tx, talk.caller, talk.id, Used(seq, 1, "knowledge", "发货", False, "16:00 前付款当天发")
        )
    await talk.says("agent", "16:00 前付款当天发哦", sender_id=talk.ground.agent_id)
    async with talk.ground.db.transaction(talk.ground.workspace_id) as tx:
        message_id = await tx.fetchval(
            "select id from messages where conversation_id = $1 and author = 'agent'", talk.id
        )
        assert 0.9 < await keep_sent(tx, talk.caller, talk.id, use_id, message_id) < 1
        with pytest.raises(Problem):
            await keep_sent(tx, talk.caller, talk.id, use_id, message_id + 1_000_000)


def _session(talk: Talk) -> Session:
    return Session(
        talk.ground.db,
        NoShops(),
        talk.ground.workspace_id,
        talk.ground.shop_id,
        talk.id,
        talk.seq,
        "zh-CN",
        datetime.now(UTC),
    )


async def test_an_agent_opens_an_order_without_the_tail_and_it_is_on_record(talk: Talk) -> None:
    belt = agent_belt(_session(talk), talk.caller, "k")
    found = await belt.run("open_order", {"number": "qx-d0001"})
    assert "QX-D0001" in tool_words("open_order", found, is_chinese=True)
    async with talk.ground.db.transaction(talk.ground.workspace_id) as tx:
        logged = await tx.fetchval("select action from audit_log where workspace_id = $1", talk.ground.workspace_id)
        how = await tx.fetchval("select how from order_links where conversation_id = $1", talk.id)
    assert (logged, how) == ("order.opened_by_tool", "by_hand")
    assert (await belt.run("open_order", {"number": "QX-D9999"})).problem == "not_found"


async def test_every_tool_of_the_assistants_is_one_of_the_agents(talk: Talk) -> None:
    belt = agent_belt(_session(talk), talk.caller, "k")
    names = {tool.name for tool in belt.tools()}
    assert {
        "find_products",
        "compare_products",
        "quote_price",
        "my_orders",
        "open_order",
        "track_order",
        "request_change",
    } <= names
    quoted = await belt.run(
        "quote_price", {"lines": [{"words": "两人帐", "quantity": 1}, {"words": "棉睡袋", "quantity": 2}]}
    )
    assert "802.00" in tool_words("quote_price", quoted, is_chinese=True)
    found = await belt.run("find_products", {"need": "睡袋"})
    assert "棉睡袋" in tool_words("find_products", found, is_chinese=True)
    tracked = await belt.run("track_order", {"number": "QX-D0001"})
    assert "YS0000123456" in tool_words("track_order", tracked, is_chinese=True)
    await belt.run("open_order", {"number": "QX-D0001"})
    compared = await belt.run("compare_products", {"names": ["两人帐", "四人帐"]})
    assert compared.problem is None
    assert tool_words("compare_products", compared, is_chinese=False)


async def test_a_request_of_an_agent_keeps_his_limit_and_is_made_once(talk: Talk) -> None:
    wish = {"number": "QX-D0001", "kind": "invoice", "reason": "客户要发票"}
    first = await agent_belt(_session(talk), talk.caller, "same").run("request_change", wish)
    again = await agent_belt(_session(talk), talk.caller, "same").run("request_change", wish)
    assert first.problem is None
    assert first.data["id"] == again.data["id"]
    assert "QX-D0001" in tool_words("request_change", first, is_chinese=True)
    refused = await agent_belt(_session(talk), talk.caller, "other").run("request_change", wish)
    assert refused.problem == "asked_already"
