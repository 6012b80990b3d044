"""The inbox as an agent works in it all day: from the keyboard, one customer after the other, never the wrong one."""

import asyncio
import re
from datetime import datetime

from playwright.async_api import expect

from tests.browser.product.conftest import OpenScreen, sign_in
from tests.browser.product.desk import (
    compose,
    composer_of,
    customer,
    first_shown,
    ids_of,
    invite,
    rows_of,
    said_by_agents,
    until_answered,
    until_open,
)
from tests.journeys.people import Agent


async def test_who_waits_longest_stands_first_and_the_clock_turns_amber_and_red(
    owner: Agent, open_screen: OpenScreen
) -> None:
    marks = {"settings": {"amber_seconds": 5, "red_seconds": 7}}
    assert (await owner.request("PATCH", "/v1/workspace", marks))[0] == 200
    first, earlier = await customer(owner, "我先来的")
    second, later = await customer(owner, "我后来的")
    desk = await open_screen()
    await sign_in(desk, owner)
    await desk.go("/app/conversations")
    await desk.page.get_by_role("tab", name="待接管").click()
    await rows_of(desk.page).nth(1).wait_for()
    assert await ids_of(desk.page) == [earlier, later]
    clock = rows_of(desk.page).first.locator(".wait")
    await expect(clock).to_have_text(re.compile(r"^\s*等待"))
    await rows_of(desk.page).first.locator(".wait.amber").or_(rows_of(desk.page).first.locator(".wait.red")).wait_for()
    await rows_of(desk.page).first.locator(".wait.red").wait_for()
    await first.send("还在吗")
    await desk.page.get_by_text("还在吗").first.wait_for()
    assert await ids_of(desk.page) == [earlier, later], "asking again starts no new wait"
    await first.close()
    await second.close()


async def test_five_customers_are_answered_from_the_keyboard_each_with_his_own_words(
    owner: Agent, open_screen: OpenScreen
) -> None:
    waiting = [await customer(owner, f"第{n}位的问题") for n in range(5)]
    desk = await open_screen(viewport={"width": 1366, "height": 768})
    await sign_in(desk, owner)
    await desk.go("/app/conversations")
    await (
        desk.page.get_by_role("listbox", name="会话列表")
        .or_(desk.page.get_by_text("没有由你接待的会话"))
        .first.wait_for()
    )
    for n, (_, conversation) in enumerate(waiting):
        await desk.page.keyboard.press("Alt+Enter")
        await until_open(desk.page, conversation, f"第{n}位的问题")
        await desk.page.keyboard.type(f"答复给 {conversation}")
    await desk.page.keyboard.press("Alt+Enter")
    await desk.page.get_by_text("没有客户在等待").wait_for()
    for visitor, conversation in waiting:
        await until_answered(visitor)
        assert await said_by_agents(visitor, conversation) == [f"答复给 {conversation}"]
        await visitor.close()


async def test_the_enter_of_an_input_method_sends_nothing(owner: Agent, open_screen: OpenScreen) -> None:
    visitor, conversation = await customer(owner, "发票怎么开")
    desk = await open_screen()
    await sign_in(desk, owner)
    await desk.go(f"/app/conversations?c={conversation}")
    await until_open(desk.page, conversation, "发票怎么开")
    wire = await desk.context.new_cdp_session(desk.page)
    await compose(desk.page, wire, "fapiao")
    await wire.send("Input.insertText", {"text": "发票随货寄出"})
    await expect(composer_of(desk.page)).to_have_value("发票随货寄出")
    await desk.page.keyboard.press("Shift+Enter")
    await desk.page.keyboard.type("祝好")
    await desk.page.keyboard.press("Enter")
    await until_answered(visitor)
    assert await said_by_agents(visitor, conversation) == ["发票随货寄出\n祝好"]
    await visitor.close()


async def test_a_draft_stays_with_its_customer_and_outlives_a_reload(owner: Agent, open_screen: OpenScreen) -> None:
    one, first = await customer(owner, "我是甲")
    other, second = await customer(owner, "我是乙")
    desk = await open_screen()
    await sign_in(desk, owner)
    await desk.go("/app/conversations")
    await desk.page.get_by_role("tab", name="待接管").click()
    await rows_of(desk.page).nth(1).wait_for()
    await rows_of(desk.page).first.click()
    await until_open(desk.page, first, "我是甲")
    await desk.page.keyboard.type("只写给甲的草稿")
    await desk.page.keyboard.press("Alt+ArrowDown")
    await until_open(desk.page, second, "我是乙")
    await expect(composer_of(desk.page)).to_have_value("")
    await desk.page.keyboard.type("乙您好")
    await desk.page.keyboard.press("Enter")
    await until_answered(other)
    await desk.page.reload()
    await desk.go(f"/app/conversations?c={first}")
    await until_open(desk.page, first, "我是甲")
    await expect(composer_of(desk.page)).to_have_value("只写给甲的草稿")
    assert await said_by_agents(one, first) == []
    assert await said_by_agents(other, second) == ["乙您好"]
    await one.close()
    await other.close()


