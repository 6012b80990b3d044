"""Who left a number and is likely to buy stands on the sellers' list once, with why; the others do not."""

import pytest

from tests.assistants.camp import Customer, new_customer, stock_camp
from tests.assistants.leads.stage import follow_ups, judge, talk
from tests.conftest import Ground
from tests.learning import Learning
from yingke.conversations.follow_ups.follow_up import change_follow_up


@pytest.fixture
async def customer(ground: Ground, learning: Learning) -> Customer:
    await stock_camp(ground)
    return await new_customer(ground, learning)


async def test_a_buyer_who_leaves_his_number_is_noted_once_with_why(ground: Ground, customer: Customer) -> None:
    await talk(customer, "羽绒睡袋多少钱", "我想买两个，13800000417")
    assert await judge(ground) == 1
    (lead,) = await follow_ups(ground)
    assert (lead["kind"], lead["lead"]["grade"], lead["state"]) == ("lead", "hot", "open")
    assert "buys" in lead["lead"]["reasons"]
    assert lead["due_at"] is not None


async def test_a_wish_that_is_noted_already_becomes_the_lead_and_no_second_one(
    ground: Ground, customer: Customer
) -> None:
    await talk(customer, "沙色帐篷到货了通知我一下", "13800000417")
    await judge(ground)
    (lead,) = await follow_ups(ground)
    assert lead["kind"] == "lead"
    assert "沙色" in lead["title"]
    await talk(customer, "我想批发一百顶", "微信 camp_buyer01")
    await judge(ground)
    (lead,) = [one for one in await follow_ups(ground) if one["kind"] == "lead"]
    assert lead["lead"]["grade"] == "hot"


async def test_what_sellers_are_done_with_does_not_come_again(ground: Ground, customer: Customer) -> None:
    await talk(customer, "羽绒睡袋多少钱", "我想买两个，13800000417")
    await judge(ground)
    (lead,) = await follow_ups(ground)
    async with ground.db.transaction(ground.workspace_id) as tx:
        await change_follow_up(tx, lead, {"state": "done"}, ground.agent_id)
    await talk(customer, "微信也可以 camp_buyer01")
    await judge(ground)
    assert [one["state"] for one in await follow_ups(ground)] == ["done"]


@pytest.mark.parametrize(
    "texts",
    [
        ("你们要不要代运营，我们团队专做店铺", "微信 yunying_2026"),
        ("我收到的睡袋破了，给我个说法", "13800000417"),
        ("在吗", "13800000417"),
    ],
)
async def test_others_who_leave_a_number_are_nofollow_ups(
    ground: Ground, customer: Customer, texts: tuple[str, ...]
) -> None:
    await talk(customer, *texts)
    await judge(ground)
    assert not [one for one in await follow_ups(ground) if one["kind"] == "lead"]


async def test_who_wants_no_contact_is_left_alone(ground: Ground, customer: Customer) -> None:
    await talk(customer, "羽绒睡袋多少钱", "我想买两个，13800000417", "以后不要再联系我了，把我的电话删掉")
    await judge(ground)
    assert not await follow_ups(ground)
