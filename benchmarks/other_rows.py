"""The rows beside the turns: streaming, idle sockets, a full database, the start."""

import asyncio
import random
import statistics
import time
from pathlib import Path
from typing import Any

from benchmarks.embedded import ENTRIES, upload_faq
from benchmarks.faq import faq_entries
from benchmarks.product import Product, run_product
from benchmarks.visitors import Figures, Visitor, close_all, open_visitors, percentile, say, talk
from tests.journeys.people import Agent


async def measure_streaming(seconds: float, visitors_count: int = 700) -> dict[str, Any]:
    """Row 3: replies a second through an emulated chat endpoint (first token 300 ms, 60 chunks in 1 s)."""
    from benchmarks.endpoint import run_endpoint

    async with (
        run_endpoint() as endpoint,
        run_product("serve", "--processes", "1", "--worker", settings={"YINGKE_ALLOW_PRIVATE_URLS": "1"}) as product,
    ):
        await upload_faq(product)
        await _use_endpoint(product, endpoint)
        figures = Figures()
        visitors = await open_visitors(product, visitors_count, figures)
        rng = random.Random(12)
        entries = faq_entries(ENTRIES)
        for visitor in visitors:
            visitor.questions = [question for question, _ in rng.sample(entries, 30)]
        await talk(visitors, figures, 3.0)
        figures.reply_ms.clear()
        figures.deltas = 0
        took = await talk(visitors, figures, seconds)
        close_all(visitors)
        return {
            "visitors": visitors_count,
            "replies_per_s": round(len(figures.reply_ms) / took),
            "reply_ms_p50": percentile(figures.reply_ms, 0.5),
            "reply_ms_p99": percentile(figures.reply_ms, 0.99),
            "deltas_per_reply": round(figures.deltas / max(1, len(figures.reply_ms)), 1),
            "refused": figures.refused,
        }


async def _use_endpoint(product: Product, address: str) -> None:
    owner = Agent(product)
    await owner.sign_in(product.workspace["login"], product.workspace["password"])
    body = {"name": "emulated", "base_url": address, "model": "load", "api_key": "none", "is_enabled": True}
    await owner.post("/v1/model-endpoints", body)
    await owner.close()


async def measure_idle(count: int) -> dict[str, Any]:
    """Row 5: what one idle visitor socket costs in one process, by PSS of that process and of all parts."""
    async with run_product("up", settings={"YINGKE_SCRIPTED_MODEL": "1"}) as product:
        figures = Figures()
        warm = await open_visitors(product, 50, figures)
        await asyncio.sleep(3)
        before, before_all = product.server_memory_mb(), product.memory_mb()
        visitors = await open_visitors(product, count, figures)
        await asyncio.sleep(5)
        after, after_all = product.server_memory_mb(), product.memory_mb()
        is_open = sum(
            1 for visitor in visitors if visitor.socket.transport and not visitor.socket.transport.is_closing()
        )
        close_all([*visitors, *warm])
        return {
            "sockets": is_open,
            "kb_each_server": round((after - before) * 1024 / count, 1),
            "kb_each_all_parts": round((after_all - before_all) * 1024 / count, 1),
        }


async def measure_start(folder: Path) -> dict[str, Any]:
    """Row 7: an installed product, its data folder made before; ready by /readyz, memory 10 s later."""
    async with run_product("up", folder=folder):
        pass
    seconds, memory = [], 0.0
    for number in range(3):
        async with run_product("up", folder=folder, needs_workspace=False) as product:
            seconds.append(product.ready_seconds)
            if number == 2:
                await asyncio.sleep(10)
                memory = product.memory_mb()
    return {"ready_s_median": round(statistics.median(seconds), 2), "memory_at_rest_mb": round(memory)}


async def measure_full_database(millions: float) -> dict[str, Any]:
    """Row 6: the same turns against an empty database and against one with millions of messages."""
    from benchmarks.fill import fill_messages

    async with run_product("serve", "--processes", "1", settings={"YINGKE_SCRIPTED_MODEL": "1"}) as product:
        empty = await _paced(product)
        stored, took = await fill_messages(product, int(millions * 1_000_000))
        full = await _paced(product)
        return {
            "messages": stored,
            "fill_s": round(took),
            "empty_ms_p50": percentile(empty, 0.5),
            "full_ms_p50": percentile(full, 0.5),
            "empty_ms_p99": percentile(empty, 0.99),
            "full_ms_p99": percentile(full, 0.99),
            "ratio_p50": round(percentile(full, 0.5) / percentile(empty, 0.5), 2),
        }


async def _paced(product: Product, seconds: float = 8.0, rate: float = 100.0) -> list[float]:
    """100 turns a second from 50 visitors: latency without a queue."""
    figures = Figures()
    visitors: list[Visitor] = await open_visitors(product, 50, figures)
    for visitor in visitors:
        visitor.questions = ["什么时候发货?"]
    began, number = time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        visitor = visitors[number % len(visitors)]
        if not visitor.is_waiting:
            say(visitor)
        number += 1
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
    await asyncio.sleep(0.5)
    close_all(visitors)
    return figures.reply_ms[50:]
