"""A VIP with a broken delivery: handed over angry, taken over with everything known, answered with a suggestion."""

import asyncio
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
from playwright.async_api import Page, expect

from tests.browser.product.conftest import OpenScreen, sign_in
from tests.browser.product.desk import composer_of, said_by_agents
from tests.journeys.people import PATIENCE, Agent, Visitor

STAFF_ONLY = (
    "# 赔付口径\n\n## 运输破损怎么赔付？\n运输破损的露营灯可以直接补发，单笔不超过 80 元由客服批准。\n".encode()
)
ORDER: dict[str, Any] = {
    "number": "QX-D0002", "state": "delivered", "total_minor": 43700, "paid_minor": 43700, "phone": "13900008826",
    "buyer_name": "乙女士", "buyer_external_id": "vip-8826", "ordered_at": f"{datetime.now(UTC) - timedelta(days=8):%Y-%m-%dT%H:%M:%SZ}",
    "items": [{"title": "露营灯", "quantity": 2, "price_minor": 8900}, {"title": "蛋卷桌", "quantity": 1, "price_minor": 25900}],
}  # fmt: skip


async def _vip(owner: Agent) -> Visitor:
    secret = (await owner.post(f"/v1/shops/{owner.me['shops'][0]['id']}/site-secret"))["site_secret"]
    claims = {"sub": "vip-8826", "name": "乙女士", "level": "VIP", "exp": int(time.time()) + 600}
    return await Visitor(owner.product, owner.site_key).open(
        identity_token=jwt.encode(claims, secret, algorithm="HS256")
    )


async def _until_handed_over(owner: Agent, conversation: str) -> dict[str, Any]:
    for _ in range(600):
        state: dict[str, Any] = await owner.get(f"/v1/conversations/{conversation}")
        if state["handled_by"] == "queue" and state["understood"]["mood"] == "angry":
            return state
        await asyncio.sleep(0.1)
    raise AssertionError(state)


async def _picture(page: Page, name: str) -> None:
    """Kept where `YINGKE_LOOK` says, for people to look at."""
    if folder := os.environ.get("YINGKE_LOOK"):
        await page.screenshot(path=Path(folder) / f"{name}.png", animations="disabled", caret="hide")


async def test_a_vip_with_a_broken_delivery_is_taken_over_with_everything_known(
    owner: Agent, open_screen: OpenScreen
) -> None:
    assert (await owner.learn("赔付口径-仅内部.md", STAFF_ONLY, audience="staff"))["state"] == "ready"
    await owner.post("/v1/orders/import", {"orders": [ORDER]})
    visitor = await _vip(owner)
    # A complaint would call a person by itself: what is looked at here is somebody who is handed over because he is angry.
    conversation = str((await visitor.ask("你好，我上周买了露营灯"))["conversation_id"])
    await visitor.send(
        "太气人了！花了几百块运输破损成这样，你们就是骗子，露营灯怎么赔付！", conversation_id=conversation
    )
    state = await _until_handed_over(owner, conversation)
    assert state["hand_off_reason"] == "angry"

    desk = await open_screen()
    page = desk.page
    await sign_in(desk, owner)
    await desk.go(f"/app/conversations?c={conversation}")
    await page.get_by_role("log").locator(".bubble.contact", has_text="太气人了").wait_for()
    await page.keyboard.press("Alt+KeyT")
    summary = page.get_by_role("region", name="接管小结")
    await expect(summary.get_by_text("QX-D0002").first).to_be_visible()
    await expect(summary.get_by_text("愤怒").first).to_be_visible()
    await expect(summary.get_by_text("会员等级 VIP")).to_be_visible()
    await expect(summary.get_by_text("先安抚情绪")).to_be_visible()
    first = page.get_by_role("region", name="建议回复").get_by_role("button").first
    await expect(first.get_by_text("仅内部", exact=True)).to_be_visible()
    await expect(first.get_by_text("80 元")).to_be_visible()
    await _picture(page, "take-over")

    await composer_of(page).click()
    await page.keyboard.press("Alt+Digit1")
    words = await first.locator(".text").inner_text()
    await expect(composer_of(page)).to_have_value(words)
    assert await said_by_agents(visitor, conversation) == []
    await composer_of(page).fill(f"真的很抱歉。{words}")
    await page.keyboard.press("Enter")
    async with asyncio.timeout(PATIENCE):
        while not await said_by_agents(visitor, conversation):
            await asyncio.sleep(0.1)
    await expect(page.get_by_role("region", name="建议回复")).to_have_count(0)
    await visitor.close()
