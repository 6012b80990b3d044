"""The assistant only helps people: it says nothing, its suggestions are there for every message, a person sends."""

import asyncio
import re
from typing import Any

from playwright.async_api import expect

from tests.browser.product.conftest import OpenScreen, sign_in
from tests.browser.product.desk import composer_of
from tests.journeys.people import Agent, Visitor

SHIPPING = "# 发货\n\n## 几点前付款当天发货？\n16:00 前付款当天发货，其余 48 小时内发出。\n\n## 发什么快递？\n默认发中通快递，大件走德邦物流。\n".encode()
SAID = ("你好", "我的订单 QX-D0001 到哪了", "太气人了，什么破店", "谢谢")


async def _helps_only(owner: Agent) -> None:
    shop = owner.me["shops"][0]["id"]
    body = {"usual": "assistant_suggests", "hours": {}}
    status, kept = await owner.request("PUT", f"/v1/shops/{shop}/mode", body)
    assert (status, kept["now"]) == (200, "assistant_suggests")


async def _queued(owner: Agent) -> dict[str, Any]:
    for _ in range(600):
        for one in (await owner.get("/v1/conversations"))["items"]:
            if one["handled_by"] != "assistant":
                return dict(one)
        await asyncio.sleep(0.1)
    raise AssertionError("nobody was queued")


async def test_the_assistant_is_silent_and_its_suggestions_wait_for_the_agent(
    owner: Agent, open_screen: OpenScreen
) -> None:
    assert (await owner.learn("发货.md", SHIPPING))["state"] == "ready"
    await _helps_only(owner)
    desk = await open_screen()
    page = desk.page
    await sign_in(desk, owner)
    await desk.go("/app/conversations")
    await page.locator("main#main").wait_for()

    customer = await open_screen(viewport={"width": 390, "height": 844})
    await customer.go(f"/chat/{owner.site_key}")
    await expect(customer.page.get_by_text("人工客服对话")).to_be_visible()
    await expect(customer.page.get_by_text("AI", exact=False)).to_have_count(0)
    box = customer.page.locator("textarea")
    await box.fill("几点前付款当天发货？")
    await box.press("Enter")
    talk = await _queued(owner)
    await expect(customer.page.locator(".banner")).to_contain_text(re.compile("下一位就是您|正在为您转接"))
    assert (talk["handled_by"], talk["hand_off_reason"]) == ("queue", "person_first")

    await desk.go(f"/app/conversations?c={talk['id']}")
    await page.keyboard.press("Alt+KeyT")
    suggested = page.get_by_role("region", name="建议回复").get_by_role("button")
    await expect(suggested.first).to_contain_text("16:00")
    await composer_of(page).click()
    await page.keyboard.press("Alt+Digit1")
    await expect(composer_of(page)).to_have_value(re.compile("16:00"))
    await expect(customer.page.locator(".bubble", has_text="16:00")).to_have_count(0)

    # The next message, while the first is unanswered, brings suggestions of its own.
    await composer_of(page).fill("")
    await box.fill("那发什么快递呢")
    await box.press("Enter")
    await expect(suggested.filter(has_text="中通").first).to_be_visible()
    place = 1 + await suggested.evaluate_all("items => items.findIndex((one) => one.textContent.includes('中通'))")
    await composer_of(page).click()
    await page.keyboard.press(f"Alt+Digit{place}")
    await expect(composer_of(page)).to_have_value(re.compile("中通"))
    await page.keyboard.press("Enter")
    await expect(customer.page.locator(".agent .bubble", has_text="中通").first).to_be_visible()
    await expect(customer.page.locator(".assistant .bubble", has_text="中通")).to_have_count(0)
    said = (await owner.get(f"/v1/conversations/{talk['id']}/messages"))["items"]
    assert "assistant" not in {one["from"] for one in said}


async def test_whatever_is_said_the_assistant_says_nothing(owner: Agent) -> None:
    await _helps_only(owner)
    visitors = [await Visitor(owner.product, owner.site_key).open() for _ in SAID]
    talks = [(await one.send(words))["conversation_id"] for one, words in zip(visitors, SAID, strict=True)]
    for visitor in visitors:
        await visitor.until(lambda frame: frame["type"] == "queue")
    await asyncio.sleep(1.5)
    for talk in talks:
        said = (await owner.get(f"/v1/conversations/{talk}/messages"))["items"]
        assert {one["from"] for one in said} == {"contact", "system"}
        assert (await owner.get(f"/v1/conversations/{talk}"))["handled_by"] == "queue"
