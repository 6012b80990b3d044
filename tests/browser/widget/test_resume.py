"""Cuts of every kind: nothing lost, nothing twice, order kept."""

import asyncio

from playwright.async_api import expect

from tests.browser.widget.conftest import Desk, Visit

SHOWN = (
    "[...document.querySelector('yingke-widget').shadowRoot.querySelectorAll('[role=log] .bubble')]"
    ".map((node) => node.textContent)"
)
CUT_ALL = "for (const socket of desk.sockets) socket.terminate();"


async def shown(visit: Visit) -> list[str]:
    texts: list[str] = await visit.page.evaluate(SHOWN)
    return texts


async def stored(desk: Desk) -> list[str]:
    texts: list[str] = await desk.do("return c.messages.map((one) => one.text)")
    return texts


async def until_stored(desk: Desk, texts: list[str]) -> None:
    """In the newest conversation, within five seconds."""
    for _ in range(100):
        if await stored(desk) == texts:
            return
        await asyncio.sleep(0.05)
    assert await stored(desk) == texts


async def test_what_was_said_during_a_cut_arrives_once_and_in_order(visit: Visit, desk: Desk) -> None:
    await visit.page.goto(f"{desk.address}/host/plain")
    await visit.open()
    await visit.say_and_keep("别回答 0")
    for round_number in range(4):
        await desk.do(
            CUT_ALL + "for (const n of [1, 2, 3]) desk.say(c, {from: 'agent', agent: {id: '3', work_name: '小李'},"
            f" text: `{round_number}-${{n}}`}});"
        )
        await visit.page.locator(".agent .bubble", has_text=f"{round_number}-3").wait_for()
    assert await shown(visit) == await stored(desk)
    assert len(await stored(desk)) == 13


async def test_a_lost_hint_is_noticed_by_the_hole_it_leaves(visit: Visit, desk: Desk) -> None:
    await visit.page.goto(f"{desk.address}/host/plain")
    await visit.open()
    await visit.say_and_keep("别回答")
    await desk.do(
        "const agent = {id: '3', work_name: '小李'};"
        "const quiet = [...desk.sockets]; desk.sockets.clear();"
        "desk.say(c, {from: 'agent', agent, text: '漏掉的'}); const last = desk.say(c, {from: 'agent', agent, text: '后来的'});"
        "for (const socket of quiet) { desk.sockets.add(socket); socket.cursors.set(c.id, 3); socket.tell({type: 'message', message: last}) }"
    )
    await visit.page.locator(".agent .bubble", has_text="后来的").wait_for()
    assert await shown(visit) == ["别回答", "漏掉的", "后来的"]


async def test_messages_written_offline_wait_say_so_and_go_out_in_order(visit: Visit, desk: Desk) -> None:
    await visit.page.goto(f"{desk.address}/host/plain")
    await visit.open()
    await visit.say_and_keep("别回答 a")
    await visit.context.set_offline(True)
    await visit.say("别回答 b")
    await visit.say("别回答 c")
    await visit.page.get_by_text("网络断开了，恢复后会自动发送").wait_for()
    await expect(visit.page.get_by_text("等待网络")).to_have_count(2)
    await visit.context.set_offline(False)
    await visit.settled()
    assert await stored(desk) == ["别回答 a", "别回答 b", "别回答 c"]
    assert await shown(visit) == await stored(desk)
    visit.faults.clear()  # the browser notes each try to dial while it is offline


async def test_an_unacked_message_survives_a_reload_and_is_stored_once(visit: Visit, desk: Desk) -> None:
    await visit.page.goto(f"{desk.address}/host/plain")
    await visit.open()
    await visit.say_and_keep("别回答 一")
    await desk.do("desk.lose_acks = true")
    await visit.say("别回答 二")
    await visit.page.get_by_text("发送中").wait_for()
    await desk.do("desk.lose_acks = false")
    await visit.page.reload()
    await visit.page.locator("yingke-widget .panel").wait_for(state="attached")
    await visit.open()
    await visit.page.locator(".contact .bubble", has_text="二").wait_for()
    await visit.settled()
    assert await shown(visit) == ["别回答 一", "别回答 二"]
    assert await stored(desk) == ["别回答 一", "别回答 二"]


async def test_a_refused_message_says_why_and_can_be_sent_again(visit: Visit, desk: Desk) -> None:
    await visit.page.goto(f"{desk.address}/host/plain")
    await visit.open()
    await desk.do("desk.refuse_next = { status: 422, code: 'too_long', detail: '这条消息太长了。' }")
    await visit.say("别回答")
    await visit.page.get_by_text("这条消息太长了。").wait_for()
    await visit.page.get_by_role("button", name="重发").click()
    await visit.page.get_by_text("这条消息太长了。").wait_for(state="detached")
    await visit.settled()
    assert await stored(desk) == ["别回答"]


