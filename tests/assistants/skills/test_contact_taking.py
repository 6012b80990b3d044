"""How somebody can be reached: taken as it is told, asked for once with a reason, never against his will."""

from typing import Any

import pytest
from msgspec import to_builtins

from tests.assistants.camp import Customer, new_customer, stock_camp
from tests.conftest import Ground
from tests.learning import Learning
from yingke.assistants.team_versions.config import TeamConfig

UNKNOWN = "投影仪的灯泡能用几年"
ASKS = ("手机号", "微信号", "邮箱")


async def _fetch(ground: Ground, statement: str, *values: Any) -> list[Any]:
    async with ground.db.transaction(ground.workspace_id) as tx:
        return list(await tx.fetch(statement, *values))


async def _told(ground: Ground) -> set[tuple[str, str]]:
    rows = await _fetch(ground, "select kind, value from told_details where workspace_id = $1", ground.workspace_id)
    return {(row["kind"], row["value"]) for row in rows}


async def _store_message(customer: Customer, text: str) -> None:
    """The message itself, as the desk would have stored it before the answer."""
    async with customer.ground.db.transaction(customer.ground.workspace_id) as tx:
        await tx.execute(
            "insert into messages (workspace_id, conversation_id, seq, author, type, text)"
            " values ($1, $2, $3, 'contact', 'text', $4)",
            customer.ground.workspace_id,
            customer.conversation_id,
            customer.seq + 1,
            text,
        )


@pytest.fixture
async def customer(ground: Ground, learning: Learning) -> Customer:
    await stock_camp(ground)
    return await new_customer(ground, learning)


async def test_a_wish_to_be_told_asks_once_and_leaves_the_staff_a_follow_up(ground: Ground, customer: Customer) -> None:
    asked = await customer.says("沙色帐篷到货了通知我一下")
    assert any(one in asked.text for one in ASKS)
    await _store_message(customer, "13800000417")
    taken = await customer.says("13800000417")
    assert "138****0417" in taken.text
    assert "13800000417" not in taken.text
    assert ("phone", "13800000417") in await _told(ground)
    items = await _fetch(ground, "select kind, title from follow_ups where workspace_id = $1", ground.workspace_id)
    assert [(one["kind"], "沙色" in one["title"]) for one in items] == [("reply", True)]
    again = await customer.says("羽绒睡袋降价了告诉我")
    assert "138****0417" in again.text, "known already: noted, not asked again"
    assert not any(one in again.text for one in ASKS)


async def test_a_repeated_turn_keeps_one_detail_and_one_follow_up(ground: Ground, customer: Customer) -> None:
    await customer.says("沙色帐篷到货了通知我一下")
    await _store_message(customer, "13800000417")
    seq, talk, history = customer.seq, dict(customer.talk), list(customer.history)
    first = await customer.says("13800000417")
    customer.seq, customer.talk, customer.history = seq, talk, history
    second = await customer.says("13800000417")
    assert "138****0417" in first.text
    assert "138****0417" in second.text
    assert len(await _told(ground)) == 1
    assert len(await _fetch(ground, "select 1 from follow_ups where workspace_id = $1", ground.workspace_id)) == 1


async def test_a_refusal_gets_one_other_way_and_a_second_one_is_the_last_word(customer: Customer) -> None:
    assert "手机号" in (await customer.says("折叠椅降价了告诉我一声")).text
    other = (await customer.says("不想留电话")).text
    assert "微信号" in other
    assert "换成" in other
    stopped = (await customer.says("也不想留")).text
    assert not any(f"留个{one}" in stopped or f"换成{one}" in stopped for one in ASKS)
    later = await customer.says(UNKNOWN)
    assert not any(one in later.text for one in ASKS)


async def test_stop_is_final_at_once(customer: Customer) -> None:
    await customer.says("折叠椅降价了告诉我一声")
    stopped = (await customer.says("别再问了")).text
    assert not any(one in stopped for one in ASKS)
    later = await customer.says(UNKNOWN)
    assert not any(one in later.text for one in ASKS)


