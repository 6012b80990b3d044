"""Sources against a site that behaves well and badly."""

import gzip
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from tests.conftest import Ground
from tests.knowledge.sources.site import Site, page
from tests.learning import Learning, caller_of
from yingke.kit.http import Outgoing
from yingke.kit.jobs import Job
from yingke.knowledge.sources.fetch_page import Door
from yingke.knowledge.sources.sources import Settings, add_source, delete_source, pause_source, restore_source
from yingke.knowledge.sources.sync import Syncing, sync_source

SHIP = "<p>每天 16:00 前付款的订单当天发出，其余订单在 48 小时内发出，预售商品除外。</p>"
FEE = "<p>实付满 99 元包邮，不满 99 元收 8 元运费，新疆和西藏每单另加 20 元。</p>"
BACK = "<p>签收后 7 天内，商品完好、配件齐全的可以无理由退货，退款在 48 小时内原路退回。</p>"


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with Site() as running:
        yield running


class Syncer:
    def __init__(self, ground: Ground, learning: Learning, outgoing: Outgoing, allow_private: bool = True) -> None:
        self.ground, self.learning = ground, learning
        self.work = Syncing(ground.db, learning.files, Door(outgoing, allow_private), 0.0)

    async def add(self, kind: Any, url: str, **more: Any) -> int:
        async with self.ground.db.transaction(self.ground.workspace_id) as tx:
            return await add_source(tx, caller_of(self.ground), kind, url, Settings(**more))

    async def sync(self, source_id: int, attempts: int = 1, **data: Any) -> dict[str, Any]:
        """Works one run and what it gives to learn; the source as it stands then."""
        job = Job(1, self.ground.workspace_id, "", "sync_source", "", {"source_id": source_id, **data}, attempts)
        await sync_source(self.work, job)
        await self.learning.work()
        return await self.source(source_id)

    async def source(self, source_id: int) -> dict[str, Any]:
        async with self.ground.db.transaction(self.ground.workspace_id) as tx:
            return dict(await tx.fetchrow("select * from knowledge_sources where id = $1", source_id))

    async def documents(self) -> list[dict[str, Any]]:
        async with self.ground.db.transaction(self.ground.workspace_id) as tx:
            return [dict(row) for row in await tx.fetch("select * from documents where deleted_at is null order by id")]

    async def texts(self, question: str) -> str:
        return "\n".join(hit.entry.text for hit in await self.learning.find(self.ground, question))


@pytest.fixture
def syncer(ground: Ground, learning: Learning, room_outgoing: Outgoing) -> Syncer:
    return Syncer(ground, learning, room_outgoing)


def small_site(site: Site) -> None:
    site.pages |= {
        "/": page("帮助中心", "<p>欢迎来到帮助中心，这里写着大家常问的事情，请点下面的链接。</p>", links=("/ship", "/fee?utm_source=x", "/pic.jpg")),
        "/ship": page("发货说明", SHIP, links=("/back", "/#top")),
        "/fee": page("运费说明", FEE, links=("/ship", "https://elsewhere.example/x")),
        "/back": page("退货说明", BACK),
    }  # fmt: skip


async def test_a_page_is_learned_and_answers(site: Site, syncer: Syncer) -> None:
    small_site(site)
    done = await syncer.sync(await syncer.add("page", site.url("/ship")))
    assert (done["state"], done["progress"]["changed"], done["reason"]) == ("ready", 1, None)
    (document,) = await syncer.documents()
    assert (document["state"], document["url"], document["name"]) == (
        "ready",
        site.url("/ship"),
        "发货说明 - 青松小店.html",
    )
    assert "16:00" in await syncer.texts("什么时候发货")
    assert all("YingkeBot" in agent for agent in site.agents)


async def test_a_site_is_walked_over_and_its_furniture_left_out(site: Site, syncer: Syncer) -> None:
    small_site(site)
    done = await syncer.sync(await syncer.add("site", site.url("/")))
    assert {key: done["progress"][key] for key in ("found", "done", "changed", "failed")} == {
        "found": 4, "done": 4, "changed": 4, "failed": 0
    }  # fmt: skip
    assert sorted(document["name"] for document in await syncer.documents()) == [
        "发货说明.html", "帮助中心.html", "运费说明.html", "退货说明.html"
    ]  # fmt: skip
    assert site.asked["/pic.jpg"] == 0
    found = await syncer.texts("联系电话 购物车 版权")
    assert "版权所有" not in found
    assert "购物车" not in found
    assert "7 天" in await syncer.texts("几天内可以退货")


async def test_an_unchanged_page_makes_no_version_and_a_changed_one_does(site: Site, syncer: Syncer) -> None:
    small_site(site)
    source_id = await syncer.add("page", site.url("/ship"))
    await syncer.sync(source_id)
    assert (await syncer.sync(source_id))["progress"]["changed"] == 0
    assert site.not_modified == 1
    site.pages["/ship"] = page("发货说明", SHIP.replace("16:00", "18:00"))
    assert (await syncer.sync(source_id))["progress"]["changed"] == 1
    (document,) = await syncer.documents()
    assert document["version"] == 2
    assert "18:00" in await syncer.texts("什么时候发货")
    assert "16:00" not in await syncer.texts("什么时候发货")
    async with syncer.ground.db.transaction(syncer.ground.workspace_id) as tx:
        assert await tx.fetchval("select array_agg(distinct origin) from document_versions") == ["url"]


