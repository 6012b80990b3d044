"""Two workspaces in one process: one sends twenty times its quota, and what the other notices of it."""

import asyncio
import math
import random
from typing import Any

import msgspec

from benchmarks.faq import distinct_questions, faq_entries
from benchmarks.open_loop import Rush, gather_rush, let_loose
from benchmarks.product import Product, run_product
from benchmarks.surge import ENTRIES, settle, shape_sent

QUOTA, TIMES = 20.0, 20
QUIET_RATE = 8.0
WARM_UP = 4.0
CROWD = 100


async def measure_neighbours(seconds: float) -> dict[str, Any]:
    """The quiet workspace alone, then beside the noisy one."""
    settings = {"YINGKE_WORKSPACE_RATE": str(QUOTA)}
    async with run_product("serve", "--processes", "1", "--worker", settings=settings) as product:
        made = product.command("workspace", "create", "--name", "邻店", "--owner", "next@example.com", "--json")
        questions = distinct_questions(faq_entries(ENTRIES), 2000, random.Random(19))
        noisy = await gather_rush(product, CROWD, questions)
        first, calm, tried = [
            await _quiet_crowd(product, lasting, questions, msgspec.json.decode(made)["site_key"])
            for lasting in (WARM_UP, seconds, seconds)
        ]
        await _say(first, WARM_UP)
        alone = await _say(calm, seconds)
        sent, beside = await asyncio.gather(let_loose(noisy, seconds, lambda _: QUOTA * TIMES), _say(tried, seconds))
        await settle(noisy, 60)
        loud = shape_sent(sent, seconds)
        return {
            "quota_a_second": QUOTA,
            "noisy": loud,
            "quiet_alone": alone,
            "quiet_beside": beside,
            "ack_p99_ratio": round(beside["ack_ms_p99"] / alone["ack_ms_p99"], 2),
            "ack_p50_ratio": round(beside["ack_ms_p50"] / alone["ack_ms_p50"], 2),
            "answer_p50_ratio": round(beside["answer_ms_p50"] / alone["answer_ms_p50"], 2),
        }


async def _quiet_crowd(product: Product, seconds: float, questions: list[str], site_key: str) -> Rush:
    """Visitors who have not written yet, two messages each: who asks on in vain is with people soon, and tells nothing."""
    return await gather_rush(product, math.ceil(QUIET_RATE * seconds / 2), questions, site_key)


async def _say(rush: Rush, seconds: float) -> dict[str, Any]:
    sent = await let_loose(rush, seconds, lambda _: QUIET_RATE)
    await settle(rush, 30)
    return shape_sent(sent, seconds)