async def test_an_unanswered_question_asks_once_while_nobody_is_there(customer: Customer) -> None:
    first = await customer.says(UNKNOWN)
    second = await customer.says("你们支持货到付款的分期吗")
    assert sum("留个" in one.text for one in (first, second)) == 1


async def test_details_beside_a_question_are_kept_and_the_question_is_answered(
    ground: Ground, customer: Customer
) -> None:
    told = await customer.says("两人帐有绿的吗 有的话打我电话 13800000417")
    assert "36" in told.text
    assert "138****0417" in told.text
    assert ("phone", "13800000417") in await _told(ground)


async def test_a_wrong_number_is_asked_back_once(ground: Ground, customer: Customer) -> None:
    await customer.says("折叠椅降价了告诉我一声")
    assert "10 位" in (await customer.says("1380000041")).text
    assert "10 位" not in (await customer.says("1380000042")).text
    assert await _told(ground) == set()


@pytest.mark.parametrize("policy", ["card", "never"])
async def test_a_strict_channel_is_not_asked_on_and_hears_nothing_back(
    policy: str, ground: Ground, customer: Customer
) -> None:
    async with ground.db.transaction(ground.workspace_id) as tx:
        await tx.execute(
            "insert into contact_policies (workspace_id, channel, may_ask) values ($1, 'website', $2)",
            ground.workspace_id,
            policy,
        )
    asked = await customer.says("沙色帐篷到货了通知我一下")
    assert not any(one in asked.text for one in ASKS)
    taken = await customer.says("我手机 13800000417")
    assert "0417" not in taken.text
    assert ("phone", "13800000417") in await _told(ground), "kept, though never said back"


async def test_who_is_disappointed_is_not_asked(customer: Customer) -> None:
    told = await customer.says("太失望了，你们的投影仪灯泡到底能用几年，问了也没人说")
    assert not any(f"留个{one}" in told.text for one in ASKS)


async def test_a_signed_customer_whose_phone_is_known_is_not_asked(ground: Ground, learning: Learning) -> None:
    await stock_camp(ground)
    known = await new_customer(ground, learning, is_signed_in=True)
    async with ground.db.transaction(ground.workspace_id) as tx:
        await tx.execute(
            "update contacts set phone = '13800000417' where workspace_id = $1 and claims_verified", ground.workspace_id
        )
    later = await known.says(UNKNOWN)
    assert not any(f"留个{one}" in later.text for one in ASKS)
    wished = (await known.says("沙色帐篷到货了通知我一下")).text
    assert not any(f"留个{one}" in wished for one in ASKS)
    assert "138****0417" in wished


async def test_who_wants_to_be_left_alone_is_never_asked_again(ground: Ground, customer: Customer) -> None:
    await customer.says("13800000417")
    assert "删" in (await customer.says("把我的电话删掉")).text
    assert await _told(ground) == set()
    await customer.says("不要再联系我了")
    customer.talk = {}
    later = await customer.says(UNKNOWN)
    assert not any(f"留个{one}" in later.text for one in ASKS)


async def test_a_child_is_neither_asked_nor_written_down(ground: Ground, customer: Customer) -> None:
    await customer.says("我今年12岁 我的电话是13800000417")
    await customer.says(UNKNOWN)
    assert await _told(ground) == set()


async def test_a_large_order_gets_no_discount_but_a_person_who_quotes(customer: Customer) -> None:
    told = await customer.says("我要批发 50 个棉睡袋，能打几折")
    assert "折" in told.text
    assert not any(f"{one} 折" in told.text for one in range(1, 10))
    assert any(one in told.text for one in ASKS)


async def test_a_shop_that_switched_it_off_keeps_and_asks_nothing(
    ground: Ground, learning: Learning, customer: Customer
) -> None:
    async with ground.db.transaction(ground.workspace_id) as tx:
        await tx.execute(
            "insert into team_versions (workspace_id, number, state, config) values ($1, 1, 'live', $2)",
            ground.workspace_id,
            to_builtins(TeamConfig(skills_off=["contact_taking"])),
        )
    told = await customer.says(UNKNOWN)
    assert not any(f"留个{one}" in told.text for one in ASKS)
    await customer.says("13800000417")
    assert await _told(ground) == set()