@pytest.mark.parametrize("status", [404, 410])
async def test_a_page_that_is_gone_is_marked_and_goes_on_answering(site: Site, syncer: Syncer, status: int) -> None:
    small_site(site)
    source_id = await syncer.add("site", site.url("/"))
    await syncer.sync(source_id)
    site.pages["/back"] = web.Response(status=status)
    done = await syncer.sync(source_id)
    assert (done["state"], done["progress"]["gone"]) == ("ready", 1)
    gone = [document["url"] for document in await syncer.documents() if document["gone_at"]]
    assert gone == [site.url("/back")]
    assert "7 天" in await syncer.texts("几天内可以退货")
    small_site(site)
    await syncer.sync(source_id)
    assert not any(document["gone_at"] for document in await syncer.documents())


async def test_an_address_without_a_page_says_so(site: Site, syncer: Syncer) -> None:
    done = await syncer.sync(await syncer.add("page", site.url("/nothing")))
    assert (done["state"], done["reason"]["code"]) == ("failed", "page_missing")
    site.pages["/drawn"] = "<html><body><div id=app></div><script>draw()</script></body></html>"
    done = await syncer.sync(await syncer.add("page", site.url("/drawn")))
    assert (done["state"], done["reason"]["code"]) == ("failed", "nothing_readable")


async def test_robots_are_heeded(site: Site, syncer: Syncer) -> None:
    small_site(site)
    site.robots = "User-agent: YingkeBot\nDisallow: /back\n"
    await syncer.sync(await syncer.add("site", site.url("/")))
    assert site.asked["/back"] == 0
    refused = await syncer.sync(await syncer.add("page", site.url("/back")))
    assert (refused["state"], refused["reason"]["code"]) == ("failed", "robots_forbid")
    assert "robots" in refused["reason"]["zh"]
    site.robots = 503
    assert (await syncer.sync(await syncer.add("page", site.url("/fee"))))["reason"]["code"] == "robots_forbid"


async def test_sitemaps_indexes_and_gzipped_ones_are_read(site: Site, syncer: Syncer) -> None:
    small_site(site)
    places = f"<urlset><url><loc>{site.url('/ship')}</loc></url><url><loc>http://other.example/x</loc></url></urlset>"
    more = f"<urlset><url><loc>{site.url('/fee')}</loc></url></urlset>"
    index = f"<sitemapindex><sitemap><loc>{site.url('/one.xml')}</loc></sitemap><sitemap><loc>{site.url('/two.xml.gz')}</loc></sitemap></sitemapindex>"
    site.pages |= {
        "/sitemap.xml": index, "/one.xml": places,
        "/two.xml.gz": web.Response(body=gzip.compress(more.encode()), content_type="application/gzip"),
    }  # fmt: skip
    done = await syncer.sync(await syncer.add("sitemap", site.url("/sitemap.xml")))
    assert (done["progress"]["found"], done["progress"]["changed"]) == (2, 2)


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ("loop", "outgoing_failed"), ("away", "left_site"), ("inside", "left_site"), ("lies", "outgoing_failed"),
        ("endless", "response_too_large"), ("picture", "bad_page"),
    ],
)  # fmt: skip
async def test_a_page_that_misbehaves_fails_with_a_sentence(site: Site, syncer: Syncer, how: str, code: str) -> None:
    done = await syncer.sync(await syncer.add("page", site.url(f"/bad/{how}")))
    assert (done["state"], done["reason"]["code"]) == ("failed", code)
    assert done["progress"]["faults"][0]["zh"]
    assert await syncer.documents() == []


async def test_a_page_that_drips_is_given_up(
    site: Site, ground: Ground, learning: Learning, room_outgoing: Outgoing
) -> None:
    syncer = Syncer(ground, learning, room_outgoing)
    syncer.work = Syncing(ground.db, learning.files, Door(room_outgoing, True, 1.0), 0.0)
    done = await syncer.sync(await syncer.add("page", site.url("/bad/drip")))
    assert (done["state"], done["reason"]["code"]) == ("failed", "outgoing_timeout")
    assert done["next_check_at"] is not None


async def test_one_bad_page_does_not_stop_the_others(site: Site, syncer: Syncer) -> None:
    small_site(site)
    site.pages["/"] = page(
        "帮助中心", "<p>欢迎来到帮助中心，这里写着大家常问的事情。</p>", links=("/bad/loop", "/ship", "/missing")
    )
    done = await syncer.sync(await syncer.add("site", site.url("/")))
    progress = done["progress"]
    assert (done["state"], progress["failed"], progress["gone"], progress["changed"]) == ("ready", 1, 1, 3)


