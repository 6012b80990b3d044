"""Takes the pictures of the documents from the running demo: `python -m tests.browser.pictures`."""

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from PIL import Image
from playwright.async_api import Browser, Frame, FrameLocator, Page, async_playwright

from benchmarks.product import Product, run_product
from tests.browser.chromium import FLAGS, chromium_path
from yingke.app.demo.questions import QUESTIONS

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
MOST_BYTES = 250_000
Talk = Page | FrameLocator | Frame


@asynccontextmanager
async def shop_page(address: str, site_key: str) -> AsyncIterator[str]:
    """A page of the demo's shop on another port, as the widget is met in the wild."""
    text = (Path(__file__).parent / "shop_page.html").read_text()
    text = text.replace("{address}", address).replace("{site_key}", site_key)

    async def show(_: web.Request) -> web.Response:
        return web.Response(text=text, content_type="text/html")

    application = web.Application()
    application.router.add_get("/", show)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    await runner.cleanup()


class Camera:
    def __init__(self, browser: Browser, product: Product, site_key: str) -> None:
        self.browser, self.product, self.site_key = browser, product, site_key

    async def page(self, viewport: dict[str, int], **options: Any) -> Page:
        context = await self.browser.new_context(
            viewport=viewport, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce", **options
        )  # type: ignore[arg-type]
        return await context.new_page()

    async def desk(self, viewport: dict[str, int], path: str, **options: Any) -> Page:
        """A page of the workbench, signed in as the demo's owner, showing everybody's conversations."""
        page = await self.page(viewport, **options)
        await page.goto(f"{self.product.address}/app/demo")
        await page.locator("iframe.customer").wait_for()
        await page.goto(self.product.address + path)
        return page

    async def take(self, page: Page, name: str) -> None:
        await page.wait_for_load_state("networkidle")
        await page.mouse.move(0, 0)
        place = PICTURES / f"{name}.png"
        await page.screenshot(path=place, animations="disabled", caret="hide")
        slim(place)
        print(f"{name}: {place.stat().st_size // 1000} KB")


def slim(place: Path) -> None:
    """Without loss where that suffices, else with the 256 colours that come nearest."""
    with Image.open(place) as picture:
        picture.convert("RGB").save(place, optimize=True)
        if place.stat().st_size > MOST_BYTES:
            colours = picture.convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE, 6, dither=Image.Dither.NONE)
            colours.save(place, optimize=True)


async def ask(talk: Talk, n: int, mark: str) -> None:
    """Says the demo's line `n` and waits for an answer with `mark` in it."""
    box = talk.locator("textarea")
    await box.fill(QUESTIONS[n - 1].text)
    await box.press("Enter")
    await talk.locator(".assistant .bubble", has_text=re.compile(mark)).last.wait_for()


async def widget_pictures(camera: Camera) -> None:
    async with shop_page(camera.product.address, camera.site_key) as address:
        page = await camera.page(DESK)
        await page.goto(address)
        await page.locator("yingke-widget #l").click()
        await ask(page, 1, "PU3000mm")
        await ask(page, 2, "苔绿")
        await camera.take(page, "widget-desktop")
    phone = await camera.page(PHONE, color_scheme="dark", is_mobile=True, has_touch=True, device_scale_factor=1)
    await phone.goto(f"{camera.product.address}/chat/{camera.site_key}")
    await ask(phone, 1, "PU3000mm")
    await camera.take(phone, "widget-phone-dark")


async def unhappy_customer(camera: Camera) -> Page:
    page = await camera.page(PHONE)
    await page.goto(f"{camera.product.address}/chat/{camera.site_key}")
    await ask(page, 1, "PU3000mm")
    box = page.locator("textarea")
    await box.fill(QUESTIONS[5].text)
    await box.press("Enter")
    await page.locator(".banner", has_text=re.compile("位|上班|转接")).wait_for()
    return page


async def workbench_pictures(camera: Camera) -> None:
    await unhappy_customer(camera)
    desk = await camera.desk(DESK, "/app/conversations")
    await desk.get_by_role("tab", name="全部").click()
    row = desk.get_by_role("listbox", name="会话列表").get_by_role("option").first
    await row.click()
    await desk.get_by_role("log").get_by_text(QUESTIONS[5].text).wait_for()
    await desk.get_by_role("button", name="过程").first.click()
    await desk.get_by_role("dialog", name="AI 作答过程").get_by_text(re.compile("找到的知识")).wait_for()
    await camera.take(desk, "trace")
    await desk.keyboard.press("Escape")
    composer = desk.locator("form.composer textarea")
    await composer.fill("非常抱歉，碎灯我们马上补发一盏新的，旧灯不用寄回。方便拍张照片发我吗？")
    await composer.press("Enter")
    await desk.get_by_role("log").locator(".bubble.agent:not(.pale)", has_text="碎灯").wait_for()
    await desk.get_by_role("tab", name=re.compile("我的 [1-9]")).wait_for()
    await camera.take(desk, "workbench")
    path = desk.url.removeprefix(camera.product.address)
    phone = await camera.desk(PHONE, path, is_mobile=True, has_touch=True, device_scale_factor=1)
    await phone.get_by_role("log").get_by_text(re.compile("碎灯")).wait_for()
    await camera.take(phone, "workbench-phone")


async def other_pictures(camera: Camera) -> None:
    desk = await camera.desk(DESK, "/app/knowledge")
    await desk.get_by_text("发货与物流").first.wait_for()
    await camera.take(desk, "knowledge")
    demo = await camera.page(DESK)
    await demo.goto(f"{camera.product.address}/demo")
    customer = demo.frame_locator("iframe.customer")
    await customer.locator("textarea").wait_for()
    await demo.locator("button.line").first.click()
    await customer.locator(".assistant .bubble", has_text="PU3000mm").wait_for()
    bench = demo.frame_locator("iframe.workbench")
    await bench.get_by_role("log").get_by_text(QUESTIONS[0].text).wait_for()
    await camera.take(demo, "demo")


async def take_all() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="yk-pictures-"))
    folder.chmod(0o711)
    async with run_product("demo", folder=folder, needs_workspace=False) as product:
        async with aiohttp.ClientSession() as http, http.get(f"{product.address}/v1/demo") as answer:
            site_key = (await answer.json())["shops"][0]["site_key"]
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
            camera = Camera(browser, product, site_key)
            await widget_pictures(camera)
            await workbench_pictures(camera)
            await other_pictures(camera)
            await browser.close()


if __name__ == "__main__":
    asyncio.run(take_all())
