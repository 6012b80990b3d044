"""Ten times as many messages as can be answered, for a while: what is accepted, what is refused, what goes on meanwhile."""

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from benchmarks.faq import distinct_questions, faq_entries
from benchmarks.open_loop import Rush, Sent, gather_rush, let_loose, ramp
from benchmarks.product import Product, run_product
from benchmarks.visitors import percentile

TIMES = 10
ENTRIES = 150
CALM_RATE = 20.0
ASIDE_SECONDS = 0.5
"""Between two requests of each kind that go on beside the rush."""


@dataclass
class Aside:
    """Requests of one kind during the rush: their statuses, 0 where no answer came, and milliseconds."""

    statuses: Counter[int] = field(default_factory=Counter)
    took_ms: list[float] = field(default_factory=list)
    without_retry_after: int = 0

    def shape(self) -> dict[str, Any]:
        done = sum(count for status, count in self.statuses.items() if 200 <= status < 300)
        return {
            "done": done,
            "of": self.statuses.total(),
            "refused_without_retry_after": self.without_retry_after,
            "ms_p50": _share(self.took_ms, 0.5),
            "ms_p99": _share(self.took_ms, 0.99),
        }


@dataclass
class Surge:
    """One product under one rush. Rates are messages a second."""

    product: Product
    rush: Rush
    http: aiohttp.ClientSession
    conversation: str = ""
    token: str = ""
    """Of a visitor beside the crowd."""
    asides: dict[str, Aside] = field(default_factory=dict)
    figures: list[dict[str, float]] = field(default_factory=list)
    memory_mb: list[float] = field(default_factory=list)

    async def peak(self, seconds: float) -> dict[str, float]:
        """What it stores and answers a second when just saturated: everybody asks again once he is answered."""
        first = len(self.rush.sent)
        self.rush.asks_again = True
        began = time.monotonic()
        for visitor in self.rush.visitors:
            self.rush.send_from(visitor, time.monotonic())
        await asyncio.sleep(seconds)
        self.rush.asks_again = False
        took = time.monotonic() - began
        sent = self.rush.sent[first:]
        return {
            "acked_a_second": round(sum(1 for one in sent if one.acked) / took, 1),
            "answered_a_second": round(sum(1 for one in sent if one.answered) / took, 1),
        }

    async def measure(self) -> dict[str, float]:
        async with self.http.get("/metrics") as answer:
            lines = (await answer.text()).splitlines()
        return {name: float(value) for name, value in (line.split(" ") for line in lines if not line.startswith("#"))}

    async def beside(self, name: str, method: str, path: str, body: Any = None, **headers: str) -> None:
        """One request of a kind."""
        aside = self.asides.setdefault(name, Aside())
        began = time.monotonic()
        try:
            async with self.http.request(method, path, json=body, headers=headers) as answer:
                await answer.read()
                aside.statuses[answer.status] += 1
                aside.took_ms.append((time.monotonic() - began) * 1000)
                if answer.status in (429, 503) and "Retry-After" not in answer.headers:
                    aside.without_retry_after += 1
        except (aiohttp.ClientError, TimeoutError):
            aside.statuses[0] += 1

    async def go_on(self) -> None:
        """What people do while the crowd writes: an agent answers, a lead leaves a number, screens ask for figures."""
        number = 0
        agent = {"Authorization": f"Bearer {self.product.workspace['api_key']}"}
        lead = {"Authorization": f"Bearer {self.token}"}
        name = self.product.workspace["agent_id"]
        while True:
            number += 1
            words = {"type": "text", "text": f"您好，第 {number} 句", "agent_id": name}
            key = {"Idempotency-Key": f"s{time.time_ns()}"}
            path = f"/v1/conversations/{self.conversation}/messages"
            await asyncio.gather(
                self.beside("agent_says", "POST", path, words, **agent, **key),
                self.beside("lead_left", "POST", "/v1/widget/left-messages", {"text": "请联系我", "phone": "13800138000"}, **lead),
                self.beside("search", "GET", "/v1/knowledge/search?q=发货", **agent),
                self.beside("history", "GET", path, **agent),
                asyncio.sleep(ASIDE_SECONDS),
            )  # fmt: skip
            with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                self.figures.append(await self.measure())
            self.memory_mb.append(self.product.memory_mb())


