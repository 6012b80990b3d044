"""What a role may not do is neither shown nor allowed; secrets are shown once; a test event shows its attempt."""

from aiohttp import web

from tests.browser.product.conftest import OpenScreen, sign_in
from tests.browser.product.desk import invite
from tests.journeys.people import Agent

FOR_MANAGERS = ["shops", "models", "team", "workspace", "audit", "api-keys", "webhooks"]
REFUSED = [
    ("POST", "/v1/invitations", {"role": "agent"}),
    ("PATCH", "/v1/workspace", {"name": "改名"}),
    ("GET", "/v1/api-keys", None),
    ("POST", "/v1/api-keys", {"name": "x", "scopes": ["ask"]}),
    ("GET", "/v1/webhooks", None),
    ("GET", "/v1/audit-log", None),
    ("GET", "/v1/model-endpoints", None),
    ("POST", "/v1/shops", {"name": "x"}),
]


async def test_an_agent_sees_no_management_page_and_the_api_refuses_too(owner: Agent, open_screen: OpenScreen) -> None:
    agent = await invite(owner, "小周")
    desk = await open_screen()
    await sign_in(desk, agent)
    await desk.go("/app/settings/profile")
    await desk.page.get_by_role("heading", level=1).first.wait_for()
    for place in FOR_MANAGERS:
        assert await desk.page.locator(f"a[href='/app/settings/{place}']").count() == 0, place
    for place in FOR_MANAGERS:
        await desk.go(f"/app/settings/{place}")
        await desk.page.wait_for_url("**/app/conversations")
    for method, path, body in REFUSED:
        status, problem = await agent.request(method, path, body)
        assert (status, problem["status"]) == (403, 403), (method, path, problem)
        assert problem["detail"], "the refusal says what to do"
    await agent.close()


async def test_an_api_key_is_shown_once_and_works(owner: Agent, open_screen: OpenScreen) -> None:
    desk = await open_screen()
    await sign_in(desk, owner)
    await desk.go("/app/settings/api-keys")
    await desk.page.get_by_role("button", name="新建密钥").first.click()
    dialog = desk.page.get_by_role("dialog", name="新建密钥")
    await dialog.get_by_label("名称").fill("订单同步")
    await dialog.get_by_text("读会话和消息").click()
    await dialog.get_by_role("button", name="新建密钥").click()
    secret = desk.page.get_by_test_id("secret")
    await secret.wait_for()
    key = (await secret.inner_text()).strip()
    async with owner.http.get("/v1/conversations", headers={"Authorization": f"Bearer {key}"}) as answer:
        assert answer.status == 200, await answer.text()
    async with owner.http.get("/v1/shops", headers={"Authorization": f"Bearer {key}"}) as answer:
        assert answer.status == 403, "only what was ticked"
    await desk.page.get_by_text("我已经把它保存好了").click()
    await desk.page.get_by_role("button", name="完成").click()
    await desk.page.reload()
    await desk.page.get_by_text("订单同步").wait_for()
    assert key not in await desk.page.content()
    assert key not in str(await owner.get("/v1/api-keys"))


async def test_the_test_button_of_a_webhook_shows_its_attempt(owner: Agent, open_screen: OpenScreen) -> None:
    got: list[str] = []

    async def take(request: web.Request) -> web.Response:
        got.append(request.headers["webhook-id"])
        return web.Response()

    application = web.Application()
    application.router.add_post("/hook", take)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    desk = await open_screen()
    await sign_in(desk, owner)
    await desk.go("/app/settings/webhooks")
    await desk.page.get_by_role("button", name="新建 Webhook").first.click()
    dialog = desk.page.get_by_role("dialog", name="新建 Webhook")
    await dialog.get_by_label("地址").fill(address)
    await dialog.get_by_role("button", name="保存").click()
    await desk.page.get_by_test_id("secret").wait_for()
    assert (await desk.page.get_by_test_id("secret").inner_text()).startswith("whsec_")
    await desk.page.get_by_text("我已经把它保存好了").click()
    await desk.page.get_by_role("button", name="完成").click()
    await desk.page.get_by_role("link", name="查看").or_(desk.page.get_by_role("link", name=address)).first.click()
    await desk.page.get_by_role("button", name="发一条测试").click()
    row = desk.page.get_by_role("row").filter(has_text="测试")
    await row.get_by_text("已送达").wait_for()
    await row.get_by_role("button", name="详情").or_(row.get_by_role("link", name="详情")).click()
    await desk.page.get_by_text("每次尝试").wait_for()
    await desk.page.get_by_text(got[0]).first.wait_for()
    await runner.cleanup()
