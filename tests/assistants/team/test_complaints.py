"""Something went wrong: sorry, what helps, what can be done; nothing promised, and a person with everything told."""

import dataclasses

import pytest

from tests.assistants.camp import ORDER, TAIL, Customer, new_customer, stock_camp
from tests.assistants.team.test_serving import put_version
from tests.conftest import Ground
from tests.learning import Learning
from yingke.assistants.engine import Question
from yingke.assistants.help.told_before import told_before


@pytest.fixture
async def buyer(ground: Ground, learning: Learning) -> Customer:
    """Signed in, with one order that has arrived."""
    await stock_camp(ground)
    async with ground.db.transaction(ground.workspace_id) as tx:
        await tx.execute("update orders set state = 'delivered', delivered_at = now() - interval '1 day'")
    return await new_customer(ground, learning, is_signed_in=True)


async def follow_ups(customer: Customer) -> list[tuple[str, str, str]]:
    async with customer.ground.db.transaction(customer.ground.workspace_id) as tx:
        rows = await tx.fetch("select kind, order_number, state from follow_ups order by id")
    return [tuple(row) for row in rows]


async def requests_of(customer: Customer) -> list[tuple[str, list[dict[str, int]], bool]]:
    async with customer.ground.db.transaction(customer.ground.workspace_id) as tx:
        rows = await tx.fetch("select kind, items, details from order_requests order by id")
    return [(row["kind"], row["items"], bool(row["details"].get("is_faulty"))) for row in rows]


async def test_a_missing_piece_is_noted_for_people_once_and_nothing_is_promised(buyer: Customer) -> None:
    asked = await buyer.says("少发了一个睡袋")
    assert "抱歉" in asked.text
    assert asked.settles_order
    noted = await buyer.says("补发吧")
    assert "登记" in noted.text
    assert noted.hand_off is None
    assert await follow_ups(buyer) == [("reship", ORDER, "open")]
    await buyer.says("还是少了一个睡袋")
    await buyer.says("补发")
    assert len(await follow_ups(buyer)) == 1


async def test_a_broken_piece_is_exchanged_after_a_yes_as_faulty(buyer: Customer) -> None:
    offered = await buyer.says("收到的睡袋有一个破了个洞")
    assert "换" in offered.text
    proposed = await buyer.says("换一个")
    assert "×1" in proposed.text
    assert await requests_of(buyer) == []
    await buyer.says("好的")
    assert await requests_of(buyer) == [("exchange", [{"line": 2, "quantity": 1}], True)]


async def test_who_wants_compensation_gets_a_person_who_knows_it_all(buyer: Customer) -> None:
    await buyer.says("帐篷收到就有划痕")
    told = await buyer.says("不换，给点补偿吧")
    assert told.hand_off == "complaint"
    for word in ("元", "赔", "补偿您", "责任"):
        assert word not in told.text
    collected = buyer.talk["collected"]
    assert (collected["matter"], collected["wants"]) == ("broken", "compensation")
    assert "两人三季帐" in collected["item"]
    ground = buyer.ground
    async with ground.db.transaction(ground.workspace_id) as tx:
        await tx.execute("update conversations set talk = $2 where id = $1", buyer.conversation_id, buyer.talk)
        shown = await told_before(tx, ground.workspace_id, buyer.conversation_id)
    assert [one.code for one in shown] == ["matter", "wants", "item"]


async def test_a_picture_counts_and_is_thanked_for(buyer: Customer, learning: Learning) -> None:
    await buyer.says("收到的帐篷破了")
    buyer.seq += 1
    shown = Question(
        workspace_id=buyer.ground.workspace_id,
        shop_id=buyer.ground.shop_id,
        knowledge_version=await learning.version(buyer.ground),
        conversation_id=buyer.conversation_id,
        texts=(),
        history=(),
        language="zh-CN",
        has_attachment=True,
        through_seq=buyer.seq,
        talk=buyer.talk,
    )
    reply = await buyer.engine.answer(shown, lambda _: True)
    assert "图片收到" in reply.text
    assert reply.talk is not None
    assert reply.talk["collected"]["pictures"] == "1"
    before = await buyer.engine.answer(dataclasses.replace(shown, talk={}), lambda _: True)
    assert "图片收到" not in before.text, "without a complaint a picture is a picture"


async def test_grave_words_are_asked_nothing(buyer: Customer) -> None:
    told = await buyer.says("太失望了，再也不买了")
    assert told.hand_off == "complaint"
    assert "订单号" not in told.text


async def test_a_stranger_shows_that_the_order_is_his_before_anything_is_said_of_it(
    ground: Ground, learning: Learning
) -> None:
    await stock_camp(ground)
    stranger = await new_customer(ground, learning)
    asked = await stranger.says("我买的帐篷收到是破的")
    assert "订单号" in asked.text
    assert "两人三季帐" not in (await stranger.says(ORDER)).text
    assert "两人三季帐" in (await stranger.says(TAIL)).text


async def test_with_the_skill_switched_off_a_complaint_goes_to_a_person(ground: Ground, learning: Learning) -> None:
    await put_version(ground, 1, "live", {"skills_off": ["complaint"]})
    await stock_camp(ground)
    customer = await new_customer(ground, learning)
    told = await customer.says("你们服务太差了")
    assert "抱歉" in told.text
    assert told.trace["need"] == "complaint"
    assert not told.settles_order
