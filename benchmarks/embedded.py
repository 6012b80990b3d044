"""Row 2 and row 4: the embedded engine with the whole team, on a shop with goods and on one with documents alone."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from benchmarks.cpu import cpu_us, each
from benchmarks.faq import distinct_questions, faq_entries
from benchmarks.product import Product, run_product
from benchmarks.shop_mix import (
    ANGRY,
    ANGRY_ONE_IN,
    ORDERS,
    PRODUCTS,
    PROMOTIONS,
    SHARES,
    Asked,
    messages,
    orders,
    products,
)
from benchmarks.visitors import Figures, Visitor, close_all, open_visitors, percentile, say, talk
from tests.journeys.people import Agent

ENTRIES = 1000
QUESTIONS = 20_000
VISITORS, ANGRY_VISITORS = 300, 120
WARM_UP_SECONDS = 2.0
PATIENCE_SECONDS = 3.0


async def measure_embedded(seconds: float) -> dict[str, Any]:
    """Distinct questions (politeness repeats, as it does), no answer cache."""
    return {
        "shop_1_process": await measure_shop_talk(1, seconds),
        "shop_2_processes": await measure_shop_talk(2, seconds),
        "documents_only_1_process": await _documents_only(seconds),
    }


@dataclass
class Heard:
    """What was answered as the question wanted, by kind, and who was called."""

    asked: Counter[str] = field(default_factory=Counter)
    proven: Counter[str] = field(default_factory=Counter)
    to_people: int = 0


async def measure_shop_talk(processes: int, seconds: float) -> dict[str, Any]:
    """A shop with documents, goods, offers and orders; the mix of `shop_mix`."""
    async with run_product("serve", "--processes", str(processes), "--worker") as product:
        await upload_faq(product)
        await _open_shop(product)
        rng = random.Random(11)
        knowledge = distinct_questions(faq_entries(ENTRIES), QUESTIONS, rng)
        mix = messages(knowledge, QUESTIONS, rng)
        alone = await _one_visitor(product, [one.text for one in rng.sample(mix, 200)])
        figures, heard = Figures(), Heard()
        visitors = await open_visitors(product, VISITORS, figures)
        _give(visitors, mix)
        figures.on_reply = _judge(heard, mix)
        angry = iter(await open_visitors(product, ANGRY_VISITORS, Figures()))
        await talk(visitors, figures, WARM_UP_SECONDS)
        return {
            "processes": processes,
            "shop": {"qa_pairs": ENTRIES, "products": PRODUCTS, "promotions": len(PROMOTIONS), "orders": ORDERS},
            "mix_percent": SHARES,
            "angry_one_in": ANGRY_ONE_IN,
            **await _measure(product, visitors, figures, seconds, angry),
            "answered_from_live_data": {
                kind: round(heard.proven[kind] / heard.asked[kind], 3) for kind in sorted(heard.asked)
            },
            "handed_to_people": heard.to_people,
            "one_visitor_ms_p50": percentile(alone, 0.5),
            "one_visitor_ms_p99": percentile(alone, 0.99),
        }


async def _documents_only(seconds: float) -> dict[str, Any]:
    """1,000 questions with answers and nothing to sell: no skill has anything to work with."""
    async with run_product("serve", "--processes", "1", "--worker") as product:
        await upload_faq(product)
        rng = random.Random(11)
        questions = distinct_questions(faq_entries(ENTRIES), QUESTIONS, rng)
        alone = await _one_visitor(product, rng.sample(questions, 200))
        figures = Figures()
        visitors = await open_visitors(product, VISITORS, figures)
        _give(visitors, [Asked("knowledge", question) for question in questions])
        await talk(visitors, figures, WARM_UP_SECONDS)
        return {
            "processes": 1,
            "shop": {"qa_pairs": ENTRIES},
            **await _measure(product, visitors, figures, seconds, iter(())),
            "one_visitor_ms_p50": percentile(alone, 0.5),
            "one_visitor_ms_p99": percentile(alone, 0.99),
        }


async def _measure(
    product: Product, visitors: list[Visitor], figures: Figures, seconds: float, angry: Iterator[Visitor]
) -> dict[str, Any]:
    figures.reply_ms.clear()
    outburst = asyncio.create_task(_burst_out(figures, angry, time.perf_counter() + seconds - 0.3))
    before = cpu_us(product)
    took = await talk(visitors, figures, seconds)
    turns = len(figures.reply_ms)
    spent = each(before, cpu_us(product), turns)
    angry_turns = await outburst
    close_all(visitors)
    return {
        "visitors": len(visitors),
        "merge_window_ms": 0,
        "turns_per_s": round(turns / took),
        "reply_ms_p50": percentile(figures.reply_ms, 0.5),
        "reply_ms_p99": percentile(figures.reply_ms, 0.99),
        "refused": figures.refused,
        "angry_turns": angry_turns,
        "cpu_us_a_turn": spent,
        "memory_mb": round(product.memory_mb()),
    }


async def _burst_out(figures: Figures, angry: Iterator[Visitor], until: float) -> int:
    """Visitors of their own, who are handed to a person; returns how many there were."""
    said = 0
    while time.perf_counter() < until:
        await asyncio.sleep(0.02)
        while len(figures.reply_ms) // ANGRY_ONE_IN > said and (visitor := next(angry, None)) is not None:
            visitor.questions = [ANGRY[said % len(ANGRY)]]
            say(visitor)
            said += 1
    return said


def _give(visitors: list[Visitor], mix: list[Asked]) -> None:
    share = len(mix) // len(visitors)
    for number, visitor in enumerate(visitors):
        visitor.questions = [one.text for one in mix[number * share : (number + 1) * share]]


def _judge(heard: Heard, mix: list[Asked]) -> Any:
    by_text = {one.text: one for one in mix}

    def judge(visitor: Visitor, message: dict[str, Any]) -> None:
        asked = by_text[visitor.questions[visitor.number % len(visitor.questions)]]
        if message["from"] != "assistant":
            heard.to_people += 1
        elif asked.proof:
            heard.asked[asked.kind] += 1
            heard.proven[asked.kind] += asked.proof in (message.get("text") or "")

    return judge


async def _open_shop(product: Product) -> None:
    owner = Agent(product)
    await owner.sign_in(product.workspace["login"], product.workspace["password"])
    await owner.post("/v1/products/import", {"products": products()})
    for promotion in PROMOTIONS:
        await owner.post("/v1/promotions", promotion)
    for start in range(0, ORDERS, 1000):
        await owner.post("/v1/orders/import", {"orders": orders()[start : start + 1000]})
    await owner.close()


async def upload_faq(product: Product) -> None:
    items = [
        {"external_id": f"faq-{number}", "questions": [question], "answer": answer}
        for number, (question, answer) in enumerate(faq_entries(ENTRIES))
    ]
    headers = {"Authorization": f"Bearer {product.workspace['api_key']}"}
    async with aiohttp.ClientSession(headers=headers) as http:
        for start in range(0, len(items), 200):
            body = {"items": items[start : start + 200]}
            async with http.post(product.address + "/v1/knowledge/qa-pairs", json=body) as answer:
                answer.raise_for_status()


async def _one_visitor(product: Product, questions: list[str]) -> list[float]:
    """One after the other. Who was handed to a person, or hears nothing, is followed by another visitor."""
    figures = Figures()
    [visitor] = await open_visitors(product, 1, figures)
    for question in questions:
        visitor.questions = [question]
        say(visitor)
        until = time.perf_counter() + PATIENCE_SECONDS
        while visitor.is_waiting and time.perf_counter() < until:
            await asyncio.sleep(0.0005)
        if visitor.is_waiting or visitor.is_with_people:
            close_all([visitor])
            [visitor] = await open_visitors(product, 1, figures)
    close_all([visitor])
    return figures.reply_ms[5:]
