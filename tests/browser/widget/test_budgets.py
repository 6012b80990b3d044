"""What the widget costs the page that carries it, on a processor four times slower, in processor time and not by the clock."""

import json
import math
from typing import Any

from playwright.async_api import Browser, CDPSession

from tests.browser.widget.conftest import Desk, Visit, begin

LIMITS_MS = {"loader": 20, "panel": 100, "focus": 500}
MOST_RUNS = 8
SLOWDOWN = 4
SETTLE_MS = 800
FIXED_WORK = "(() => { const began = performance.now(); let n = 0; for (let i = 0; i < 3e7; i++) n += i % 7; return performance.now() - began })()"
ON_FOCUS = (
    "() => new Promise((done) => { const began = performance.now(); const root = document.querySelector('yingke-widget').shadowRoot;"
    " root.addEventListener('focusin', (event) => { if (event.target.tagName === 'TEXTAREA') done(performance.now() - began) });"
    " root.querySelector('#l').click() })"
)


async def script_ms(wire: CDPSession) -> float:
    metrics: dict[str, Any] = await wire.send("Performance.getMetrics")
    return 1000 * float(sum(one["value"] for one in metrics["metrics"] if one["name"] == "ScriptDuration"))


async def crowding(visit: Visit, wire: CDPSession) -> float:
    """How much longer than its own work a fixed piece of work takes, because others use the processor too: 1 when alone."""

    async def busy() -> float:
        metrics: dict[str, Any] = await wire.send("Performance.getMetrics")
        return 1000 * float(sum(one["value"] for one in metrics["metrics"] if one["name"] == "TaskDuration"))

    before = await busy()
    wall: float = await visit.page.evaluate(FIXED_WORK)
    return max(1.0, wall / max(1.0, await busy() - before))


async def measure(visit: Visit, desk: Desk) -> dict[str, float]:
    wire = await visit.context.new_cdp_session(visit.page)
    # Ticks of the page's own thread: other work on a shared machine is not counted.
    await wire.send("Performance.enable", {"timeDomain": "threadTicks"})
    await wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    await visit.page.goto(f"{desk.address}/host/plain")
    # No locator before this is read: what the test driver runs in the page would be counted too.
    await visit.page.wait_for_timeout(SETTLE_MS)
    loader = await script_ms(wire)
    crowd = await crowding(visit, wire)
    before = await script_ms(wire)
    focused = await visit.page.evaluate(ON_FOCUS)
    await visit.page.wait_for_timeout(SETTLE_MS)
    return {"loader": loader, "panel": await script_ms(wire) - before, "focus": focused / crowd}


async def test_the_budgets_of_script_time_and_of_the_way_to_the_first_word(chromium: Browser, desk: Desk) -> None:
    found = dict.fromkeys(LIMITS_MS, math.inf)
    for _ in range(MOST_RUNS):
        visit = await begin(chromium, desk.address)
        # What else the machine does only ever adds: the least of the runs is what the script costs.
        found = {name: min(found[name], cost) for name, cost in (await measure(visit, desk)).items()}
        await visit.context.close()
        assert visit.faults == []
        if all(found[name] <= limit for name, limit in LIMITS_MS.items()):
            break
    print(json.dumps(found))
    assert {name: cost for name, cost in found.items() if cost > LIMITS_MS[name]} == {}
