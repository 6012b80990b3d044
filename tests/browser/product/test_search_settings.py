"""The models that search, on their screen: tested, chosen, learned in the background, in use."""

from playwright.async_api import expect

from tests.browser.product.conftest import OpenScreen, sign_in
from tests.emulators.embedding_endpoint import EmbeddingEndpoint
from tests.journeys.people import Agent

SHIPPING = "# 发货\n\n## 多久发货?\n每天 16:00 前付款当天发出,其余 48 小时内发出。\n".encode()


async def test_a_model_is_tested_chosen_and_in_use_as_soon_as_it_knows_everything(
    owner: Agent, open_screen: OpenScreen
) -> None:
    await owner.learn("发货.md", SHIPPING)
    async with EmbeddingEndpoint() as endpoint:
        screen = await open_screen()
        await sign_in(screen, owner)
        page = screen.page
        await screen.go("/app/knowledge/settings")
        card = page.locator("section", has=page.get_by_role("heading", name="用什么找资料"))
        await card.get_by_text("向量模型", exact=True).click()
        await card.get_by_label("接口地址").fill(endpoint.base_url)
        await card.get_by_label("模型名").fill("m")
        endpoint.behave("unauthorized", 1)
        await card.get_by_role("button", name="测试").click()
        await expect(card.get_by_role("status")).to_contain_text("密钥")
        await card.get_by_role("button", name="测试").click()
        await expect(card.get_by_role("status")).to_contain_text("可以用，64 维")
        await card.get_by_role("button", name="保存").click()
        await page.get_by_text("学完再切换").wait_for()
        await expect(card).to_contain_text("正在使用，1 条资料都学好了", timeout=60_000)
        await card.get_by_text("重排模型", exact=True).click()
        await card.get_by_label("接口地址").nth(1).fill(endpoint.base_url)
        await card.get_by_label("模型名").nth(1).fill("r")
        await card.get_by_role("button", name="保存").click()
        await expect(card.get_by_role("button", name="保存")).to_be_disabled()
        found = await owner.get("/v1/knowledge/search?q=什么时候发货&audience=staff")
        assert "48 小时" in found["items"][0]["text"]
        assert "什么时候发货" in endpoint.embedded
