"""Two models side by side on the golden questions, then the switch and the way back."""

from typing import Any

from tests.door_of_rooms import Rooms
from tests.emulators.chat_asked import read_asked
from tests.emulators.chat_endpoint import ChatEndpoint
from tests.workspaces.conftest import Browser
from yingke.assistants.evaluate.run_golden import run_job
from yingke.assistants.evaluate.trial import TrialEngines
from yingke.kit.http import Outgoing
from yingke.kit.jobs import Job
from yingke.kit.settings import Settings

SHIPPING = "# 发货\n\n## 多久发货?\n每天 16:00 前付款当天发出,其余 48 小时内发出。\n\n## 能退货吗?\n签收后 7 天内可以无理由退货。\n"


async def work(rooms: Rooms, outgoing: Outgoing) -> None:
    """Runs the waiting jobs of golden runs in their order."""
    door = rooms.door
    trials = TrialEngines(
        door.db, rooms.learning.library, outgoing, door.secrets, Settings(allow_private_urls=True), rooms.switchboard
    )
    while True:
        async with door.db.system() as tx:
            rows = await tx.fetch("select * from claim_jobs($1, 100, 60)", ["golden_run"])
        if not rows:
            return
        for row in rows:
            await run_job(door.db, rooms.engine, trials, Job(**dict(row)))
            async with door.db.system() as tx:
                await tx.execute("select finish_jobs($1)", [row["id"]])


async def add_golden(owner: Browser, question: str, must_say: str) -> None:
    await owner.post("/v1/knowledge/golden", {"question": question, "must_say": [must_say]})


def endpoint_body(base_url: str, **more: Any) -> dict[str, Any]:
    return {"name": "新模型", "base_url": base_url, "model": "m-2", "price_in": 200_000, "price_out": 800_000, **more}


async def draft_of(owner: Browser, instructions: str) -> Any:
    answer = await owner.call("PUT", "/v1/assistant-versions/draft", json={"instructions": instructions})
    return answer.json()["draft"]


async def test_a_model_is_compared_with_what_customers_meet_now(rooms: Rooms, room_outgoing: Outgoing) -> None:
    owner = await rooms.door.owner()
    await rooms.upload(owner, "发货.md", SHIPPING)
    await add_golden(owner, "多久发货?", "16:00")
    await add_golden(owner, "能退货吗?", "无理由")
    async with ChatEndpoint(scale=0.01) as endpoint:
        created = await owner.post("/v1/model-endpoints", endpoint_body(endpoint.base_url))
        started = await owner.post("/v1/model-comparisons", {"endpoint_id": created["id"]})
        assert (started["old"]["state"], started["new"]["state"]) == ("queued", "queued")
        await work(rooms, room_outgoing)
        compared = await owner.get(f"/v1/model-comparisons/{started['id']}")
        assert (compared["old"]["engine"], compared["new"]["engine"]) == ("embedded", "m-2")
        assert (compared["old"]["passed"], compared["new"]["passed"]) == (2, 2)
        assert compared["same"] + compared["different"] == 2
        # Two answers of 20 and 60 tokens at 0.2 and 0.8 minor units each.
        assert (compared["new"]["tokens"], compared["new"]["cost_minor"]) == (160, 104)
        assert compared["old"]["cost_minor"] is None
        assert compared["new"]["ms_median"] > 0
        results = (await owner.get(f"/v1/golden-runs/{started['id']}/results"))["items"]
        assert all(one["was_answer"] and one["cost_micro"] == 52_000_000 for one in results)
        assert [one["id"] for one in (await owner.get("/v1/model-comparisons"))["items"]] == [started["id"]]
        other = await owner.post("/v1/model-endpoints", endpoint_body(endpoint.base_url, name="差的", model="burst"))
        second = await owner.post("/v1/model-comparisons", {"endpoint_id": other["id"], "against_id": created["id"]})
        await work(rooms, room_outgoing)
        worse = await owner.get(f"/v1/model-comparisons/{second['id']}")
        assert (worse["old"]["engine"], worse["new"]["engine"], worse["worse"], worse["better"]) == (
            "m-2",
            "burst",
            2,
            0,
        )
        await rooms.switchboard.meter.flush()
        purposes = {one["purpose"] for one in await owner.get("/v1/model-usage")}
        assert purposes == {"trial"}


