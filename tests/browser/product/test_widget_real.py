"""The widget on a foreign, hostile page, against the real product: from the notice to the rating."""

import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import web
from playwright.async_api import Page, expect

from benchmarks.product import Product
from tests.browser.product.conftest import OpenScreen, Screen
from tests.journeys.people import Agent

HOSTILE = "*{all:unset!important}div,section,button,textarea{display:none!important}body>*{z-index:2147483647!important;position:relative}"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PASTE = """(area, picture) => {
  const data = new DataTransfer()
  const bytes = Uint8Array.from(atob(picture), (one) => one.charCodeAt(0))
  data.items.add(new File([bytes], 'broken.png', { type: 'image/png' }))
  area.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
}"""
GUIDE = "# 发货与物流\n\n## 运费\n单笔满 99 元包邮,不满 99 元收取 8 元运费。\n".encode()
NONCE = "host-nonce"


@dataclass
class Host:
    """A shop's own site on another port. `site_key` decides whose widget it carries."""

    address: str = ""
    product: str = ""
    site_key: str = ""

    async def page(self, _: web.Request) -> web.Response:
        socket = self.product.replace("http", "ws")
        policy = (
            f"default-src 'none'; script-src 'nonce-{NONCE}' 'strict-dynamic'; style-src 'nonce-{NONCE}';"
            f" img-src {self.product} blob: data:; connect-src {self.product} {socket}"
        )
        text = (
            "<!doctype html><html lang='zh-CN'><meta charset='utf-8'><title>亚麻四件套</title>"
            f"<link rel='icon' href='data:,'><style nonce='{NONCE}'>{HOSTILE}</style><body><h1>亚麻四件套</h1><p>{'好物' * 400}</p>"
            f"<script nonce='{NONCE}' async src='{self.product}/widget.js' data-key='{self.site_key}'></script></body></html>"
        )
        return web.Response(text=text, content_type="text/html", headers={"Content-Security-Policy": policy})


@pytest.fixture
async def host(product: Product, owner: Agent) -> AsyncIterator[Host]:
    one = Host(product=product.address, site_key=owner.site_key)
    application = web.Application()
    application.router.add_get("/", one.page)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    one.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield one
    await runner.cleanup()


async def visit(open_screen: OpenScreen, host: Host, **options: str) -> Screen:
    street = await open_screen(**options)
    street.neighbours.append(host.address)
    await street.page.goto(host.address + "/")
    await street.page.locator("yingke-widget #l").click()
    await street.page.locator("yingke-widget textarea").wait_for()
    return street


async def say(page: Page, text: str) -> None:
    await page.locator("yingke-widget textarea").fill(text)
    await page.locator("yingke-widget textarea").press("Enter")


async def newest(owner: Agent) -> str:
    return str((await owner.get("/v1/conversations?view=all"))["items"][0]["id"])


async def suggest(owner: Agent, question: str) -> None:
    shop = owner.me["shops"][0]["id"]
    status, answer = await owner.request(
        "PATCH", f"/v1/shops/{shop}", {"suggested_questions": {"zh-CN": [question], "en": ["How much is shipping?"]}}
    )
    assert status == 200, answer


async def test_the_notice_comes_before_the_first_word_and_its_version_is_kept(
    owner: Agent, host: Host, open_screen: OpenScreen
) -> None:
    await owner.learn("发货与物流.md", GUIDE)
    await suggest(owner, "不满99块要付多少邮费")
    street = await visit(open_screen, host)
    await street.page.get_by_role("region", name="开始前请知悉").get_by_text("AI").first.wait_for()
    box = await street.page.locator("yingke-widget .panel").bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (380, 640), "the host's style stays outside"
    assert (await owner.get("/v1/conversations?view=all"))["items"] == []
    await street.page.get_by_role("button", name="不满99块要付多少邮费").click()
    await street.page.locator(".assistant .bubble", has_text="8 元").last.wait_for()
    await street.page.get_by_text("AI 生成").last.wait_for()
    conversation = await owner.get(f"/v1/conversations/{await newest(owner)}")
    contact = await owner.get(f"/v1/contacts/{conversation['contact']['id']}")
    shop = await owner.get(f"/v1/shops/{owner.me['shops'][0]['id']}")
    [consent] = contact["consents"]
    assert (consent["purpose"], consent["version"]) == ("chat_notice", shop["privacy"]["version"])
    assert consent["created_at"] <= conversation["last_message_at"]
    assert contact["source"]["url"].startswith(host.address)


