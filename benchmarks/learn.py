"""How long until what was uploaded is answered from, and what live answers notice of it."""

import asyncio
import contextlib
import statistics
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.embedded import ENTRIES, upload_faq
from benchmarks.faq import faq_entries
from benchmarks.learn_files import make_pdf, make_xlsx, make_zip, price_of
from benchmarks.product import Product, family, run_product
from benchmarks.visitors import Figures, close_all, open_visitors, percentile, say

PDF_PAGES = 40
FACT = "海外订单的清关押金为每单一百七十三元，签收后七天退回。"
FACT_QUESTION, FACT_ANSWER = "海外订单的清关押金是多少", "一百七十三"
PAGES_A_FILE = 10
SECONDS_BEFORE = 40
PATIENCE = 3600.0


async def measure_learn(files: int = 1000, rows: int = 10_000) -> dict[str, Any]:
    """A PDF, a workbook, then many files at once beside one visitor who asks a question a second."""
    pdf, book = make_pdf(0, PDF_PAGES, FACT), make_xlsx(rows)
    archive = make_zip(files, PAGES_A_FILE)
    async with run_product("serve", "--processes", "1", "--worker") as product:
        await upload_faq(product)
        headers = {"Authorization": f"Bearer {product.workspace['api_key']}"}
        async with aiohttp.ClientSession(product.address, headers=headers) as http, _watch_parsers(product) as peak:
            sku = rows * 3 // 4
            return {
                "processes": 1,
                "faq_entries_before": ENTRIES,
                "pdf_pages": PDF_PAGES,
                "pdf_answerable_s": await _time_to_answer(http, "手册.pdf", pdf, FACT_QUESTION, FACT_ANSWER),
                "xlsx_rows": rows,
                "xlsx_answerable_s": await _time_to_answer(
                    http, "价格表.xlsx", book, f"YK-{sku:05}多少钱", str(price_of(sku))
                ),
                **await _many(product, http, files, archive),
                "parse_processes_seen": len(peak),
                "parse_peak_rss_mb": round(max(peak.values(), default=0) / 1024),
            }


async def _time_to_answer(http: aiohttp.ClientSession, name: str, content: bytes, question: str, wanted: str) -> float:
    """Seconds from the first byte of the upload until the answer to `question` contains `wanted`."""
    began = time.perf_counter()
    document = await _upload(http, name, content)
    while time.perf_counter() - began < PATIENCE:
        async with http.get(f"/v1/knowledge/documents/{document}") as answer:
            shown = await answer.json()
        if shown["state"] in ("failed", "held"):
            raise RuntimeError(f"{name}: {shown['reason']}")
        if shown["state"] == "ready":
            async with http.post("/v1/ask", json={"question": question}) as answer:
                said = await answer.json()
            if wanted in said.get("answer", ""):
                return round(time.perf_counter() - began, 2)
        await asyncio.sleep(0.05)
    raise RuntimeError(f"{name}: no answer")


async def _upload(http: aiohttp.ClientSession, name: str, content: bytes) -> str:
    form = aiohttp.FormData()
    form.add_field("file", content, filename=name)
    async with http.post("/v1/knowledge/documents", data=form) as answer:
        answer.raise_for_status()
        return str((await answer.json())["id"])


async def _many(product: Product, http: aiohttp.ClientSession, files: int, archive: bytes) -> dict[str, Any]:
    figures = Figures()
    [visitor] = await open_visitors(product, 1, figures)
    visitor.questions = [question for question, _ in faq_entries(ENTRIES)]
    await _ask_every_second(visitor, lambda: len(figures.reply_ms) >= 5)
    figures.reply_ms.clear()
    ends = time.perf_counter() + SECONDS_BEFORE
    await _ask_every_second(visitor, lambda: time.perf_counter() >= ends)
    before = list(figures.reply_ms)
    figures.reply_ms.clear()
    began = time.perf_counter()
    await _upload(http, "全部资料.zip", archive)
    learning = asyncio.create_task(_wait_until_learned(http, files))
    await _ask_every_second(visitor, learning.done)
    states = await learning
    close_all([visitor])
    took = time.perf_counter() - began
    during = list(figures.reply_ms)
    return {
        "files": files,
        "pages_a_file": PAGES_A_FILE,
        "files_took_s": round(took, 1),
        "files_per_s": round(files / took, 2),
        "files_ready": states.get("ready", 0),
        "live_ms_p50_before": percentile(before, 0.5),
        "live_ms_p50_during": percentile(during, 0.5),
        "live_ms_p95_before": percentile(before, 0.95),
        "live_ms_p95_during": percentile(during, 0.95),
        "live_ms_mean_before": round(statistics.fmean(before), 2),
        "live_ms_mean_during": round(statistics.fmean(during), 2),
        "live_slower_p50": round(percentile(during, 0.5) / percentile(before, 0.5) - 1, 3),
        "live_answers_during": len(during),
        "live_refused": figures.refused,
    }


async def _ask_every_second(visitor: Any, is_over: Any) -> None:
    """A question each second, whether the last one is answered or not before long; stops when `is_over()`."""
    while not is_over():
        began = time.perf_counter()
        say(visitor)
        while visitor.is_waiting and time.perf_counter() - began < 30:
            await asyncio.sleep(0.0005)
        await asyncio.sleep(max(0.0, 1 - (time.perf_counter() - began)))


async def _wait_until_learned(http: aiohttp.ClientSession, files: int) -> dict[str, int]:
    """Counts by state, once every file of the zip has come to an end."""
    ends = time.perf_counter() + PATIENCE
    counts: dict[str, int] = {}
    while time.perf_counter() < ends:
        await asyncio.sleep(3)
        counts = {}
        after = None
        while True:
            query = {"limit": "200"} | ({"after": after} if after else {})
            async with http.get("/v1/knowledge/documents", params=query) as answer:
                page = await answer.json()
            for item in page["items"]:
                if item["name"].startswith("手册") and item["name"] != "手册.pdf":
                    counts[item["state"]] = counts.get(item["state"], 0) + 1
            after = page["next"]
            if after is None:
                break
        if sum(counts.values()) >= files and not set(counts) - {"ready", "failed", "held"}:
            return counts
    raise RuntimeError(f"not learned in time: {counts}")


@contextlib.asynccontextmanager
async def _watch_parsers(product: Product) -> AsyncIterator[dict[int, int]]:
    """Peak resident kB of each parsing process, as the kernel kept it when it was last seen."""
    peak: dict[int, int] = {}

    async def look() -> None:
        while True:
            for pid in await asyncio.to_thread(family, product.process.pid):
                with contextlib.suppress(OSError, IndexError):
                    if b"parse_child" in Path(f"/proc/{pid}/cmdline").read_bytes():
                        held = Path(f"/proc/{pid}/status").read_text().split("VmHWM:")[1].split()[0]
                        peak[pid] = max(peak.get(pid, 0), int(held))
            await asyncio.sleep(0.1)

    task = asyncio.create_task(look())
    try:
        yield peak
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
