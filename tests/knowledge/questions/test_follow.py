"""Questions are read from conversations once each, masked, with what became of them."""

from tests.knowledge.questions.conftest import Asking
from yingke.conversations.close import close
from yingke.conversations.give_feedback import give_feedback
from yingke.conversations.rate import rate
from yingke.routing.hand_off import hand_off


async def test_what_followed_a_question_is_its_outcome(asking: Asking) -> None:
    await asking.follow()
    await asking.talk("能开发票吗？", answers=True)
    await asking.talk("台灯有几种颜色？", answers=False)
    disliked, critic = await asking.talk("运费谁出？", answers=True)
    message = await asking.stage.do(
        lambda tx: tx.fetchval("select id from messages where conversation_id = $1 and author = 'assistant'", disliked)
    )
    rated, rater = await asking.talk("几天能到？", answers=True)
    queued, _ = await asking.talk("可以贴牌吗？", answers=None)
    await asking.stage.do(
        lambda tx: hand_off(tx, asking.workspace_id, queued, generation=1, reason="asked", through_seq=1)
    )
    helped, _ = await asking.talk("帐篷能租吗？", answers=None)
    agent = await asking.stage.new_agent()
    await asking.stage.take(helped, agent)
    await asking.stage.speak(helped, agent, "我们只卖不租，租赁可以看看附近的营地。")
    await asking.talk("会员日是哪天？", answers=None)
    await asking.follow()
    await asking.stage.do(lambda tx: give_feedback(tx, asking.workspace_id, critic, message, "down"))
    await asking.stage.do(lambda tx: rate(tx, asking.workspace_id, rater, rated, "bad"))
    await asking.follow()
    found = {row["text"]: row["outcome"] for row in await asking.asked()}
    assert found == {
        "能开发票吗？": "answered",
        "台灯有几种颜色？": "unanswered",
        "运费谁出？": "badly_rated",
        "几天能到？": "badly_rated",
        "可以贴牌吗？": "handed_off",
        "帐篷能租吗？": "by_agent",
    }


async def test_what_is_no_question_is_not_kept_and_personal_numbers_are_starred(asking: Asking) -> None:
    await asking.follow()
    await asking.talk("你好", "谢谢", "我手机号是13812345678", "转人工", answers=False)
    await asking.talk("请问13812345678这个号能查会员吗，谢谢", answers=False)
    await asking.follow()
    texts = [row["text"] for row in await asking.asked()]
    assert len(texts) == 1
    assert "13812345678" not in texts[0]
    assert texts[0].startswith("138****5678")


async def test_reading_twice_keeps_each_question_once(asking: Asking) -> None:
    await asking.talk("能开发票吗？", "几天发货？", answers=True)
    await asking.follow()
    await asking.stage.do(
        lambda tx: tx.execute(
            "update question_feeds set cursor_tx = '0', cursor_id = 0, backfill_before = 9223372036854775807"
        )
    )
    await asking.follow()
    assert sorted(row["text"] for row in await asking.asked()) == ["几天发货？", "能开发票吗？"]
    assert sum(row["times"] for row in await asking.clusters()) == 2


async def test_conversations_from_before_the_beginning_are_read_back(asking: Asking) -> None:
    for number in range(45):
        await asking.talk(f"{number}号店几点开门？", answers=False)
    await asking.follow()
    assert len(await asking.asked()) == 45
    place = await asking.stage.do(lambda tx: tx.fetchval("select backfill_before from question_feeds"))
    assert place is None


async def test_what_an_agent_answered_is_proposed_when_the_conversation_ends(asking: Asking) -> None:
    await asking.follow()
    agent = await asking.stage.new_agent()
    conversation, identity = await asking.stage.ground.new_conversation()
    await asking.stage.take(conversation, agent)
    for question, answers in (
        ("帐篷的地钉是送的吗？", ["亲，稍等哦", "地钉随帐篷一起送，一共 8 根，", "另外买是 15 元一包。"]),
        ("我的订单到哪了？", ["您的订单已经到杭州了，明天送达。"]),
        ("好的谢谢", ["不客气，祝您生活愉快！"]),
    ):
        await asking.stage.ask(conversation, identity, question)
        for answer in answers:
            await asking.stage.speak(conversation, agent, answer)
    await asking.follow()
    count = "select count(*) from qa_pairs where origin = 'agent'"
    assert await asking.stage.do(lambda tx: tx.fetchval(count)) == 0
    await asking.stage.do(lambda tx: close(tx, asking.workspace_id, conversation, agent, force=True))
    await asking.follow()
    rows = await asking.stage.do(lambda tx: tx.fetch("select * from qa_pairs where origin = 'agent'"))
    assert [(row["questions"], row["answer"], row["state"], row["conversation_id"]) for row in rows] == [
        (["帐篷的地钉是送的吗？"], "地钉随帐篷一起送，一共 8 根，\n另外买是 15 元一包。", "proposed", conversation)
    ]
