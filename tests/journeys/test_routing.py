"""Who gets a customer, through the running product: given out at once, kept through a death, told honestly."""

import asyncio
import contextlib
import os
import signal
from typing import Any

import aiohttp

from benchmarks.product import Product, run_product
from tests.browser.product.desk import invite
from tests.journeys.conftest import OpenVisitor
from tests.journeys.people import PATIENCE, Agent, Visitor
from tests.journeys.test_kill import _processes


async def be_there(agent: Agent) -> aiohttp.ClientWebSocketResponse:
    """The agent's workbench is open."""
    socket = await agent.http.ws_connect("/v1/stream", headers={"Cookie": agent._cookie()})
    await socket.send_json({"type": "hello", "csrf_token": agent.me["csrf_token"]})
    while (await socket.receive_json(timeout=PATIENCE))["type"] != "ready":
        pass
    return socket


async def give_out(owner: Agent, agents: list[Agent]) -> None:
    members = [{"agent_id": agent.me["agent"]["id"]} for agent in agents]
    await owner.post("/v1/groups", {"name": "客服组", "members": members})


async def until(owner: Agent, conversation: str, wanted: Any, seconds: float = PATIENCE) -> dict[str, Any]:
    state: dict[str, Any] = {}
    for _ in range(int(seconds * 10)):
        with contextlib.suppress(aiohttp.ClientError, AssertionError):
            state = await owner.get(f"/v1/conversations/{conversation}")
            if wanted(state):
                return state
        await asyncio.sleep(0.1)
    raise AssertionError(state)


async def set_mode(owner: Agent, mode: str) -> None:
    path = f"/v1/shops/{owner.me['shops'][0]['id']}/mode"
    status, _ = await owner.request("PUT", path, {"usual": mode, "hours": {}})
    assert status == 200


async def codes(visitor: Visitor, conversation: str) -> list[str]:
    return [one["system"]["code"] for one in await visitor.read(conversation) if one.get("system")]


async def test_who_asks_for_a_person_is_given_to_one_who_is_there_and_told_his_name(
    owner: Agent, open_visitor: OpenVisitor
) -> None:
    agent = await invite(owner, "小王")
    await give_out(owner, [agent])
    socket = await be_there(agent)
    visitor = await open_visitor(owner.site_key)
    ack = await visitor.send("转人工")
    frame = await visitor.until(lambda frame: frame["type"] == "handled_by" and frame["handled_by"] == "agent")
    assert frame["agent"]["work_name"] == "小王"
    state = await until(owner, ack["conversation_id"], lambda state: state["handled_by"] == "agent")
    assert (state["hand_off_reason"], state["routing"]["by"], state["routing"]["has"]) == ("asked", "push", 0)
    await socket.close()
    await agent.close()


async def test_where_only_the_ai_is_on_duty_a_wish_for_a_person_gets_an_answer_and_the_form(
    owner: Agent, open_visitor: OpenVisitor
) -> None:
    await set_mode(owner, "assistant_only")
    visitor = await open_visitor(owner.site_key)
    answer = await visitor.ask("我要人工")
    assert (answer["system"]["code"], "留言" in answer["text"]) == ("assistant_only", True)
    headers = {"Authorization": f"Bearer {visitor.token}"}
    body = {"conversation_id": answer["conversation_id"]}
    async with visitor.http.post("/v1/widget/hand-off", json=body, headers=headers) as told:
        shape = await told.json()
    assert (shape["handled_by"], shape["queue"], shape["hours"]["is_open"]) == ("assistant", None, False)
    assert (await visitor.ask("你好呀"))["from"] == "assistant", "the assistant goes on"


async def test_where_people_greet_nobody_there_means_the_ai_says_so_and_answers(
    owner: Agent, open_visitor: OpenVisitor
) -> None:
    await set_mode(owner, "person_first")
    visitor = await open_visitor(owner.site_key)
    ack = await visitor.send("你好呀")
    await visitor.until(lambda frame: frame["type"] == "message" and frame["message"]["from"] == "assistant")
    assert await codes(visitor, ack["conversation_id"]) == ["nobody_here"]


async def test_the_third_question_without_an_answer_reaches_a_person(owner: Agent, open_visitor: OpenVisitor) -> None:
    visitor = await open_visitor(owner.site_key)
    seen = []
    for text in ("你们的陶土回纹砖烧几次", "那个紫砂壶盖漏不漏气", "青铜编钟能调音吗"):
        ack = await visitor.send(text)
        await visitor.until(
            lambda frame, seq=ack["seq"]: (
                frame["type"] == "message" and frame["message"]["seq"] > seq and frame["message"]["from"] == "assistant"
            )
        )
        state = await owner.get(f"/v1/conversations/{ack['conversation_id']}")
        seen.append(state["handled_by"])
    assert seen[:2] == ["assistant", "assistant"]
    state = await until(owner, ack["conversation_id"], lambda state: state["handled_by"] == "queue")
    assert state["hand_off_reason"] == "no_answer"


async def test_a_customer_who_waits_is_given_out_though_the_process_that_queued_him_was_killed() -> None:
    async with run_product("serve", "--processes", "1", "--worker", needs_workspace=False) as product:
        owner = Agent(product)
        await owner.sign_up()
        agent = await invite(owner, "小王")
        await give_out(owner, [agent])
        await owner.request("PATCH", "/v1/routing-settings", {"most_open": 50})
        talks = [await _queue(product, owner) for _ in range(6)]
        for pid in _processes(product, "yingke.app member"):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for _ in range(5 * PATIENCE):
            with contextlib.suppress(aiohttp.ClientError, TypeError, TimeoutError):
                socket = await be_there(agent)
                break
            await asyncio.sleep(0.2)
        states = [await until(owner, talk, lambda state: state["handled_by"] == "agent") for talk in talks]
        assert {state["agent"]["work_name"] for state in states} == {"小王"}
        board = await owner.get("/v1/queue")
        assert [(one["work_name"], one["has"]) for one in board["agents"]] == [("小王", 6)]
        assert sum(line["waiting"] for line in board["lines"]) == 0
        await socket.close()
        await agent.close()
        await owner.close()


async def _queue(product: Product, owner: Agent) -> str:
    visitor = await Visitor(product, owner.site_key).open()
    ack = await visitor.send("转人工")
    await until(owner, ack["conversation_id"], lambda state: state["handled_by"] == "queue")
    await visitor.close()
    return str(ack["conversation_id"])
