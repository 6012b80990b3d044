"""Nobody is ever left between two chairs (I16): agents die, leave, hand on and take over while a stranger polls."""

import asyncio
import random
from collections.abc import Awaitable
from typing import Any

import pytest

from benchmarks.product import Product
from tests.browser.product.desk import invite
from tests.journeys.conftest import OpenVisitor
from tests.journeys.floor import Desk, Watch, grow_older
from tests.journeys.people import PATIENCE, Agent, Visitor
from tests.journeys.test_routing import give_out, until

MOST, AT_ONCE = 3, 50


async def _desks(owner: Agent, count: int) -> list[Desk]:
    desks = [Desk(await invite(owner, f"客服{number}")) for number in range(count)]
    await give_out(owner, [desk.agent for desk in desks])
    for desk in desks:
        await desk.open_tab()
    return desks


async def _any(answer: Awaitable[tuple[int, Any]]) -> int:
    status, body = await answer
    assert status < 500, body
    return status


async def _waiting(open_visitor: OpenVisitor, owner: Agent) -> tuple[Visitor, str]:
    visitor = await open_visitor(owner.site_key)
    ack = await visitor.send("转人工")
    return visitor, str(ack["conversation_id"])


async def test_fifty_hands_at_once_leave_each_conversation_one_owner_and_nobody_above_his_limit(
    product: Product, owner: Agent, open_visitor: OpenVisitor
) -> None:
    desks = await _desks(owner, 5)
    await owner.request(
        "PATCH", "/v1/routing-settings", {"most_open": MOST, "overflow_length": 6, "overflow_to": "assistant"}
    )
    watch = Watch(owner, MOST, {str(owner.me["agent"]["id"])})
    watching = asyncio.create_task(watch.run())
    talks = [talk for _, talk in await asyncio.gather(*(_waiting(open_visitor, owner) for _ in range(24)))]
    chance = random.Random(16)

    async def hand(number: int) -> int:
        await asyncio.sleep(chance.uniform(0, 1.5))
        talk, desk, other = chance.choice(talks), chance.choice(desks), chance.choice(desks)
        path = f"/v1/conversations/{talk}"
        kind = number % 8
        if kind == 0:
            return await _any(desk.agent.request("POST", "/v1/queue/next", {}))
        if kind == 1:
            return await _any(owner.request("POST", f"{path}/take-over", {"force": True}))
        if kind in (2, 3):
            return await _any(owner.request("POST", f"{path}/transfer", {"agent_id": other.id, "force": True}))
        if kind == 4:
            return await _any(desk.agent.request("POST", f"{path}/transfer", {"agent_id": other.id}))
        if kind == 5:
            return await _any(owner.request("POST", f"{path}/hand-back", {"force": True}))
        if kind == 6:
            return await _any(desk.agent.request("POST", f"{path}/closure", {}))
        return await _any(desk.agent.request("POST", "/v1/agents/me/end-of-shift", {}))

    statuses = await asyncio.gather(*(hand(number) for number in range(AT_ONCE)))
    for desk in desks[:2]:
        desk.cut()
    for _ in range(2):
        statuses += await asyncio.gather(*(hand(number) for number in range(AT_ONCE)))
        await asyncio.sleep(0.5)
    watch.is_over = True
    await watching
    assert watch.wrong == []
    assert watch.looks > 10
    assert statuses.count(200) + statuses.count(201) > AT_ONCE / 2, "hardly anything was done: nothing was proved"
    for desk in desks:
        await desk.leave()


async def test_of_fifty_who_take_the_same_customer_one_has_him_and_the_others_are_told_who(
    owner: Agent, open_visitor: OpenVisitor
) -> None:
    agents = [await invite(owner, f"客服{number}") for number in range(5)]
    _, talk = await _waiting(open_visitor, owner)
    takes = [agents[number % 5].request("POST", f"/v1/conversations/{talk}/take-over", {}) for number in range(AT_ONCE)]
    answers = await asyncio.gather(*takes)
    winner = (await owner.get(f"/v1/conversations/{talk}"))["agent"]
    for number, (status, body) in enumerate(answers):
        is_winner = agents[number % 5].me["agent"]["id"] == winner["id"]
        assert status == (200 if is_winner else 409), body
        assert is_winner or (body["code"], body["agent"]["id"]) == ("taken", winner["id"])
    messages = (await owner.get(f"/v1/conversations/{talk}/messages"))["items"]
    assert [one["system"]["code"] for one in messages if one.get("system")].count("taken_over") == 1
    for agent in agents:
        await agent.close()


