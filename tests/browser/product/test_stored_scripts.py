"""What strangers can fill in never runs: not in the workbench, not in the widget."""

import asyncio

import aiohttp

from benchmarks.product import Product
from tests.browser.product.conftest import OpenScreen, sign_in
from tests.journeys.people import Agent, Visitor

PAYLOADS = [
    "<script>window.__ran=1</script>",
    "<img src=x onerror=window.__ran=1>",
    '"><svg onload=window.__ran=1>',
    "<iframe srcdoc='<script>parent.__ran=1</script>'>",
    "[点我](javascript:window.__ran=1)",
    "javascript:window.__ran=1",
    "{{constructor.constructor('window.__ran=1')()}}",
    "${window.__ran=1}",
    "</textarea><script>window.__ran=1</script>",
    "<a href='data:text/html,<script>opener.__ran=1</script>'>x</a>",
    "<math><mtext><style><img src=x onerror=window.__ran=1></style></mtext></math>",
    "\u202e<b onmouseover=window.__ran=1>倒着写</b>",
    "<details open ontoggle=window.__ran=1>",
    "![x](http://127.0.0.1:18999/leak.png)",
]


async def test_no_payload_runs_in_any_field_a_stranger_can_fill(
    product: Product, owner: Agent, open_screen: OpenScreen
) -> None:
    visitor = Visitor(product, owner.site_key)
    first = PAYLOADS[1]
    page = {"url": "https://shop.example/<script>window.__ran=1</script>", "title": first, "referrer": first,
            "utm_source": first, "utm_campaign": first}  # fmt: skip
    await visitor.open(page=page)
    for payload in PAYLOADS:
        await visitor.send(payload)
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("file", b"<script>window.__ran=1</script>", filename="<img src=x onerror=window.__ran=1>.html")
    headers = {"Authorization": f"Bearer {visitor.token}"}
    async with visitor.http.post("/v1/widget/files", data=form, headers=headers) as answer:
        stored = await answer.json()
    ack = await visitor.send("", message_type="file", file_id=stored["file_id"])
    conversation = ack["conversation_id"]
    left = {"text": first, "name": first[:60], "phone": "13800000000", "email": ""}
    async with visitor.http.post("/v1/widget/left-messages", json=left, headers=headers) as answer:
        assert answer.status == 201, await answer.text()
    rating = {"conversation_id": conversation, "score": "bad", "reasons": [first[:40]], "comment": first}
    async with visitor.http.post("/v1/widget/ratings", json=rating, headers=headers) as answer:
        assert answer.status == 204, await answer.text()

    desk = await open_screen()
    await sign_in(desk, owner)
    for path in (f"/app/?c={conversation}", "/app/knowledge", "/app/today"):
        await desk.go(path)
        await desk.page.wait_for_load_state("networkidle")
        await asyncio.sleep(0.3)
        assert await desk.page.evaluate("window.__ran") is None, path
    await desk.go(f"/app/?c={conversation}")
    await desk.page.get_by_role("log").get_by_text(PAYLOADS[0]).first.wait_for()

    street = await open_screen()
    await street.page.add_init_script(
        f"try {{ localStorage.setItem('yingke:{owner.site_key}:token', {visitor.token!r}) }} catch (e) {{}}"
    )
    await street.go(f"/chat/{owner.site_key}")
    await street.page.wait_for_load_state("networkidle")
    assert await street.page.evaluate("window.__ran") is None
    async with visitor.http.get(stored["url"]) as answer:
        assert answer.headers["content-disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
    await visitor.close()