async def test_a_gzip_bomb_and_a_missing_sitemap_are_refused(site: Site, syncer: Syncer) -> None:
    for path in ("/bad/bomb", "/nothing.xml"):
        done = await syncer.sync(await syncer.add("sitemap", site.url(path)))
        assert (done["state"], done["reason"]["code"]) == ("failed", "bad_sitemap")


async def test_addresses_inside_are_not_fetched(
    ground: Ground, learning: Learning, room_outgoing: Outgoing, site: Site
) -> None:
    small_site(site)
    guarded = Syncer(ground, learning, room_outgoing, allow_private=False)
    for url in (site.url("/ship"), "http://localhost:1/x", "http://[::1]/", "http://169.254.169.254/latest"):
        done = await guarded.sync(await guarded.add("page", url))
        assert (done["state"], done["reason"]["code"]) == ("failed", "address_refused")
    assert site.asked.total() == 0


async def test_endless_addresses_end(site: Site, syncer: Syncer) -> None:
    for number in range(60):
        site.pages[f"/day?n={number}"] = page(
            "日历",
            f"<p>这是第 {number} 天的日历页面，没有什么特别的内容，只是很长很长。</p>",
            links=(f"/day?n={number + 1}",),
        )
    site.pages["/"] = page("首页", "<p>欢迎来到这里，下面的日历可以一直翻下去，永远也翻不完。</p>", links=("/day?n=0",))
    done = await syncer.sync(await syncer.add("site", site.url("/"), most_pages=30))
    assert done["progress"]["done"] <= 21


async def test_canonical_addresses_are_one_page_and_noindex_is_none(site: Site, syncer: Syncer) -> None:
    canonical = f'<link rel="canonical" href="{site.url("/ship")}">'
    small_site(site)
    site.pages |= {
        "/": page("帮助中心", "<p>欢迎来到帮助中心，这里写着大家常问的事情。</p>", links=("/ship?a=1", "/ship?a=2", "/secret")),
        "/ship?a=1": page("发货说明", SHIP, head=canonical), "/ship?a=2": page("发货说明", SHIP, head=canonical),
        "/secret": page("内部", BACK, head='<meta name="robots" content="noindex">'),
    }  # fmt: skip
    await syncer.sync(await syncer.add("site", site.url("/")))
    assert sorted(document["url"] for document in await syncer.documents()) == [site.url("/"), site.url("/ship")]


async def test_a_watched_source_plans_its_next_run_and_an_old_plan_does_nothing(site: Site, syncer: Syncer) -> None:
    small_site(site)
    source_id = await syncer.add("page", site.url("/ship"), every_hours=6)
    done = await syncer.sync(source_id)
    async with syncer.ground.db.transaction(syncer.ground.workspace_id) as tx:
        due = await tx.fetch(
            "select run_at, data from jobs where kind = 'sync_source' and run_at > now() + interval '5 hours'"
        )
    assert [row["run_at"] for row in due] == [done["next_check_at"]]
    asked = site.asked["/ship"]
    await syncer.sync(source_id, due="2020-01-01T00:00:00+00:00")
    assert site.asked["/ship"] == asked
    await syncer.sync(source_id, due=due[0]["data"]["due"])
    assert site.asked["/ship"] == asked + 1


async def test_a_paused_source_is_not_fetched(site: Site, syncer: Syncer) -> None:
    small_site(site)
    source_id = await syncer.add("page", site.url("/ship"))
    async with syncer.ground.db.transaction(syncer.ground.workspace_id) as tx:
        await pause_source(tx, caller_of(syncer.ground), source_id)
    await syncer.sync(source_id)
    assert site.asked.total() == 0


async def test_deleting_a_source_takes_its_documents_along_and_restoring_brings_them_back(
    site: Site, syncer: Syncer
) -> None:
    small_site(site)
    source_id = await syncer.add("site", site.url("/"))
    await syncer.sync(source_id)
    caller = caller_of(syncer.ground)
    async with syncer.ground.db.transaction(syncer.ground.workspace_id) as tx:
        await delete_source(tx, caller, source_id)
    assert await syncer.documents() == []
    assert await syncer.texts("什么时候发货") == ""
    async with syncer.ground.db.transaction(syncer.ground.workspace_id) as tx:
        await restore_source(tx, caller, source_id)
    assert len(await syncer.documents()) == 4
    assert "16:00" in await syncer.texts("什么时候发货")


async def test_a_page_that_a_person_deleted_does_not_come_back(site: Site, syncer: Syncer) -> None:
    small_site(site)
    source_id = await syncer.add("page", site.url("/ship"))
    await syncer.sync(source_id)
    async with syncer.ground.db.transaction(syncer.ground.workspace_id) as tx:
        await tx.execute("update documents set deleted_at = now()")
    await syncer.sync(source_id)
    assert await syncer.documents() == []


async def test_a_run_that_keeps_dying_says_so(site: Site, syncer: Syncer) -> None:
    done = await syncer.sync(await syncer.add("page", site.url("/ship")), attempts=8)
    assert (done["state"], done["reason"]["code"]) == ("failed", "sync_failed")
    assert done["next_check_at"] is not None
