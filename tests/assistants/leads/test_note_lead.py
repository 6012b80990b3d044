"""Who left a number and is likely to buy stands on the sellers' list once, with why; the others do not."""

from typing import Any

import msgspec
import pytest

from tests.assistants.camp import Customer, new_customer, stock_camp
from tests.conftest import Ground
from tests.learning import Learning
from yingke.assistants.leads.note_lead import note_lead
from yingke.assistants.told.judge_soon import KIND
from yingke.conversations.follow_ups.follow_up import change_follow_up
from yingke.kit.jobs import Job


@pytest.fixture
async def customer(ground: Ground, learning: Learning) -> Customer:
    await stock_camp(ground)
    return await new_customer(ground, learning)


async def _leads(ground: Ground) -> list[Any]:
    async with ground.db.transaction(ground.workspace_id) as tx:
        return list(await tx.fetch("select * from follow_ups where workspace_id = $1 order by id", ground.workspace_id))


async def _talk(customer: Customer, *texts: str) -> None:
    """Each is answered, and stored with its trace as the desk stores it."""
    ground = customer.ground
    for text in texts:
        seq = customer.seq + 1
        async with ground.db.transaction(ground.workspace_id) as tx:
            await tx.execute(
                "insert into messages (workspace_id, conversation_id, seq, author, type, text)"
                " values ($1, $2, $3, 'contact', 'text', $4)",
                ground.workspace_id,
                customer.conversation_id,
                seq,
                text,
            )
        reply = await customer.says(text)
        async with ground.db.transaction(ground.workspace_id) as tx:
            await tx.execute(
                "insert into traces (workspace_id, conversation_id, through_seq, data) values ($1, $2, $3, $4)",
                ground.workspace_id,
                customer.conversation_id,
                seq,
                msgspec.to_builtins(reply.trace),
            )


async def _judge(customer: Customer) -> int:
    """Does the waiting jobs; returns how many there were."""
    ground = customer.ground
    async with ground.db.transaction(ground.workspace_id) as tx:
        rows = await tx.fetch(
            "delete from jobs where workspace_id = $1 and kind = $2 returning ref, lane, data",
            ground.workspace_id,
            KIND,
        )
    for row in rows:
        job = Job(0, ground.workspace_id, row["lane"], KIND, row["ref"], row["data"], 1)
        await note_lead(ground.db, job)
        await note_lead(ground.db, job)
    return len(rows)


async def test_a_buyer_who_leaves_his_number_is_noted_once_with_why(ground: Ground, customer: Customer) -> None:
    await _talk(customer, "羽绒睡袋多少钱", "我想买两个，13800000417")
    assert await _judge(customer) == 1
    (lead,) = await _leads(ground)
    assert (lead["kind"], lead["lead"]["grade"], lead["state"]) == ("lead", "hot", "open")
    assert "buys" in lead["lead"]["reasons"]
    assert lead["due_at"] is not None


async def test_a_wish_that_is_noted_already_becomes_the_lead_and_no_second_one(
    ground: Ground, customer: Customer
) -> None:
    await _talk(customer, "沙色帐篷到货了通知我一下", "13800000417")
    await _judge(customer)
    (lead,) = await _leads(ground)
    assert lead["kind"] == "lead"
    assert "沙色" in lead["title"]
    await _talk(customer, "我想批发一百顶", "微信 camp_buyer01")
    await _judge(customer)
    (lead,) = [one for one in await _leads(ground) if one["kind"] == "lead"]
    assert lead["lead"]["grade"] == "hot"


async def test_what_sellers_are_done_with_does_not_come_again(ground: Ground, customer: Customer) -> None:
    await _talk(customer, "羽绒睡袋多少钱", "我想买两个，13800000417")
    await _judge(customer)
    (lead,) = await _leads(ground)
    async with ground.db.transaction(ground.workspace_id) as tx:
        await change_follow_up(tx, lead, {"state": "done"}, ground.agent_id)
    await _talk(customer, "微信也可以 camp_buyer01")
    await _judge(customer)
    assert [one["state"] for one in await _leads(ground)] == ["done"]


@pytest.mark.parametrize(
    "texts",
    [
        ("你们要不要代运营，我们团队专做店铺", "微信 yunying_2026"),
        ("我收到的睡袋破了，给我个说法", "13800000417"),
        ("在吗", "13800000417"),
    ],
)
async def test_others_who_leave_a_number_are_no_leads(
    ground: Ground, customer: Customer, texts: tuple[str, ...]
) -> None:
    await _talk(customer, *texts)
    await _judge(customer)
    assert not [one for one in await _leads(ground) if one["kind"] == "lead"]


async def test_who_wants_no_contact_is_left_alone(ground: Ground, customer: Customer) -> None:
    await _talk(customer, "羽绒睡袋多少钱", "我想买两个，13800000417", "以后不要再联系我了，把我的电话删掉")
    await _judge(customer)
    assert not await _leads(ground)