def shape_sent(sent: Sequence[Sent], seconds: float) -> dict[str, Any]:
    """Milliseconds count from the intended time. `lost`: neither acknowledged nor refused."""
    acked, refused = [one for one in sent if one.acked], [one for one in sent if one.refused]
    return {
        "offered_a_second": round(len(sent) / seconds, 1),
        "acked_a_second": round(len(acked) / seconds, 1),
        "ack_ms_p50": _share([one.acked * 1000 for one in acked], 0.5),
        "ack_ms_p99": _share([one.acked * 1000 for one in acked], 0.99),
        "refused": len(refused),
        "refused_ms_p50": _share([one.refused * 1000 for one in refused], 0.5),
        "refused_ms_p99": _share([one.refused * 1000 for one in refused], 0.99),
        "refused_without_retry_after": sum(1 for one in refused if one.retry_after <= 0),
        "lost": sum(1 for one in sent if not one.acked and not one.refused),
        "unanswered": sum(1 for one in acked if not one.answered and not one.is_for_people),
        "answer_ms_p50": _share([one.answered * 1000 for one in acked if one.answered], 0.5),
        "answer_ms_p99": _share([one.answered * 1000 for one in acked if one.answered], 0.99),
    }


def _share(values: list[float], share: float) -> float | None:
    return percentile(values, share) if values else None


async def settle(rush: Rush, patience: float) -> float:
    """Seconds until everything accepted is answered."""
    began = time.monotonic()
    while rush.owed and time.monotonic() - began < patience:
        await asyncio.sleep(0.2)
    return time.monotonic() - began


async def measure_surge(seconds: float, visitors: int = 600, processes: int = 1) -> dict[str, Any]:
    """Peak, then TIMES as much as it answers at its peak for `seconds`, then what a calm crowd finds after it."""
    async with (
        run_product("serve", "--processes", str(processes), "--worker") as product,
        aiohttp.ClientSession(base_url=product.address, timeout=aiohttp.ClientTimeout(total=20)) as http,
    ):
        await _upload_few(product, http)
        questions = distinct_questions(faq_entries(ENTRIES), 4000, random.Random(11))
        surge = Surge(product, await gather_rush(product, visitors, questions), http)
        calm_before = shape_sent(await _calm(surge.rush, 4), 4)
        peak = await surge.peak(max(4.0, seconds / 3))
        await settle(surge.rush, 60)
        surge.conversation = await _agents_own(surge, (await gather_rush(product, 1, ["在吗"])).visitors[0].token)
        memory_before = product.memory_mb()
        going_on = asyncio.create_task(surge.go_on())
        rate = TIMES * peak["answered_a_second"]
        surge.rush.late_s = 0.0
        sent = await let_loose(surge.rush, seconds, ramp(CALM_RATE, rate))
        late_s = surge.rush.late_s
        settled = await settle(surge.rush, 120)
        going_on.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await going_on
        calm_after = shape_sent(await _calm(surge.rush, 4), 4)
        return {
            "processes": processes,
            "visitors": visitors,
            "seconds": seconds,
            "times_of_peak": TIMES,
            "peak": peak,
            "surge": shape_sent(sent, seconds),
            "goodput_of_peak": round(shape_sent(sent, seconds)["acked_a_second"] / peak["acked_a_second"], 2),
            "all_answered_after_s": round(settled, 1),
            "calm_before": calm_before,
            "calm_after": calm_after,
            "beside": {name: aside.shape() for name, aside in surge.asides.items()},
            "highest_level": max((one["yingke_pressure_level"] for one in surge.figures), default=0),
            "memory_mb_before": round(memory_before),
            "memory_mb_most": round(max(surge.memory_mb, default=memory_before)),
            "generator_late_s": round(late_s, 3),
        }


async def _calm(rush: Rush, seconds: float) -> list[Sent]:
    sent = await let_loose(rush, seconds, lambda _: CALM_RATE)
    await settle(rush, 20)
    return sent


async def _upload_few(product: Product, http: aiohttp.ClientSession) -> None:
    items = [
        {"external_id": f"f{number}", "questions": [question], "answer": answer}
        for number, (question, answer) in enumerate(faq_entries(ENTRIES))
    ]
    headers = {"Authorization": f"Bearer {product.workspace['api_key']}"}
    async with http.post("/v1/knowledge/qa-pairs", json={"items": items}, headers=headers) as answer:
        answer.raise_for_status()


async def _agents_own(surge: Surge, token: str) -> str:
    """A conversation beside the crowd's that the owner has taken over by his key, to write into while they come."""
    headers = {"Authorization": f"Bearer {surge.product.workspace['api_key']}"}
    async with surge.http.get("/v1/agents", headers=headers) as answer:
        surge.product.workspace["agent_id"] = (await answer.json())["items"][0]["id"]
    own = {"Authorization": f"Bearer {token}", "Idempotency-Key": "own"}
    async with surge.http.post("/v1/widget/messages", json={"type": "text", "text": "在吗"}, headers=own) as answer:
        conversation = str((await answer.json())["conversation_id"])
    surge.token = token
    body = {"agent_id": surge.product.workspace["agent_id"]}
    async with surge.http.post(f"/v1/conversations/{conversation}/take-over", json=body, headers=headers) as answer:
        answer.raise_for_status()
    return conversation
