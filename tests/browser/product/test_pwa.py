"""The workbench as an installed app: described, kept by a service worker, openable without a network."""

import asyncio

import aiohttp

from benchmarks.product import Product
from tests.browser.product.conftest import OpenScreen, sign_in
from tests.journeys.people import PATIENCE, Agent


async def test_the_manifest_describes_an_app_whose_icons_are_there(
    product: Product, owner: Agent, open_screen: OpenScreen
) -> None:
    desk = await open_screen()
    await desk.go("/app/sign-in")
    link = desk.page.locator("link[rel=manifest]")
    address = await link.evaluate("node => node.href")
    async with aiohttp.ClientSession() as http:
        async with http.get(address) as answer:
            assert answer.content_type == "application/manifest+json"
            manifest = await answer.json(content_type=None)
        assert manifest["display"] == "standalone"
        assert manifest["start_url"].startswith(manifest["scope"])
        sizes = {icon["sizes"] for icon in manifest["icons"]}
        assert {"192x192", "512x512"} <= sizes
        for icon in manifest["icons"]:
            async with http.get(address.rsplit("/", 1)[0] + "/" + icon["src"]) as answer:
                assert answer.status == 200, icon["src"]
                assert answer.content_type == icon["type"]
    wire = await desk.context.new_cdp_session(desk.page)
    assert (await wire.send("Page.getAppManifest"))["errors"] == []
    assert product.address in address


async def test_the_shell_opens_without_a_network(owner: Agent, open_screen: OpenScreen) -> None:
    desk = await open_screen()
    desk.noise += ["ERR_INTERNET_DISCONNECTED", "WebSocket connection", "Failed to load resource"]
    await sign_in(desk, owner)
    await desk.go("/app/conversations")
    await desk.page.evaluate("navigator.serviceWorker.ready.then((found) => found.active.state)")
    async with asyncio.timeout(PATIENCE):
        # The page's own policy forbids what a wait in the page would need.
        while await desk.page.evaluate("navigator.serviceWorker.controller === null"):
            await asyncio.sleep(0.1)
    assert (await desk.page.evaluate("navigator.serviceWorker.controller.scriptURL")).endswith("/sw.js")
    await desk.page.reload()
    await desk.page.get_by_role("tab", name="全部").wait_for()
    await desk.context.set_offline(True)
    await desk.page.reload()
    await desk.page.locator("#app > *").first.wait_for()
    assert await desk.page.locator("#app").inner_text() != ""
    await desk.context.set_offline(False)
    await desk.page.reload()
    await desk.page.get_by_role("tab", name="全部").wait_for()
    kept = await desk.page.evaluate(
        "caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name).then((one) => one.keys()))))"
        ".then((all) => all.flat().map((request) => new URL(request.url).pathname))"
    )
    assert not [path for path in kept if path.startswith(("/v1", "/files"))], "customers' words never go into the cache"
