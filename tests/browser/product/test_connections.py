"""Connected shops on the screen: tested, synced, mapped by its fields, and taken away."""

from tests.browser.product.conftest import OpenScreen, sign_in
from tests.emulators.http_shop import KEY, HttpShopEmulator
from tests.emulators.shopify import TOKEN, ShopifyEmulator
from tests.journeys.people import Agent


async def test_a_shop_is_tested_connected_synced_and_disconnected(owner: Agent, open_screen: OpenScreen) -> None:
    async with ShopifyEmulator() as shop:
        desk = await open_screen()
        await sign_in(desk, owner)
        await desk.go("/app/commerce/connections")
        view = desk.page
        await view.get_by_text("还没有连接店铺").wait_for()
        await view.get_by_role("button", name="连接店铺").first.click()
        await view.get_by_role("button", name="Shopify").click()
        await view.get_by_label("店铺域名").fill(shop.url)
        await view.get_by_label("Admin API 访问令牌").fill("wrong")
        await view.get_by_role("button", name="测试连接").click()
        await view.get_by_text("密钥不对").wait_for()
        await view.get_by_label("Admin API 访问令牌").fill(TOKEN)
        await view.get_by_role("button", name="测试连接").click()
        await view.get_by_text("连接成功：云杉旗舰店").wait_for()
        await view.get_by_role("button", name="保存并开始同步").click()
        await view.get_by_label("推送地址").wait_for()
        await view.get_by_role("button", name="关闭", exact=True).last.click()
        await view.get_by_text("23 个商品", exact=True).wait_for()
        await view.get_by_text("22 个订单", exact=True).wait_for()
        await view.get_by_role("button", name="更多操作").click()
        await view.get_by_role("menuitem", name="断开").click()
        await view.get_by_text("一起删除").click()
        await view.get_by_role("button", name="断开").click()
        await view.get_by_text("还没有连接店铺").wait_for()
        assert (await owner.get("/v1/shop-connections"))["items"] == []


async def test_the_fields_of_an_http_shop_are_chosen_from_a_sample(owner: Agent, open_screen: OpenScreen) -> None:
    async with HttpShopEmulator() as shop:
        desk = await open_screen(viewport={"width": 390, "height": 844})
        await sign_in(desk, owner)
        await desk.go("/app/commerce/connections")
        view = desk.page
        await view.get_by_role("button", name="连接店铺").first.click()
        await view.get_by_role("button", name="其他系统").click()
        await view.get_by_label("接口地址").fill(shop.url)
        await view.get_by_label("请求头的值").fill(KEY)
        await view.get_by_role("button", name="保存，去选择字段").click()
        await view.get_by_text("先填网址").wait_for()
        await view.get_by_placeholder("/api/…").fill("/api/goods")
        await view.get_by_role("button", name="读取样例").click()
        await view.get_by_text("YS-1-A · ¥19.91").wait_for()
        await view.get_by_role("combobox", name="库存").click()
        await view.get_by_role("option", name="qty").click()
        await view.get_by_text("YS-1-A · ¥19.91 · 库存 3").wait_for()
        await view.get_by_label("页码参数名").fill("page")
        assert await view.evaluate("document.documentElement.scrollWidth") <= 390
        await view.get_by_role("button", name="保存", exact=True).click()
        await view.get_by_text("23 个商品", exact=True).wait_for()
