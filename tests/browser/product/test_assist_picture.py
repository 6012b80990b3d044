"""The assist window reads the customer's words off a picture of another desk's chat; a person checks and asks."""

import io
import re

from PIL import Image, ImageDraw, ImageFont
from playwright.async_api import FilePayload, expect

from tests.browser.product.conftest import OpenScreen, sign_in
from tests.journeys.people import Agent

FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
SHIPPING = "# 发货\n\n## 几点前付款当天发货？\n16:00 前付款当天发货，其余 48 小时内发出。\n".encode()


def _screenshot() -> FilePayload:
    shown = Image.new("RGB", (750, 520), "#ededed")
    draw = ImageDraw.Draw(shown)
    font = ImageFont.truetype(FONT, 28)
    for x, y, width, fill, text in (
        (100, 40, 330, "white", "有绿色的帐篷吗"),
        (330, 180, 330, "#95ec69", "有的，苔绿有现货"),
        (100, 330, 420, "white", "几点前付款当天发货"),
    ):
        draw.rounded_rectangle((x - 20, y - 20, x + width, y + 60), 12, fill=fill)
        draw.text((x, y), text, fill="black", font=font)
    held = io.BytesIO()
    shown.save(held, "PNG")
    return {"name": "chat.png", "mimeType": "image/png", "buffer": held.getvalue()}


async def test_a_screenshot_fills_the_box_with_the_customers_words_at_360_pixels(
    owner: Agent, open_screen: OpenScreen
) -> None:
    await owner.learn("发货.md", SHIPPING)
    desk = await open_screen(viewport={"width": 360, "height": 780})
    page = desk.page
    await sign_in(desk, owner)
    await desk.go("/app/assist")
    await page.locator("input[type=file]").set_input_files(_screenshot())
    box = page.get_by_label("顾客说的话")
    await expect(box).to_have_value(re.compile("付款当天发货"), timeout=90_000)
    assert "现货" not in await box.input_value()
    await expect(page.get_by_text("请核对后再找回答")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    await page.get_by_role("button", name="改用图上全部文字").click()
    await expect(box).to_have_value(re.compile("绿色"))
    await box.fill("几点前付款当天发货")
    await page.get_by_role("button", name="找回答").click()
    await expect(page.get_by_text("16:00 前付款当天发货").first).to_be_visible()


async def test_a_file_that_is_no_picture_is_refused_in_words(owner: Agent, open_screen: OpenScreen) -> None:
    desk = await open_screen(viewport={"width": 360, "height": 780})
    await sign_in(desk, owner)
    await desk.go("/app/assist")
    broken: FilePayload = {"name": "a.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + b"0" * 60}
    await desk.page.locator("input[type=file]").set_input_files(broken)
    await expect(desk.page.get_by_text(re.compile("文件已损坏"))).to_be_visible()
