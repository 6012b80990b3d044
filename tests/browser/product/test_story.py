"""The main job in real Chromium: the owner uploads a file, a visitor asks in the widget, a person takes over."""

from tests.browser.product.conftest import OpenScreen, sign_in
from tests.browser.product.desk import composer_of, rows_of
from tests.journeys.people import Agent

SHIPPING = "# 发货与物流\n\n## 运费\n单笔满 99 元包邮,不满 99 元收取 8 元运费;新疆、西藏每单加收 20 元。\n".encode()


async def test_upload_ask_take_over_answer_by_hand(owner: Agent, open_screen: OpenScreen) -> None:
    desk, street = await open_screen(), await open_screen(viewport={"width": 390, "height": 844})
    await sign_in(desk, owner)

    await desk.go("/app/knowledge")
    await desk.page.locator("input[type=file]").first.set_input_files(
        [{"name": "发货与物流.md", "mimeType": "text/markdown", "buffer": SHIPPING}]
    )
    await desk.page.get_by_text("发货与物流").first.wait_for()
    await desk.page.get_by_text("可以用了").first.wait_for(timeout=60_000)

    await street.go(f"/chat/{owner.site_key}")
    box = street.page.locator("textarea").first
    await box.wait_for()
    await box.fill("不满99块要付多少邮费")
    await box.press("Enter")
    bubble = street.page.locator(".assistant .bubble, .bubble.assistant").last
    await bubble.get_by_text("8 元").wait_for(timeout=60_000)

    await desk.go("/app/")
    await desk.page.get_by_role("tab", name="全部").click()
    row = rows_of(desk.page).first
    await row.wait_for()
    await row.click()
    await desk.page.get_by_role("log").locator(".bubble.contact", has_text="不满99块要付多少邮费").wait_for()
    composer = composer_of(desk.page)
    await composer.fill("您好,我是小李,有什么可以帮您?")
    await composer.press("Enter")
    await street.page.locator(".agent .bubble", has_text="我是小李,有什么可以帮您").wait_for(timeout=60_000)
    conversation = (await owner.get("/v1/conversations?view=mine"))["items"][0]
    assert conversation["handled_by"] == "agent"