async def test_saved_replies_come_by_slash_and_by_the_full_width_mark(owner: Agent, open_screen: OpenScreen) -> None:
    words = "支持七天无理由退换货，运费险已赠送。"
    await owner.post("/v1/saved-replies", {"folder": "售后", "title": "退换货", "text": words, "is_shared": True})
    visitor, conversation = await customer(owner, "能退吗")
    desk = await open_screen()
    await sign_in(desk, owner)
    await desk.go(f"/app/conversations?c={conversation}")
    await until_open(desk.page, conversation, "能退吗")
    menu = desk.page.get_by_role("listbox", name="快捷话术")
    await desk.page.keyboard.type("/thh")
    await menu.get_by_text("退换货").first.wait_for()
    await desk.page.keyboard.press("Enter")
    await expect(composer_of(desk.page), "the first Enter inserts").to_have_value(words)
    await composer_of(desk.page).fill("")
    await desk.page.keyboard.insert_text("、")
    await menu.get_by_text("退换货").first.wait_for()
    await desk.page.keyboard.press("1")
    await expect(composer_of(desk.page)).to_have_value(words)
    await desk.page.keyboard.press("Enter")
    await until_answered(visitor)
    assert await said_by_agents(visitor, conversation) == [words]
    await visitor.close()


async def test_a_private_note_never_reaches_the_visitor(owner: Agent, open_screen: OpenScreen) -> None:
    visitor, conversation = await customer(owner, "有人吗")
    desk = await open_screen()
    await sign_in(desk, owner)
    await desk.go(f"/app/conversations?c={conversation}")
    await until_open(desk.page, conversation, "有人吗")
    await desk.page.keyboard.press("Alt+n")
    await desk.page.get_by_role("textbox", name="备注", exact=True).wait_for()
    await composer_of(desk.page).focus()
    await desk.page.keyboard.type("这位客户上次退过货")
    await desk.page.keyboard.press("Enter")
    await desk.page.locator(".note", has_text="这位客户上次退过货").last.wait_for()
    await desk.page.get_by_role("textbox", name="回复客户").wait_for()
    await desk.page.keyboard.type("在的")
    await desk.page.keyboard.press("Enter")
    await until_answered(visitor)
    assert await said_by_agents(visitor, conversation) == ["在的"]
    assert "上次退过货" not in str(visitor.frames) + str(await visitor.read(conversation))
    assert [note["text"] for note in (await owner.get(f"/v1/conversations/{conversation}/notes"))["items"]] == [
        "这位客户上次退过货"
    ]
    await visitor.close()


async def test_of_two_agents_who_answer_at_once_one_wins_and_the_other_keeps_his_words(
    owner: Agent, open_screen: OpenScreen
) -> None:
    colleague = await invite(owner, "小周")
    visitor, conversation = await customer(owner, "谁来接一下")
    desks = [await open_screen(), await open_screen()]
    for desk, agent in zip(desks, (owner, colleague), strict=True):
        await sign_in(desk, agent)
        await desk.go(f"/app/conversations?c={conversation}")
        await until_open(desk.page, conversation, "谁来接一下")
        await desk.page.keyboard.type(f"我是{agent.me['agent']['work_name']}")
    await asyncio.gather(*(desk.page.keyboard.press("Enter") for desk in desks))
    told = [desk.page.get_by_text("你输入的内容已保留在输入框") for desk in desks]
    loser = await first_shown(*told)
    names = [agent.me["agent"]["work_name"] for agent in (owner, colleague)]
    winner = names[1 - loser]
    assert f"已由{winner}接管" in await told[loser].inner_text()
    await expect(composer_of(desks[loser].page)).to_have_value(f"我是{names[loser]}")
    assert await said_by_agents(visitor, conversation) == [f"我是{winner}"]
    assert await told[1 - loser].count() == 0
    await visitor.close()
    await colleague.close()


async def test_a_close_can_be_taken_back_for_five_seconds(owner: Agent, open_screen: OpenScreen) -> None:
    visitor, conversation = await customer(owner, "好了谢谢")
    await owner.say(conversation, "不客气")
    desk = await open_screen()
    await sign_in(desk, owner)
    await desk.go(f"/app/conversations?c={conversation}")
    await until_open(desk.page, conversation, "好了谢谢")
    await desk.page.get_by_role("log").locator(".bubble.agent", has_text="不客气").wait_for()
    await desk.page.keyboard.press("Alt+e")
    await desk.page.get_by_text("会话将在 5 秒后结束").wait_for()
    await desk.page.get_by_role("button", name="撤销").first.click()
    await desk.page.get_by_role("button", name="结束").wait_for()
    again = float(await desk.page.evaluate("Date.now()")) / 1000
    await desk.page.keyboard.press("Alt+e")
    await desk.page.get_by_text("会话已结束。客户再次发言会开启新的会话。").wait_for()
    closed = (await owner.get(f"/v1/conversations/{conversation}"))["closed_at"]
    assert datetime.fromisoformat(closed).timestamp() >= again + 4.5, "the first countdown was not stopped"
    codes = [one["system"]["code"] for one in await visitor.read(conversation) if one.get("system")]
    assert codes.count("closed") == 1
    await visitor.close()
