"""Groups and the queue in the browser: a VIP is put first and reaches the agent with the fewest; a shift ends."""

import asyncio
import re
import time
from typing import Any

import jwt
from playwright.async_api import Page, expect

from tests.browser.product.conftest import OpenScreen, Screen, sign_in
from tests.browser.product.desk import customer, invite, rows_of
from tests.journeys.people import Agent, Visitor


async def _desk(open_screen: OpenScreen, agent: Agent, path: str = "/app/conversations") -> Screen:
    """The agent's workbench, open: he is there."""
    screen = await open_screen()
    await sign_in(screen, agent)
    await screen.go(path)
    await screen.page.locator("main#main").wait_for()
    return screen


async def _vip(owner: Agent, words: str) -> str:
    """The conversation of a customer whom the shop's own site calls a VIP, and who wants a person."""
    secret = (await owner.post(f"/v1/shops/{owner.me['shops'][0]['id']}/site-secret"))["site_secret"]
    claims = {"sub": "vip-1", "name": "周女士", "level": "VIP", "exp": int(time.time()) + 600}
    token = jwt.encode(claims, secret, algorithm="HS256")
    visitor = await Visitor(owner.product, owner.site_key).open(identity_token=token)
    conversation = str((await visitor.send(words))["conversation_id"])
    headers = {"Authorization": f"Bearer {visitor.token}"}
    async with visitor.http.post(
        "/v1/widget/hand-off", json={"conversation_id": conversation}, headers=headers
    ) as answer:
        assert answer.status < 300, await answer.text()
    await visitor.close()
    return conversation


async def _until(owner: Agent, conversation: str, wanted: Any) -> dict[str, Any]:
    for _ in range(600):
        state: dict[str, Any] = await owner.get(f"/v1/conversations/{conversation}")
        if wanted(state):
            return state
        await asyncio.sleep(0.1)
    raise AssertionError(state)


async def _new_group(page: Page, name: str, members: list[str]) -> None:
    await page.get_by_role("button", name="新建客服组").first.click()
    dialog = page.get_by_role("dialog", name="新建客服组")
    await dialog.get_by_label("组名").fill(name)
    for member in members:
        await dialog.get_by_role("checkbox", name=member).check()
    await dialog.get_by_role("button", name="保存客服组").click()
    await expect(page.get_by_text(f"已保存「{name}」")).to_be_visible()


async def _end_shift(page: Page) -> None:
    """From the menu of one's own face: what he has goes to who is still there, with a note."""
    await page.get_by_role("button", name="我的账号与状态").first.click()
    await page.get_by_role("menuitem", name="下班").click()
    leaving = page.get_by_role("dialog", name="下班")
    await leaving.get_by_label("给同事的备注").fill("这几位在等补发单号")
    await leaving.get_by_role("button", name="下班并交接").click()
    await expect(page.get_by_text("已下班，交出 3 个会话")).to_be_visible()


async def _transfer(page: Page, name: str) -> None:
    await page.get_by_role("button", name="更多操作").first.click()
    await page.get_by_role("menuitem", name=re.compile("转给同事")).click()
    sheet = page.get_by_role("dialog", name="转给同事或客服组")
    await sheet.get_by_text(name).click()
    await sheet.get_by_label(re.compile("备注")).fill("VIP，请亲自看一下")
    await sheet.get_by_role("button", name="转交", exact=True).click()


