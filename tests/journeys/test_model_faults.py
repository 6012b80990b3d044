"""X10 and X11 through the whole product: an endpoint fails in every way there is, each customer gets one answer in time.

The product's own limits and the endpoint's waits are shortened alike, by documented settings, so that the ratios stay.
"""

import asyncio
import time
import uuid
from dataclasses import dataclass

import aiohttp
import pytest

from benchmarks.product import run_product
from tests.app.desk import Desk, Visitor
from tests.emulators.chat_endpoint import ChatEndpoint
from tests.emulators.chat_wire import Pacing

SCALE = 0.2
SETTINGS = {
    "YINGKE_ALLOW_PRIVATE_URLS": "1",
    "YINGKE_MODEL_FIRST_TOKEN_S": str(8.0 * SCALE),
    "YINGKE_MODEL_TOTAL_S": str(30.0 * SCALE),
    "YINGKE_MODEL_STALL_S": str(4.0 * SCALE),
    "YINGKE_MODEL_FALLBACK_S": str(10.5 * SCALE),
}
LATEST_S = 12.0 * SCALE
FAULTS = (
    "refused", "unauthorized", "no_balance", "not_found", "rate_limited", "no_quota", "server_error", "loading", "hang",
    "hang_after_headers", "drip", "cut", "end_early", "garbage", "huge", "wrong_type", "error_in_stream", "empty",
    "nested_arguments", "endless_arguments", "unknown_tool", "endless_loop", "million",
)  # fmt: skip
ASKED = "多久发货？"
AT_ONCE = 3
SHIPPING = "# 发货\n\n## 多久发货?\n每天 16:00 前付款当天发出,其余 48 小时内发出。\n".encode()


@dataclass
class Stage:
    session: aiohttp.ClientSession
    address: str
    owner: Desk
    site_key: str

    async def ask(self) -> tuple[float, list[dict[str, object]]]:
        """Seconds until a stranger's first answer, and all that came for his one message."""
        visitor = Visitor(self.session, self.address)
        await visitor.enter(self.site_key, language="zh-CN")
        began = time.monotonic()
        first = await visitor.ask(ASKED)
        took = time.monotonic() - began
        await asyncio.sleep(0.4)
        return took, await visitor.messages(int(first["seq"]) - 1)

    async def connect(self, endpoint: ChatEndpoint, model: str) -> str:
        """The only model that answers from now on: breakers are one for each name."""
        for one in (await self.owner.get("/v1/model-endpoints"))["items"]:
            await self.patch(one["id"], is_enabled=False)
        wish = {"name": model, "base_url": endpoint.base_url, "model": model, "is_enabled": True}
        made: dict[str, str] = await self.owner.post("/v1/model-endpoints", wish)
        return made["id"]

    async def patch(self, id: str, **change: object) -> None:
        url = f"{self.address}/v1/model-endpoints/{id}"
        async with self.session.patch(url, json=change, headers=self.owner.headers) as answer:
            assert answer.status == 200, await answer.text()

    async def remove(self, id: str) -> None:
        async with self.session.delete(f"{self.address}/v1/model-endpoints/{id}", headers=self.owner.headers) as answer:
            assert answer.status == 204, await answer.text()


@pytest.fixture
async def endpoint() -> "ChatEndpoint":
    return ChatEndpoint(pacing=Pacing(scale=SCALE))


async def test_every_fault_of_a_model_gives_each_customer_one_answer_in_time(endpoint: ChatEndpoint) -> None:
    async with (
        endpoint,
        run_product("up", settings=SETTINGS, needs_workspace=False) as product,
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
    ):
        stage = await open_stage(session, product.address)
        flapping = await stage.connect(endpoint, "flapping")
        await storm(stage, endpoint)
        await stage.patch(flapping, is_enabled=False)
        times = await every_fault(stage, endpoint)
        assert max(times) <= LATEST_S, sorted(times)[-5:]
        await stage.patch(flapping, is_enabled=True)
        endpoint.behave("normal")
        await until_level(stage, 0)
        metrics = await text_of(session, f"{product.address}/metrics")
        for why in ("busy", "breaker", "slow", "key", "balance", "request", "broken"):
            assert figure(metrics, f"yingke_answers_stepped_down_{why}_total") > 0, why
        assert figure(metrics, "yingke_answers_level_2_total") >= len(times)


async def open_stage(session: aiohttp.ClientSession, address: str) -> Stage:
    owner = Desk(session, address)
    person = {"email": f"o{uuid.uuid4().hex}@example.com", "password": "correct horse battery"}
    await owner.sign_in("/v1/auth/sign-up", workspace_name="青松小店", name="李雷", language="zh-CN", **person)
    await owner.upload("发货.md", SHIPPING)
    return Stage(session, address, owner, (await owner.get("/v1/shops"))["items"][0]["site_key"])


async def storm(stage: Stage, endpoint: ChatEndpoint) -> None:
    """X11: the endpoint is away. The breaker opens, nobody waits for it, and it is asked at most 1.1 times a turn."""
    endpoint.behave("server_error")
    turns = 0
    for _ in range(5):
        answers = await asyncio.gather(*(stage.ask() for _ in range(10)))
        turns += len(answers)
        assert {len(came) for _, came in answers} == {1}
    assert endpoint.calls <= 1.1 * turns
    assert endpoint.calls < turns, "the breaker never opened"
    before = endpoint.calls
    await stage.ask()
    assert endpoint.calls == before


async def every_fault(stage: Stage, endpoint: ChatEndpoint) -> list[float]:
    times: list[float] = []
    for fault in FAULTS:
        id = await stage.connect(endpoint, fault)
        if fault == "refused":
            await endpoint.stop()
        answers = await asyncio.gather(*(stage.ask() for _ in range(AT_ONCE)))
        if fault == "refused":
            await endpoint.start()
        for took, came in answers:
            times.append(took)
            assert [one["from"] for one in came] == ["assistant"], (fault, came)
            assert "16:00" in str(came[0]["text"]), (fault, came)
            assert came[0]["generated_by"]["engine"] == "embedded", (fault, came)  # type: ignore[index]
        await stage.remove(id)
    return times


async def until_level(stage: Stage, level: int) -> None:
    """The endpoint is well again: one probe finds out, 15 seconds after the breaker opened."""
    end = time.monotonic() + 90
    while True:
        _, came = await stage.ask()
        if came[0].get("degraded_level", 0) == level and came[0]["generated_by"]["engine"] == "chat":  # type: ignore[index]
            return
        assert time.monotonic() < end, came
        await asyncio.sleep(1)


def figure(metrics: str, name: str) -> float:
    return next(float(line.split()[-1]) for line in metrics.splitlines() if line.startswith(f"{name} "))


async def text_of(session: aiohttp.ClientSession, url: str) -> str:
    async with session.get(url) as answer:
        return await answer.text()
