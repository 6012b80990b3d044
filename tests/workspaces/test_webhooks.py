"""Webhooks: at least once, signed, one id over all tries, and nobody waits for a dead neighbour."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from aiohttp import web

from tests.workspaces.conftest import Browser, Door, good
from tests.workspaces.receiver import Receiver, accept, fail, hang, is_signed_by, open_receiver
from yingke.kit.db import Database
from yingke.kit.events import record_event
from yingke.kit.http import Outgoing
from yingke.kit.jobs import Worker
from yingke.kit.live import Hub
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings
from yingke.workspaces.deliver_webhooks import deliver_webhooks
from yingke.workspaces.feed_webhooks import KIND, keep_feeding, plain_data


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with open_receiver() as one:
        yield one


@contextlib.asynccontextmanager
async def running(db: Database, secrets: Secrets, outgoing: Outgoing, settings: Settings) -> AsyncIterator[None]:
    """Feeder and worker, as a process runs them."""
    worker = Worker(db, {KIND: partial(deliver_webhooks, db, outgoing, secrets, settings)}, width=32)
    tasks = [asyncio.create_task(worker.run()), asyncio.create_task(keep_feeding(db, Hub(), plain_data))]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
async def told(db: Database, secrets: Secrets, outgoing: Outgoing, settings: Settings) -> AsyncIterator[None]:
    """Delivery with a clock a thousand times as fast: 72 hours are four minutes."""
    async with running(db, secrets, outgoing, replace(settings, webhook_clock=1000)):
        yield


async def happen(db: Database, owner: Browser, count: int = 1, type: str = "contact_updated") -> None:
    workspace_id = int(owner.me["workspace"]["id"])
    for n in range(count):
        async with db.transaction(workspace_id) as tx:
            await record_event(tx, workspace_id, type, {"n": n})


async def until(condition: Callable[[], Any], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(0.02)


async def hook(owner: Browser, receiver: Receiver, **more: Any) -> dict[str, Any]:
    made = await owner.post(
        "/v1/webhooks", {"url": receiver.url, "types": ["contact_updated"], "description": "", **more}
    )
    assert isinstance(made, dict)
    return made


async def deliveries(owner: Browser, webhook: dict[str, Any], state: str = "") -> list[dict[str, Any]]:
    query = f"?limit=200&state={state}" if state else "?limit=200"
    items = (await owner.get(f"/v1/webhooks/{webhook['id']}/deliveries{query}"))["items"]
    assert isinstance(items, list)
    return items


async def until_recorded(owner: Browser, webhook: dict[str, Any], count: int) -> None:
    """The receiver has answered a moment before the log says so."""
    end = time.monotonic() + 10
    while len(await deliveries(owner, webhook, "delivered")) != count:
        assert time.monotonic() < end
        await asyncio.sleep(0.05)


async def test_an_event_is_delivered_signed_and_soon(door: Door, db: Database, receiver: Receiver, told: None) -> None:
    owner = await door.owner()
    webhook = await hook(owner, receiver)
    waits: list[float] = []
    for _ in range(20):
        begun = time.monotonic()
        await happen(db, owner)
        await until(lambda: len(receiver.got) > len(waits))
        waits.append(time.monotonic() - begun)
    assert sorted(waits)[18] <= 2.0
    got = receiver.got[0]
    assert is_signed_by(webhook["secret"], got)
    assert not is_signed_by("whsec_" + "A" * 43 + "=", got)
    assert abs(int(got.headers["webhook-timestamp"]) - time.time()) < 300
    assert set(got.json) == {"type", "created_at", "workspace_id", "data"}
    assert got.json["type"] == "contact_updated"
    assert got.json["workspace_id"] == owner.me["workspace"]["id"]
    assert len(set(receiver.ids())) == 20


async def test_types_that_were_not_asked_for_are_not_sent(
    door: Door, db: Database, receiver: Receiver, told: None
) -> None:
    owner = await door.owner()
    await hook(owner, receiver)
    await happen(db, owner, 3, "gap_created")
    await happen(db, owner, 1)
    await until(lambda: receiver.got)
    await asyncio.sleep(0.3)
    assert [one.json["type"] for one in receiver.got] == ["contact_updated"]


async def test_a_failing_receiver_gets_every_event_later_under_the_same_id(
    door: Door, db: Database, receiver: Receiver, told: None
) -> None:
    owner = await door.owner()
    webhook = await hook(owner, receiver)
    receiver.behaviour = fail
    await happen(db, owner, 10)
    await until(lambda: len(receiver.got) >= 25)
    tried = set(receiver.ids())
    receiver.behaviour = accept
    await until(lambda: len(set(receiver.accepted)) == 10)
    assert tried <= set(receiver.accepted)
    await until_recorded(owner, webhook, 10)
    done = await deliveries(owner, webhook, "delivered")
    assert len(done) == 10
    detail = await owner.get(f"/v1/webhook-deliveries/{done[-1]['id']}")
    assert [one["status"] for one in detail["attempts"]][-1] == 200
    assert 503 in [one["status"] for one in detail["attempts"]]
    assert detail["attempts"][0]["response"] == "down for maintenance"


async def test_a_receiver_down_for_eight_hours_has_everything_ten_minutes_after_its_return(
    door: Door, db: Database, receiver: Receiver, secrets: Secrets, outgoing: Outgoing, settings: Settings
) -> None:
    owner = await door.owner()
    webhook = await hook(owner, receiver)
    clock = 3000.0
    async with running(db, secrets, outgoing, replace(settings, webhook_clock=clock)):
        receiver.behaviour = fail
        await happen(db, owner, 30)
        await asyncio.sleep(8 * 3600 / clock)
        assert await deliveries(owner, webhook, "dead") == []
        receiver.behaviour = accept
        back = time.monotonic()
        # Ten minutes are 0.2 s here; polling once a second is the product's own pace and is not sped up.
        await until(lambda: len(set(receiver.accepted)) == 30, 600 / clock + 4)
        assert time.monotonic() - back < 600 / clock + 4
        await until_recorded(owner, webhook, 30)
    assert len(receiver.accepted) == 30


async def test_after_three_days_an_event_is_dead_and_a_person_replays_it_under_its_old_id(
    door: Door, db: Database, receiver: Receiver, secrets: Secrets, outgoing: Outgoing, settings: Settings
) -> None:
    owner = await door.owner()
    webhook = await hook(owner, receiver)
    receiver.behaviour = fail
    async with running(db, secrets, outgoing, replace(settings, webhook_clock=40_000)):
        await happen(db, owner)
        end = time.monotonic() + 25
        while not (dead := await deliveries(owner, webhook, "dead")):
            assert time.monotonic() < end
            await asyncio.sleep(0.2)
        first = receiver.ids()[0]
        receiver.behaviour = accept
        await owner.post(f"/v1/webhook-deliveries/{dead[0]['id']}/replay")
        before = len(receiver.got)
        await until(lambda: len(receiver.got) > before)
        assert set(receiver.ids()) == {first} == {dead[0]["event_id"]}
        await until_recorded(owner, webhook, 1)


async def test_a_span_of_time_is_replayed_with_the_old_ids(
    door: Door, db: Database, receiver: Receiver, told: None
) -> None:
    owner = await door.owner()
    webhook = await hook(owner, receiver)
    await happen(db, owner, 3)
    await until(lambda: len(receiver.got) == 3)
    span = {"from": "2020-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z"}
    await until_recorded(owner, webhook, 3)
    assert await owner.post(f"/v1/webhooks/{webhook['id']}/replay", span) == {"replayed": 3}
    await until(lambda: len(receiver.got) == 6)
    assert sorted(receiver.ids()[:3]) == sorted(receiver.ids()[3:])
    nothing = {"from": "2020-01-01T00:00:00Z", "to": "2020-01-02T00:00:00Z"}
    assert await owner.post(f"/v1/webhooks/{webhook['id']}/replay", nothing) == {"replayed": 0}


async def test_a_hanging_endpoint_delays_nobody_else(
    door: Door, db: Database, receiver: Receiver, secrets: Secrets, outgoing: Outgoing, settings: Settings
) -> None:
    async with open_receiver() as dead, running(db, secrets, outgoing, settings):
        dead.behaviour = hang
        owner, stranger = await door.owner(), await door.owner()
        await hook(owner, dead)
        await hook(owner, receiver)
        other = await hook(stranger, receiver)
        await happen(db, owner, 40)
        await until(lambda: dead.got)
        begun = time.monotonic()
        await happen(db, owner, 1)
        await happen(db, stranger, 1)
        await until(lambda: any(is_signed_by(other["secret"], one) for one in receiver.got), 3)
        await until(lambda: len(receiver.got) == 42, 5)
        assert time.monotonic() - begun < 5


async def test_a_redirect_to_this_machine_is_not_followed(
    door: Door, db: Database, receiver: Receiver, told: None
) -> None:
    async with open_receiver() as inner:

        async def redirect(_: web.Request) -> web.StreamResponse:
            raise web.HTTPTemporaryRedirect(inner.url)

        receiver.behaviour = redirect
        owner = await door.owner()
        webhook = await hook(owner, receiver)
        await happen(db, owner)
        await until(lambda: len(receiver.got) >= 2)
        log = (await deliveries(owner, webhook))[0]
        detail = await owner.get(f"/v1/webhook-deliveries/{log['id']}")
        assert detail["attempts"][0]["error"] == "redirect"
        assert inner.got == []


async def test_an_address_inside_is_refused_when_typed_and_when_called(
    door: Door, db: Database, receiver: Receiver, secrets: Secrets, outgoing: Outgoing, settings: Settings
) -> None:
    owner = await door.owner()
    strict = replace(settings, allow_private_urls=False)
    webhook = await hook(owner, receiver)
    async with running(db, secrets, outgoing, strict):
        await happen(db, owner)
        while not (log := await deliveries(owner, webhook)) or not log[0]["attempts"]:
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.3)
    detail = await owner.get(f"/v1/webhook-deliveries/{log[0]['id']}")
    assert receiver.got == []
    assert detail["attempts"][0]["error"] == "private"


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com",
        "javascript:alert(1)",
        "http://",
        "not an address",
        "https://a:b@example.com/",
        "http://x:0/",
    ],
)
async def test_what_is_no_web_address_is_refused(door: Door, url: str) -> None:
    owner = await door.owner()
    answer = await owner.call("POST", "/v1/webhooks", json={"url": url, "types": [], "description": ""})
    assert answer.status_code == 400
    assert "url" in answer.json()["fields"]


async def test_while_the_secret_rotates_both_sign(door: Door, db: Database, receiver: Receiver, told: None) -> None:
    owner = await door.owner()
    webhook = await hook(owner, receiver)
    fresh = (await owner.post(f"/v1/webhooks/{webhook['id']}/secret-rotation"))["secret"]
    await happen(db, owner)
    await until(lambda: receiver.got)
    assert fresh != webhook["secret"]
    assert is_signed_by(fresh, receiver.got[0])
    assert is_signed_by(webhook["secret"], receiver.got[0])
    workspace_id = int(owner.me["workspace"]["id"])
    async with db.transaction(workspace_id) as tx:
        await tx.execute("update webhooks set previous_until = now() - interval '1 second'")
    await happen(db, owner)
    await until(lambda: len(receiver.got) == 2)
    assert is_signed_by(fresh, receiver.got[1])
    assert not is_signed_by(webhook["secret"], receiver.got[1])


async def test_the_test_button_sends_a_ping_at_once_and_says_how_it_went(door: Door, receiver: Receiver) -> None:
    owner = await door.owner()
    webhook = await hook(owner, receiver)
    answer = await owner.post(f"/v1/webhooks/{webhook['id']}/test")
    assert (answer["state"], answer["attempt"]["status"]) == ("delivered", 200)
    assert receiver.got[0].json["type"] == "ping"
    assert is_signed_by(webhook["secret"], receiver.got[0])
    receiver.behaviour = fail
    answer = await owner.post(f"/v1/webhooks/{webhook['id']}/test")
    assert (answer["state"], answer["attempt"]["status"]) == ("dead", 503)


async def test_gone_switches_the_webhook_off_and_says_so(
    door: Door, db: Database, receiver: Receiver, told: None
) -> None:
    async def gone(_: web.Request) -> web.StreamResponse:
        return web.Response(status=410)

    owner = await door.owner()
    webhook = await hook(owner, receiver)
    receiver.behaviour = gone
    await happen(db, owner)
    end = time.monotonic() + 5
    while not (await owner.get("/v1/webhooks"))["items"][0]["disabled"]:
        assert time.monotonic() < end
        await asyncio.sleep(0.05)
    await happen(db, owner, 3)
    await asyncio.sleep(1.2)
    assert len(receiver.got) == 1
    log = (await owner.get("/v1/audit-log"))["items"]
    assert log[0]["action"] == "webhook.switched_off"
    refused = await owner.call(
        "POST",
        f"/v1/webhooks/{webhook['id']}/replay",
        json={"from": "2020-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z"},
    )
    assert refused.status_code == 409
    receiver.behaviour = accept
    good(await owner.call("PATCH", f"/v1/webhooks/{webhook['id']}", json={"disabled": False}))
    await until(lambda: len(receiver.got) == 2)


async def test_a_workspace_never_sees_the_webhooks_of_another(door: Door, receiver: Receiver) -> None:
    owner, stranger = await door.owner(), await door.owner()
    webhook = await hook(owner, receiver)
    good(await owner.call("POST", f"/v1/webhooks/{webhook['id']}/test"))
    delivery = (await deliveries(owner, webhook))[0]
    calls = [
        ("PATCH", f"/v1/webhooks/{webhook['id']}", {"url": "https://example.com"}),
        ("DELETE", f"/v1/webhooks/{webhook['id']}", None),
        ("POST", f"/v1/webhooks/{webhook['id']}/test", None),
        ("POST", f"/v1/webhooks/{webhook['id']}/secret-rotation", None),
        ("GET", f"/v1/webhooks/{webhook['id']}/deliveries", None),
        (
            "POST",
            f"/v1/webhooks/{webhook['id']}/replay",
            {"from": "2020-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z"},
        ),
        ("GET", f"/v1/webhook-deliveries/{delivery['id']}", None),
        ("POST", f"/v1/webhook-deliveries/{delivery['id']}/replay", None),
    ]
    for method, path, body in calls:
        answer = await stranger.call(method, path, json=body)
        assert (answer.status_code, webhook["url"] in answer.text) == (404, False), (method, path)
    assert (await stranger.get("/v1/webhooks"))["items"] == []
