"""No screen of the workbench has a serious fault that axe knows: light and dark, at a desk and on a phone."""

from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Page

from tests.browser.product.conftest import OpenScreen, sign_in
from tests.browser.product.desk import customer
from tests.journeys.people import Agent

AXE = (Path(__file__).parents[3] / "web" / "node_modules" / "axe-core" / "axe.min.js").read_text()
ASK_AXE = (
    "async () => (await axe.run(document, { iframes: false })).violations"
    ".filter((one) => one.impact === 'serious' || one.impact === 'critical')"
    ".map((one) => `${one.id}: ${one.nodes.slice(0, 5).map((node) => node.target.join(' ')).join(', ')}`)"
)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
GUIDE = "# 运费\n\n满 99 元包邮,不满收 8 元。\n".encode()


STILL = (
    "async () => { await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));"
    " const ending = document.getAnimations().filter((one) => one.effect?.getTiming().iterations !== Infinity);"
    " await Promise.allSettled(ending.map((one) => one.finished)) }"
)
"""What changes its colour has changed it: halfway between two themes nothing has enough contrast."""


async def faults_of(page: Page) -> list[str]:
    await page.evaluate(STILL)
    await page.evaluate(AXE)
    found: list[str] = await page.evaluate(ASK_AXE)
    return found


async def faults_in_both_lights(page: Page, name: str) -> dict[str, list[str]]:
    """Of the page as it is, light and dark, under `name` and the scheme."""
    found = {}
    for scheme in SCHEMES:
        await page.emulate_media(color_scheme=scheme)
        await page.locator(f"html[data-yk-theme={scheme}]").wait_for()
        found[f"{name} {scheme}"] = await faults_of(page)
    return found


@pytest.mark.parametrize("width", [1440, 390])
async def test_no_screen_has_a_serious_fault(width: int, owner: Agent, open_screen: OpenScreen) -> None:
    await owner.learn("运费.md", GUIDE)
    visitor, conversation = await customer(owner, "满多少包邮")
    await owner.say(conversation, "满 99 元")
    shop = owner.me["shops"][0]["id"]
    viewport = {"width": width, "height": 900 if width > 1000 else 844}
    desk = await open_screen(viewport=viewport)
    found: dict[str, list[str]] = {}

    async def look(name: str, path: str, words: str) -> None:
        await desk.go(path)
        await desk.page.get_by_text(words).locator("visible=true").first.wait_for()
        await desk.page.wait_for_load_state("networkidle")
        found.update(await faults_in_both_lights(desk.page, name))

    await look("sign in", "/app/sign-in", "登录工作台")
    await look("sign up", "/app/sign-up", "创建企业")
    await sign_in(desk, owner)
    await look("inbox", f"/app/conversations?c={conversation}", "满 99 元")
    await look("knowledge", "/app/knowledge", "运费.md")
    await look("shop", f"/app/settings/shops/{shop}", "青松小店")
    await look("team", "/app/settings/team", "李雷")
    await look("settings", "/app/settings/workspace", "时区")
    await look("api keys", "/app/settings/api-keys", "还没有密钥")
    await look("webhooks", "/app/settings/webhooks", "还没有 Webhook")
    await look("today", "/app/today", "今")
    await look("wizard", "/app/setup", "三分钟开张")
    await visitor.close()
    assert {name: faults for name, faults in found.items() if faults} == {}
