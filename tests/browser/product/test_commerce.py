"""The shop in a browser: a file with a wrong guess corrected, a product found, a price to the cent, a request approved."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.async_api import Page, expect

from tests.browser.product.conftest import OpenScreen, Screen, sign_in
from tests.browser.product.desk import invite
from tests.browser.product.test_access import faults_of
from tests.commerce.imports import exports
from tests.journeys.people import Agent

PATIENCE = 90_000
NOW = datetime.now(ZoneInfo("Asia/Shanghai"))
# 价格 is what it cost before; the guess takes it for the price.
CATALOGUE = [
    ["货号", "名称", "价格", "活动价", "库存", "材质"],
    ["QX-T2", "两人三季帐", "599", "499.00", "36", "涤纶"],
    ["QX-S10", "棉睡袋 10℃", "249", "199.00", "120", "棉"],
    ["QX-G1", "卡式炉", "189", "面议", "52", "钢"],
]
ORDERS = [
    [
        "订单编号",
        "订单状态",
        "订单金额",
        "宝贝标题",
        "商家编码",
        "数量",
        "收货人姓名",
        "联系手机",
        "确认收货时间",
        "订单创建时间",
    ],
    [
        "QX-D0002",
        "交易成功",
        "¥451.15",
        "两人三季帐",
        "QX-T2",
        "1",
        "顾**",
        "139****8826",
        f"{NOW - timedelta(days=3):%Y-%m-%d} 10:00:00",
        f"{NOW - timedelta(days=5):%Y-%m-%d} 10:00:00",
    ],
]


async def bring(page: Page, folder: Path, name: str, content: bytes) -> None:
    place = folder / name
    place.write_bytes(content)
    await page.locator("input[type=file]").set_input_files(place)


async def import_catalogue(screen: Screen, folder: Path) -> None:
    page = screen.page
    await screen.go("/app/commerce/imports")
    await bring(page, folder, "商品表.csv", exports.as_csv(CATALOGUE, "gb18030"))
    await page.get_by_role("link", name="确认列的含义").click(timeout=PATIENCE)
    preview = page.locator("article").first
    await expect(preview).to_contain_text("¥599.00", timeout=PATIENCE)
    await page.locator("select[data-column=价格]").select_option("compare_at")
    await page.locator("select[data-column=活动价]").select_option("price")
    await expect(preview).to_contain_text("¥499.00", timeout=PATIENCE)
    assert await faults_of(page) == []
    await page.get_by_role("button", name="确认并导入").click()
    done = page.locator("li[data-state=ready]", has_text="商品表")
    await expect(done).to_contain_text("新增 2 项", timeout=PATIENCE)
    await done.locator("summary").click()
    await expect(done).to_contain_text("第 4 行：金额看不懂")


async def give_offers(owner: Agent) -> None:
    rates = {"rates": {"gold": 9500}, "names": {"gold": "金卡"}}
    await owner.post("/v1/promotions", {"name": "会员价", "kind": "member_price", "terms": rates})
    terms = {"every_minor": 30000, "off_minor": 4000}
    await owner.post(
        "/v1/promotions", {"name": "每满 300 减 40", "kind": "every_reduce", "terms": terms, "priority": 10}
    )
    await owner.post("/v1/coupons", {"name": "店铺券", "off_minor": 1500, "threshold_minor": 19900})


async def test_from_a_file_to_a_price_to_the_cent(owner: Agent, open_screen: OpenScreen, tmp_path: Path) -> None:
    screen = await open_screen()
    await sign_in(screen, owner)
    page = screen.page
    await screen.go("/app/commerce")
    await expect(page.get_by_text("还没有商品")).to_be_visible()
    await import_catalogue(screen, tmp_path)

    await page.get_by_role("link", name="商品", exact=True).click()
    await page.get_by_role("searchbox").fill("帐")
    await page.locator("[data-product=QX-T2] button").click()
    drawer = page.get_by_role("dialog")
    await expect(drawer).to_contain_text("¥499.00")
    await expect(drawer).to_contain_text("涤纶")
    assert await faults_of(page) == []
    await page.keyboard.press("Escape")

    await give_offers(owner)
    await screen.go("/app/commerce/promotions")
    for words in ("两人", "棉睡袋"):
        await page.get_by_role("combobox", name="加商品：搜名称或货号").fill(words)
        await page.get_by_role("option").filter(has_text=words).first.click()
    await page.get_by_label("「棉睡袋 10℃」的数量").fill("2")
    total = page.locator("[data-total]")
    await expect(total).to_have_text("¥802.00")
    await page.locator("[data-field=level]").select_option("gold")
    await expect(total).to_have_text("¥757.15")
    steps = page.locator("[data-step]")
    await expect(steps).to_have_count(3)
    await expect(steps.first).to_contain_text("¥852.15")
    assert await faults_of(page) == []


async def test_the_second_file_needs_no_click_and_can_be_taken_back(
    owner: Agent, open_screen: OpenScreen, tmp_path: Path
) -> None:
    screen = await open_screen()
    await sign_in(screen, owner)
    page = screen.page
    await import_catalogue(screen, tmp_path)
    cheaper = [CATALOGUE[0], [*CATALOGUE[1][:3], "459.00", *CATALOGUE[1][4:]]]
    await bring(page, tmp_path, "商品表二.csv", exports.as_csv(cheaper))
    second = page.locator("li[data-state=ready]", has_text="商品表二")
    await expect(second).to_contain_text("更新 1 项（表头见过，已自动对应）", timeout=PATIENCE)
    await second.get_by_role("button", name="撤销导入").click()
    await page.get_by_role("dialog").get_by_role("button", name="撤销导入").click()
    await expect(page.locator("li[data-state=undone]")).to_contain_text("已全部撤销", timeout=PATIENCE)
    tent = (await owner.get("/v1/products?search=QX-T2"))["items"][0]
    assert tent["price_from_minor"] == 49900


async def test_a_request_above_the_limit_is_approved_on_screen(
    owner: Agent, open_screen: OpenScreen, tmp_path: Path
) -> None:
    screen = await open_screen(viewport={"width": 390, "height": 844})
    await sign_in(screen, owner)
    page = screen.page
    await screen.go("/app/commerce/imports")
    await bring(page, tmp_path, "订单.csv", exports.as_csv(ORDERS))
    await page.get_by_role("link", name="确认列的含义").click(timeout=PATIENCE)
    await page.get_by_role("button", name="确认并导入").click(timeout=PATIENCE)
    await expect(page.locator("li[data-state=ready]")).to_contain_text("新增 1 项", timeout=PATIENCE)

    colleague = await invite(owner, "小美")
    order = (await owner.get("/v1/orders"))["items"][0]
    asked = {
        "order_id": order["id"],
        "kind": "refund",
        "amount_minor": 45115,
        "is_faulty": True,
        "reason": "门帘拉链坏了",
    }
    request = await colleague.post("/v1/order-requests", asked)
    assert request["state"] == "waiting_approval"

    await screen.go("/app/commerce/requests")
    card = page.locator(f"[data-request='{request['id']}']")
    await expect(page.get_by_role("heading", name="等您审批（1）")).to_be_visible()
    await expect(card).to_contain_text("¥451.15")
    assert await faults_of(page) == []
    await card.get_by_role("button", name="同意并提交").click()
    await expect(page.get_by_role("heading", name="等您审批")).to_have_count(0)
    await expect(card).to_have_attribute("data-state", "open")
    await card.get_by_role("link", name="QX-D0002").click()
    drawer = page.get_by_role("dialog")
    await expect(drawer).to_contain_text("门帘拉链坏了")
    await expect(drawer).not_to_contain_text("8826")
    await drawer.get_by_role("button", name="显示完整信息").click()
    await expect(drawer).to_contain_text("8826")
    await colleague.close()