async def test_a_vip_is_put_first_and_reaches_the_agent_with_the_fewest_and_the_end_of_a_shift_hands_over(
    owner: Agent, open_screen: OpenScreen
) -> None:
    busy, free = await invite(owner, "小忙"), await invite(owner, "小闲")
    await owner.request("PUT", "/v1/agents/me/state", {"state": "busy"})
    admin = await _desk(open_screen, owner, "/app/settings/routing")
    waiting = [await customer(owner, f"在吗 {number}") for number in range(4)]
    vip = await _vip(owner, "我的订单什么时候到")

    # While nobody has room they wait, and the list says who comes first.
    await _new_group(admin.page, "接待组", ["小忙", "小闲"])
    await admin.go("/app/conversations")
    await admin.page.get_by_role("tab", name="待接管").click()
    await expect(rows_of(admin.page).filter(has_text="周女士").get_by_text("VIP", exact=True)).to_be_visible()

    # Who came last goes first, to the only place there is.
    await owner.request("PUT", f"/v1/agents/{free.me['agent']['id']}/capacity", {"most_open": 1})
    await busy.request("PUT", "/v1/agents/me/state", {"state": "busy"})
    for _, conversation in waiting[:3]:
        await busy.post(f"/v1/conversations/{conversation}/take-over")
    first, second = await _desk(open_screen, busy), await _desk(open_screen, free)
    state = await _until(owner, vip, lambda state: state["handled_by"] == "agent")
    assert state["agent"]["work_name"] == "小闲"
    await second.go(f"/app/conversations?c={vip}")
    await expect(second.page.get_by_text(re.compile(r"VIP · 接待组 · 手上最少 0/1"))).to_be_visible()
    await second.page.get_by_role("log").locator(".bubble.contact", has_text="我的订单什么时候到").wait_for()

    # With room again he gets who waited on; and who comes then goes to the one with the fewest: 2 of 8 against 3.
    await owner.request("PUT", f"/v1/agents/{free.me['agent']['id']}/capacity", {"most_open": None})
    await _until(owner, waiting[3][1], lambda state: state["handled_by"] == "agent")
    await busy.request("PUT", "/v1/agents/me/state", {"state": "online"})
    waiting.append(await customer(owner, "还在吗"))
    state = await _until(owner, waiting[4][1], lambda state: state["handled_by"] == "agent")
    assert (state["agent"]["work_name"], state["routing"]["has"], state["routing"]["most"]) == ("小闲", 2, 8)

    await _end_shift(first.page)
    for _, conversation in waiting:
        await _until(owner, conversation, lambda state: (state["agent"] or {}).get("work_name") == "小闲")
    notes = (await owner.get(f"/v1/conversations/{waiting[0][1]}/notes"))["items"]
    assert [note["text"] for note in notes] == ["这几位在等补发单号"]
    await admin.go("/app/queue")
    await expect(admin.page.get_by_text("6/8 个会话")).to_be_visible()
    await expect(admin.page.get_by_role("list", name="在岗客服").get_by_text("小忙")).to_have_count(0)
    await _transfer(second.page, "李雷")
    await _until(owner, vip, lambda state: state["agent"]["work_name"] == owner.me["agent"]["work_name"])
    for visitor, _ in waiting:
        await visitor.close()
    await busy.close()
    await free.close()


async def test_the_rules_are_tried_on_a_case_and_the_hours_of_a_shop_say_who_greets(
    owner: Agent, open_screen: OpenScreen
) -> None:
    screen = await _desk(open_screen, owner, "/app/settings/routing")
    await _new_group(screen.page, "贵宾组", [str(owner.me["agent"]["work_name"])])
    await screen.page.get_by_role("tab", name="分配规则").click()
    trial = screen.page.get_by_role("region", name="现在来一位客户，会分给谁？")
    await trial.get_by_label("VIP 客户").check()
    await expect(trial.get_by_role("status")).to_contain_text("VIP · 要人工 · 贵宾组")
    await screen.page.get_by_role("button", name="VIP 提前").click()
    await screen.page.get_by_role("button", name="保存", exact=True).click()
    await expect(screen.page.get_by_text("已保存", exact=True)).to_be_visible()
    assert (await owner.get("/v1/routing-settings"))["marks"][1] == "vip"
    await screen.page.get_by_role("tab", name="接待方式").click()
    await screen.page.get_by_role("button", name="给周一加一个时段").click()
    await screen.page.get_by_role("button", name="周一的时段用到每一天").click()
    await screen.page.locator("label", has_text="仅 AI").first.click()
    await screen.page.get_by_role("button", name="保存", exact=True).click()
    await expect(screen.page.get_by_role("region", name="有未保存的修改")).to_have_count(0)
    await expect(screen.page.get_by_role("status").filter(has_text="现在是")).to_contain_text(
        re.compile("人工优先|仅 AI")
    )
    mode = await owner.get(f"/v1/shops/{owner.me['shops'][0]['id']}/mode")
    assert (mode["usual"], len(mode["hours"]["days"])) == ("assistant_only", 7)