async def test_a_pasted_picture_and_a_file_arrive_and_one_too_big_is_refused_clearly(
    owner: Agent, host: Host, open_screen: OpenScreen, tmp_path: Path
) -> None:
    street = await visit(open_screen, host)
    await say(street.page, "我收到的是坏的")
    await street.page.locator(".contact .bubble", has_text="我收到的是坏的").wait_for()
    await street.page.locator("yingke-widget textarea").evaluate(PASTE, base64.b64encode(PIXEL).decode())
    await street.page.locator("[role=log] .picture").first.wait_for()
    paper, big = tmp_path / "发票.pdf", tmp_path / "视频.mp4"
    paper.write_bytes(b"%PDF-1.4\n%%EOF\n")
    with big.open("wb") as huge:
        huge.truncate(60_000_000)
    await street.page.locator("yingke-widget input[type=file]").set_input_files([paper, big])
    await street.page.get_by_text("发票.pdf").first.wait_for()
    refusal = street.page.get_by_text("「视频.mp4」有 57.2 MB，超过了")
    await refusal.wait_for()
    await street.page.locator(".contact .delivery:not(.failed)").first.wait_for(state="detached")
    items = (await owner.get(f"/v1/conversations/{await newest(owner)}/messages?limit=50"))["items"]
    files = [(one["type"], one["file"]["name"]) for one in items if one.get("file")]
    assert sorted(files) == [("file", "发票.pdf"), ("image", "broken.png")]
    for one in items:
        if one.get("file"):
            async with owner.http.get(one["file"]["url"]) as answer:
                assert answer.status == 200


async def test_asking_for_a_person_shows_the_place_and_ends_with_one_tap(
    owner: Agent, host: Host, open_screen: OpenScreen
) -> None:
    street = await visit(open_screen, host)
    await street.page.get_by_role("button", name="转人工").click()
    await street.page.get_by_text("下一位就是您").first.wait_for()
    await expect(street.page.get_by_role("button", name="排队中")).to_be_disabled()
    conversation = await newest(owner)
    await owner.say(conversation, "您好，我来帮您看看")
    await street.page.locator(".agent .bubble", has_text="您好，我来帮您看看").wait_for()
    await street.page.get_by_text("正在为您服务").first.wait_for()
    await owner.post(f"/v1/conversations/{conversation}/closure")
    await street.page.get_by_role("button", name="满意", exact=True).click()
    await street.page.get_by_text("谢谢评价").wait_for()
    for _ in range(300):
        rating = (await owner.get(f"/v1/conversations/{conversation}"))["rating"]
        if rating:
            break
        await street.page.wait_for_timeout(100)
    assert rating == "good"


async def test_it_speaks_english_to_an_english_browser(owner: Agent, host: Host, open_screen: OpenScreen) -> None:
    await suggest(owner, "运费多少")
    street = await open_screen(locale="en-US")
    await street.go(f"/chat/{owner.site_key}")
    await street.page.get_by_role("button", name="How much is shipping?").wait_for()
    await street.page.get_by_text("An AI answers first.").wait_for()
    await street.page.get_by_label("More").click()
    await street.page.get_by_role("menuitem", name="中文").click()
    await street.page.get_by_text("这里先由 AI 回答").wait_for()
    await street.page.get_by_role("button", name="运费多少").wait_for()
