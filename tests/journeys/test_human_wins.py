"""A person wins (I14), with everything the assistants do at work: tools, streamed words, follow-ups after the answer."""

import asyncio
import random
from collections import Counter
from typing import Any

import pytest

from benchmarks.product import Product
from tests.emulators.chat_endpoint import ChatEndpoint
from tests.journeys.people import Agent, Visitor

RACES, AT_ONCE = 100, 10
SHIPPING = "# 发货\n\n## 多久发货?\n每天 16:00 前付款当天发出,其余 48 小时内发出。\n".encode()
VARIANT = {"sku": "T2-G", "attributes": {"颜色": "松绿"}, "price_minor": 39900, "stock": 7}
TENT = {"title": "云杉双人帐篷", "code": "T2", "variants": [VARIANT]}
ASKED = [
    "云杉双人帐篷多少钱",
    "云杉双人帐篷买两顶一共多少钱，有货吗",
    "多久发货",
    "推荐一款双人帐篷",
    "帮我查一下订单 A20261122001",
    "我要投诉，帐篷收到是坏的",
    "我的订单到哪了",
]
"""The last three make the assistant ask for something, or hand over once it has answered."""


async def _race(visitor: Visitor, owner: Agent, question: str, pause: float) -> str:
    """One question, one take-over after `pause` seconds; returns who came first."""
    ack = await visitor.send(question)
    path = f"/v1/conversations/{ack['conversation_id']}"
    await asyncio.sleep(pause)
    taken = await owner.post(f"{path}/take-over", {"force": True})
    await asyncio.sleep(0.6)
    frames = [frame for frame in visitor.frames if frame.get("conversation_id") == ack["conversation_id"]]
    told = [number for number, frame in enumerate(frames) if frame.get("handled_by") == "agent"]
    late = [frame["text"] for frame in frames[min(told, default=len(frames)) :] if frame["type"] == "reply_delta"]
    assert late == [], "words of the assistant after the customer was told that a person is there"
    items: list[dict[str, Any]] = (await owner.get(f"{path}/messages?limit=200"))["items"]
    seqs = sorted(one["seq"] for one in items)
    assert seqs == list(range(1, len(seqs) + 1))
    spoken = [one for one in items if one["from"] == "assistant"]
    assert [one["text"] for one in spoken if one["seq"] > taken["last_seq"]] == []
    state = await owner.get(path)
    assert (state["handled_by"], state["agent"]["id"]) == ("agent", owner.me["agent"]["id"]), (
        "nothing takes it from him"
    )
    await owner.post(f"{path}/closure")
    return "assistant" if spoken else "person"


async def _races(product: Product, owner: Agent, longest: float, seed: int) -> Counter[str]:
    await owner.post("/v1/products", TENT)
    assert (await owner.learn("发货.md", SHIPPING))["state"] == "ready"
    visitors = [await Visitor(product, owner.site_key).open() for _ in range(AT_ONCE)]
    chance = random.Random(seed)

    async def one(visitor: Visitor) -> list[str]:
        return [
            await _race(visitor, owner, chance.choice(ASKED), chance.uniform(0, longest))
            for _ in range(RACES // AT_ONCE)
        ]

    first = await asyncio.gather(*(one(visitor) for visitor in visitors))
    for visitor in visitors:
        await visitor.close()
    return Counter(who for some in first for who in some)


@pytest.mark.parametrize("engine", ["embedded", "chat"])
async def test_no_word_of_an_assistant_follows_a_take_over_in_a_hundred_races_of_the_whole_team(
    product: Product, owner: Agent, engine: str
) -> None:
    async with ChatEndpoint() as endpoint:
        endpoint.behave("mind")
        if engine == "chat":
            wish = {"name": "m", "base_url": endpoint.base_url, "model": "m-1", "is_enabled": True}
            await owner.post("/v1/model-endpoints", wish)
        won = await _races(product, owner, 0.3 if engine == "embedded" else 0.8, 14)
        assert engine == "embedded" or endpoint.calls > RACES / 4, "the model was hardly asked"
    assert won.total() == RACES
    assert min(won["assistant"], won["person"]) >= 5, f"the race must go both ways to prove anything: {won}"