async def test_what_an_agent_had_whose_browser_ended_without_goodbye_reaches_another_within_a_minute(
    product: Product, owner: Agent, open_visitor: OpenVisitor
) -> None:
    """And what he finds when the lid is opened again five minutes later: his answered customer, not the waiting ones."""
    gone, there = await _desks(owner, 2)
    await there.agent.request("PUT", "/v1/agents/me/state", {"state": "away"})
    visitors = [await _waiting(open_visitor, owner) for _ in range(3)]
    for _, talk in visitors:
        await until(owner, talk, lambda state: (state["agent"] or {}).get("id") == gone.id)
    await gone.agent.say(visitors[0][1], "您好，已经为您查到了")
    await there.agent.request("PUT", "/v1/agents/me/state", {"state": "online"})
    gone.cut()
    await grow_older(product, owner.me["workspace"]["id"], gone.id, 40)
    for _, talk in visitors[1:]:
        state = await until(owner, talk, lambda state: (state["agent"] or {}).get("id") == there.id)
        assert state["handled_by"] == "agent"
    kept = await owner.get(f"/v1/conversations/{visitors[0][1]}")
    assert kept["agent"]["id"] == gone.id, "nobody waits there: it stays his until the customer writes again"
    await gone.open_tab()
    status, body = await gone.agent.request(
        "POST", f"/v1/conversations/{visitors[1][1]}/messages", {"type": "text", "text": "我回来了"},
        headers={"Idempotency-Key": f"lid-{gone.id}"},
    )  # fmt: skip
    assert (status, body["code"]) == (409, "taken"), "he is told, before the customer hears two people"
    for _ in range(10 * PATIENCE):
        told = {frame["conversation_id"] for frame in gone.events if frame["event"] == "conversation_queued"}
        if {talk for _, talk in visitors[1:]} <= told:
            break
        await asyncio.sleep(0.1)
    assert {talk for _, talk in visitors[1:]} <= told, "the gap is replayed from his cursor"
    await gone.agent.say(visitors[0][1], "还有什么可以帮您", status=201)
    await gone.leave()
    await there.leave()


async def test_a_customer_who_writes_to_an_agent_long_gone_is_not_left_waiting_for_him(
    product: Product, owner: Agent, open_visitor: OpenVisitor
) -> None:
    gone, there = await _desks(owner, 2)
    await there.agent.request("PUT", "/v1/agents/me/state", {"state": "away"})
    visitor, talk = await _waiting(open_visitor, owner)
    await until(owner, talk, lambda state: (state["agent"] or {}).get("id") == gone.id)
    await gone.agent.say(talk, "您好")
    await there.agent.request("PUT", "/v1/agents/me/state", {"state": "online"})
    gone.cut()
    await grow_older(product, owner.me["workspace"]["id"], gone.id, 100)
    await visitor.send("那我的单子呢")
    await until(owner, talk, lambda state: (state["agent"] or {}).get("id") == there.id)
    await gone.leave()
    await there.leave()


async def test_one_of_two_tabs_may_go_and_the_agent_is_still_there(
    product: Product, owner: Agent, open_visitor: OpenVisitor
) -> None:
    desk, other = await _desks(owner, 2)
    second = await desk.open_tab()
    await other.agent.request("PUT", "/v1/agents/me/state", {"state": "away"})
    _, talk = await _waiting(open_visitor, owner)
    await until(owner, talk, lambda state: (state["agent"] or {}).get("id") == desk.id)
    await other.agent.request("PUT", "/v1/agents/me/state", {"state": "online"})
    desk.cut(second)
    await grow_older(product, owner.me["workspace"]["id"], desk.id, 30)
    for _ in range(24):
        state = await owner.get(f"/v1/conversations/{talk}")
        assert state["agent"]["id"] == desk.id, state
        await asyncio.sleep(0.5)
    await desk.leave()
    await other.leave()


async def test_places_in_the_queue_are_dense_and_move_up_as_customers_leave_it(
    owner: Agent, open_visitor: OpenVisitor
) -> None:
    await owner.request("PATCH", "/v1/routing-settings", {"delivery": "pull"})
    queue = [await _waiting(open_visitor, owner) for _ in range(6)]

    async def places() -> list[int]:
        """The last that each has been told."""
        return [[frame for frame in one.frames if frame["type"] == "queue"][-1]["position"] for one, _ in queue]

    async def become(wanted: list[int]) -> None:
        for _ in range(10 * PATIENCE):
            if all(any(f["type"] == "queue" for f in one.frames) for one, _ in queue) and await places() == wanted:
                return
            await asyncio.sleep(0.1)
        pytest.fail(f"{await places()} instead of {wanted}")

    await become([1, 2, 3, 4, 5, 6])
    etas = {frame["eta_seconds"] for one, _ in queue for frame in one.frames if frame["type"] == "queue"}
    assert etas == {None}, "nobody is there: no time is promised"
    await owner.post(f"/v1/conversations/{queue[2][1]}/take-over")
    queue.pop(2)
    await become([1, 2, 3, 4, 5])
    await owner.post(f"/v1/conversations/{queue[0][1]}/hand-back")
    queue.pop(0)
    await become([1, 2, 3, 4])
    await owner.post("/v1/queue/next")
    queue.pop(0)
    await become([1, 2, 3])
