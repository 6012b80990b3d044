"""Web sources on the screen: an address is added, its pages are read and answer, it is deleted and taken back."""

from tests.browser.product.conftest import OpenScreen, sign_in
from tests.journeys.people import Agent
from tests.knowledge.sources.site import Site, page

SHIP = "<p>每天 16:00 前付款的订单当天发出，其余订单在 48 小时内发出，预售商品除外。</p>"


async def test_an_address_is_added_read_and_taken_back(owner: Agent, open_screen: OpenScreen) -> None:
    async with Site() as site:
        site.pages |= {
            "/": page("帮助中心", "<p>欢迎来到帮助中心，这里写着大家常问的事情，请点下面的链接看看。</p>", links=("/ship", "/bad/loop")),
            "/ship": page("发货说明", SHIP),
        }  # fmt: skip
        desk = await open_screen()
        await sign_in(desk, owner)
        await desk.go("/app/knowledge/sources")
        view = desk.page
        await view.get_by_text("还没有网页来源").wait_for()
        await view.get_by_role("button", name="添加网址").first.click()
        await view.get_by_role("textbox", name="网址").fill(site.url("/"))
        await view.get_by_text("整个网站").click()
        await view.get_by_role("button", name="开始读取").click()
        await view.get_by_text("共 2 个页面").wait_for(timeout=90_000)
        await view.get_by_text("1 页没读成").wait_for()
        await view.get_by_role("button", name="查看页面").click()
        await view.get_by_role("link", name="发货说明").wait_for()
        await view.get_by_text("没读成的页面").wait_for()
        await view.keyboard.press("Escape")
        await view.get_by_role("button", name="更多操作").click()
        await view.get_by_role("menuitem", name="删除").click()
        await view.get_by_text("还没有网页来源").wait_for()
        assert (await owner.get("/v1/knowledge/documents"))["items"] == []
        await view.get_by_role("button", name="撤销").click()
        await view.get_by_text("共 2 个页面").wait_for()
