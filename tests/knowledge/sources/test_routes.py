"""Sources over HTTP: add, follow, change, pause, delete and take back."""

from typing import Any

import pytest

from tests.door_of_rooms import Rooms
from tests.knowledge.sources.site import Site, page
from tests.workspaces.conftest import Browser, good
from yingke.kit.http import Outgoing
from yingke.kit.jobs import Job
from yingke.knowledge.sources.fetch_page import Door
from yingke.knowledge.sources.sync import Syncing, sync_source

SOURCES = "/v1/knowledge/sources"
SHIP = "<p>每天 16:00 前付款的订单当天发出，其余订单在 48 小时内发出，预售商品除外。</p>"


async def work(rooms: Rooms, outgoing: Outgoing, owner: Browser, source_id: str) -> None:
    job = Job(1, int(owner.me["workspace"]["id"]), "", "sync_source", "", {"source_id": int(source_id)}, 1)
    await sync_source(Syncing(rooms.learning.db, rooms.learning.files, Door(outgoing, True), 0.0), job)
    await rooms.learning.work()


async def test_a_source_is_followed_from_its_adding_to_its_return(rooms: Rooms, room_outgoing: Outgoing) -> None:
    owner = await rooms.door.owner()
    async with Site() as site:
        site.pages["/ship"] = page("发货说明", SHIP)
        source = await owner.post(SOURCES, {"kind": "page", "url": site.url("/ship#x"), "every_hours": 24})
        assert (source["state"], source["url"], source["most_pages"]) == ("queued", site.url("/ship"), 1)
        again = await owner.call("POST", SOURCES, json={"kind": "page", "url": site.url("/ship")})
        assert (again.status_code, again.json()["code"]) == (409, "source_exists")
        await work(rooms, room_outgoing, owner, source["id"])
        path = f"{SOURCES}/{source['id']}"
        shown = await owner.get(path)
        assert (shown["state"], shown["pages"], shown["progress"]["changed"]) == ("ready", 1, 1)
        assert shown["next_check_at"] is not None
        (one,) = (await owner.get(f"{path}/pages"))["items"]
        assert (one["url"], one["state"], one["gone_at"]) == (site.url("/ship"), "ready", None)
    changed = good(await owner.call("PATCH", path, json={"audience": "staff", "every_hours": None}))
    assert (changed["audience"], changed["every_hours"], changed["next_check_at"]) == ("staff", None, None)
    found = await owner.get("/v1/knowledge/search", params={"q": "发货", "audience": "customer"})
    assert found["items"] == []
    assert good(await owner.call("POST", f"{path}/pause"))["state"] == "paused"
    assert (await owner.call("POST", f"{path}/sync")).json()["code"] == "source_paused"
    assert good(await owner.call("DELETE", f"{path}/pause"))["state"] == "queued"
    assert good(await owner.call("POST", f"{path}/sync"))["state"] == "queued"
    good(await owner.call("DELETE", path))
    assert (await owner.get(SOURCES))["items"] == []
    assert (await owner.get("/v1/knowledge/documents"))["items"] == []
    assert good(await owner.call("POST", f"{path}/restoration"))["pages"] == 1


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "page", "url": "ftp://x.example/"},
        {"kind": "page", "url": "javascript:alert(1)"},
        {"kind": "page", "url": "https://user:secret@x.example/"},
        {"kind": "page", "url": ""},
        {"kind": "site", "url": "https://x.example/", "most_pages": 5000},
        {"kind": "site", "url": "https://x.example/", "every_hours": 0},
        {"kind": "site", "url": "https://x.example/", "shop_ids": ["99999"]},
        {"kind": "shop", "url": "https://x.example/"},
    ],
)
async def test_a_bad_source_is_refused_and_nothing_is_stored(rooms: Rooms, body: dict[str, Any]) -> None:
    owner = await rooms.door.owner()
    assert (await owner.call("POST", SOURCES, json=body)).status_code == 400
    assert (await owner.get(SOURCES))["items"] == []


async def test_a_source_of_another_workspace_does_not_exist(rooms: Rooms) -> None:
    owner, stranger = await rooms.door.owner(), await rooms.door.owner()
    path = f"{SOURCES}/{(await owner.post(SOURCES, {'kind': 'page', 'url': 'https://x.example/'}))['id']}"
    for method, place in (
        ("GET", path), ("GET", f"{path}/pages"), ("PATCH", path), ("POST", f"{path}/sync"), ("POST", f"{path}/pause"),
        ("DELETE", f"{path}/pause"), ("DELETE", path), ("POST", f"{path}/restoration"),
    ):  # fmt: skip
        answer = await stranger.call(method, place, **({"json": {}} if method == "PATCH" else {}))
        assert answer.status_code == 404, (method, place)
    assert (await owner.get(path))["state"] == "queued"