async def test_a_version_of_the_team_is_tried_with_the_model_in_use_before_it_serves(
    rooms: Rooms, room_outgoing: Outgoing
) -> None:
    """The draft as it was at that moment; customers, and what is live, notice nothing."""
    owner = await rooms.door.owner()
    await rooms.upload(owner, "发货.md", SHIPPING)
    await add_golden(owner, "多久发货?", "16:00")
    async with ChatEndpoint(scale=0.01) as endpoint:
        created = await owner.post("/v1/model-endpoints", endpoint_body(endpoint.base_url, is_enabled=True))
        draft = await draft_of(owner, "先说结论。")
        started = await owner.post("/v1/model-comparisons", {"version_id": draft["id"]})
        both = await owner.post("/v1/model-comparisons", {"version_id": draft["id"], "endpoint_id": created["id"]})
        await draft_of(owner, "后来改的。")
        await work(rooms, room_outgoing)
        compared = await owner.get(f"/v1/model-comparisons/{started['id']}")
        assert (compared["old"]["version"], compared["new"]["version"]) == (None, draft["number"])
        assert (compared["old"]["engine"], compared["new"]["engine"]) == ("m-2", "m-2")
        assert (compared["new"]["state"], compared["new"]["passed"], compared["endpoint_id"]) == ("done", 1, None)
        with_model = await owner.get(f"/v1/model-comparisons/{both['id']}")
        assert (with_model["new"]["version"], with_model["new"]["name"]) == (draft["number"], "新模型")
        told = [read_asked(one.body).wishes for one in endpoint.seen]
        assert sorted(told) == ["", "先说结论。", "先说结论。"]
        assert (await owner.get("/v1/assistant-versions"))["live"] is None


async def test_another_model_is_tried_under_the_instructions_that_are_live(
    rooms: Rooms, room_outgoing: Outgoing
) -> None:
    owner = await rooms.door.owner()
    await rooms.upload(owner, "发货.md", SHIPPING)
    await add_golden(owner, "多久发货?", "16:00")
    await draft_of(owner, "先说结论。")
    await owner.post("/v1/assistant-versions/live", {})
    causes = [one["cause"] for one in (await owner.get("/v1/golden-runs"))["items"]]
    assert causes == ["prompt"], "what a model is told has changed: the golden questions are asked"
    async with ChatEndpoint(scale=0.01) as endpoint:
        created = await owner.post("/v1/model-endpoints", endpoint_body(endpoint.base_url))
        await owner.post("/v1/model-comparisons", {"endpoint_id": created["id"]})
        await work(rooms, room_outgoing)
        assert [read_asked(one.body).wishes for one in endpoint.seen] == ["先说结论。"]


async def test_a_comparison_of_nothing_and_one_of_anothers_version_are_refused(rooms: Rooms) -> None:
    ours, theirs = await rooms.door.owner(), await rooms.door.owner()
    for owner in (ours, theirs):
        await add_golden(owner, "多久发货?", "16:00")
    draft = await draft_of(ours, "x")
    assert (await ours.call("POST", "/v1/model-comparisons", json={})).status_code == 400
    foreign = await theirs.call("POST", "/v1/model-comparisons", json={"version_id": draft["id"]})
    assert foreign.status_code == 404
    assert all(one["kind"] != "trial" for one in (await theirs.get("/v1/golden-runs"))["items"])


async def test_another_workspaces_comparison_does_not_exist(rooms: Rooms) -> None:
    ours, theirs = await rooms.door.owner(), await rooms.door.owner()
    created = await ours.post("/v1/model-endpoints", endpoint_body("https://api.deepseek.com"))
    refused = await theirs.call("POST", "/v1/model-comparisons", json={"endpoint_id": created["id"]})
    assert refused.status_code in (404, 409)
    assert (await theirs.call("GET", "/v1/model-comparisons/1")).status_code == 404