async def test_a_busy_server_is_tried_again_by_itself(visit: Visit, desk: Desk) -> None:
    await visit.page.goto(f"{desk.address}/host/plain")
    await visit.open()
    await desk.do("desk.refuse_next = { status: 503, code: 'busy', detail: '', retry_after: 2 }")
    await visit.say("别回答")
    await visit.page.get_by_text("发送中").wait_for()
    await visit.settled()
    assert await stored(desk) == ["别回答"]


async def test_a_cut_in_the_middle_of_an_answer_ends_in_the_whole_answer(visit: Visit, desk: Desk) -> None:
    await visit.page.goto(f"{desk.address}/host/plain")
    await visit.open()
    await desk.do("desk.pause_before = 10")
    await visit.say("说一段长的")
    await visit.page.locator(".draft").get_by_text("比较长").first.wait_for()
    await desk.do(CUT_ALL + "desk.pause_before = null")
    await visit.page.get_by_role("log").get_by_text("比较长").wait_for()
    await visit.page.locator(".draft").wait_for(state="detached")
    assert await shown(visit) == await stored(desk)


async def test_a_server_that_drains_is_left_and_found_again(visit: Visit, desk: Desk) -> None:
    await visit.page.goto(f"{desk.address}/host/plain")
    await visit.open()
    await visit.say_and_keep("别回答")
    await desk.do(
        "desk.left = [...desk.sockets];"
        "for (const socket of desk.left) { socket.tell({type: 'reconnect', after_ms: 300}); socket.close(4009) }"
    )
    await desk.until("desk.sockets.size === 1 && !desk.left.includes([...desk.sockets][0])")
    await desk.do("desk.say(c, {from: 'agent', agent: {id: '3', work_name: '小李'}, text: '还在'})")
    await visit.page.locator(".agent .bubble", has_text="还在").wait_for()
    assert await desk.do("return desk.sockets.size") == 1


async def test_a_server_that_stays_away_is_said_and_what_is_written_waits(visit: Visit, desk: Desk) -> None:
    await visit.page.goto(f"{desk.address}/host/plain")
    await visit.open()
    await visit.say_and_keep("别回答 a")
    await desk.do("desk.is_away = true;" + CUT_ALL)
    await visit.say("别回答 b")
    await visit.page.get_by_text("网络断开了，恢复后会自动发送").wait_for()
    await visit.page.get_by_text("等待网络").wait_for()
    await desk.do("desk.is_away = false")
    await visit.settled()
    assert await stored(desk) == ["别回答 a", "别回答 b"]


async def test_a_long_history_comes_forty_at_a_time_and_stays_in_place(visit: Visit, desk: Desk) -> None:
    await visit.page.goto(f"{desk.address}/host/plain")
    await visit.open()
    await visit.say_and_keep("别回答 0")
    await desk.do(
        "desk.sockets.clear(); for (let n = 1; n < 130; n++) desk.say(c, {from: 'agent', agent: {id: '3', work_name: '小李'}, text: `第${n}条`})"
    )
    await visit.page.reload()
    await visit.open()
    await visit.page.locator(".agent .bubble", has_text="第129条").wait_for()
    assert len(await shown(visit)) == 40
    log = visit.page.locator(".log")
    place = "node => { const at = [...node.querySelectorAll('.bubble')].find((one) => one.textContent === '第92条'); return at.getBoundingClientRect().top }"
    await log.evaluate("node => { node.scrollTop = 140 }")
    before = await log.evaluate(place)
    await visit.page.wait_for_function(f"{SHOWN}.length === 80")
    assert abs(await log.evaluate(place) - before) < 4
    for count in (120, 130):
        await log.evaluate("node => { node.scrollTop = 100 }")
        await visit.page.wait_for_function(f"{SHOWN}.length === {count}")
    assert await shown(visit) == await stored(desk)
    await visit.page.get_by_text("您好，我是小禾").wait_for(state="attached")


async def test_a_token_that_died_begins_a_new_talk_without_the_old_one(visit: Visit, desk: Desk) -> None:
    await visit.page.goto(f"{desk.address}/host/plain")
    await visit.open()
    await visit.say_and_keep("别回答")
    await desk.do("desk.tokens.clear(); for (const socket of desk.sockets) socket.close(4001)")
    await visit.page.locator(".contact .bubble").wait_for(state="detached")
    await visit.say_and_keep("别回答 新的")
    await until_stored(desk, ["别回答 新的"])
    visit.faults.clear()  # the dead token is a 401 in the console
