"""Golden questions are answered unseen, judged by rules, compared with the run before, and can hold a change back."""

import asyncio
import contextlib
from typing import Any

import pytest

from tests.door_of_rooms import Rooms
from tests.emulators.chat_endpoint import ChatEndpoint
from tests.emulators.chat_wire import Pacing
from tests.workspaces.conftest import Browser, good
from yingke.assistants.engine import Engine, OnDelta, Question, Reply
from yingke.assistants.evaluate.compare import wilson
from yingke.assistants.evaluate.follow_model import follow_model
from yingke.assistants.evaluate.gate import golden_gate
from yingke.assistants.evaluate.judge import judge
from yingke.assistants.evaluate.run_golden import intent_in, label_of, run_job
from yingke.assistants.evaluate.runs import count_figures
from yingke.assistants.evaluate.trial import TrialEngines
from yingke.kit.errors import Problem, busy
from yingke.kit.http import Outgoing
from yingke.kit.jobs import Job
from yingke.kit.settings import Settings

SHIPPING = "# 发货\n\n## 多久发货?\n每天 16:00 前付款当天发出,其余 48 小时内发出。\n\n## 能退货吗?\n签收后 7 天内可以无理由退货。\n"
GOLDEN: dict[str, Any] = {
    "expects": "answer",
    "must_say": [],
    "must_not_say": [],
    "document_id": None,
    "qa_pair_id": None,
}


def _reply(text: str = "48 小时内发出", *, answer: bool = True, document: str | None = None, **trace: Any) -> Reply:
    cited = [{"passage_id": "7", "document_id": document}] if document else []
    return Reply(text, {"engine": "embedded"}, citations=cited, trace={"decision": {"answer": answer}, **trace})


@pytest.mark.parametrize(
    ("golden", "reply", "reason"),
    [
        ({}, _reply(), ""),
        ({}, _reply(answer=False), "refused"),
        ({}, _reply(hand_off="wants_person"), "handed_off"),
        ({"expects": "refusal"}, _reply(), "answered"),
        ({"expects": "refusal"}, _reply(answer=False), ""),
        ({"expects": "hand_off"}, _reply(), "not_handed_off"),
        ({"expects": "hand_off"}, _reply(answer=False, need="complaint"), ""),
        ({"must_say": ["４８小时"]}, _reply(), ""),
        ({"must_say": ["两天|48小时"]}, _reply(), ""),
        ({"must_say": ["48 小时", "顺丰"]}, _reply(), "lacks"),
        ({"must_not_say": ["24 小时|48 小时"]}, _reply(), "says"),
        ({"document_id": 3}, _reply(document="3"), ""),
        ({"document_id": 3}, _reply(document="4"), "wrong_source"),
        ({"qa_pair_id": 9}, _reply(document="4"), ""),
        ({"qa_pair_id": 8}, _reply(document="4"), "wrong_source"),
    ],
)
def test_an_answer_is_right_when_the_rules_say_so(golden: dict[str, Any], reply: Reply, reason: str) -> None:
    assert judge(GOLDEN | golden, reply, {7: 9}).reason == reason


def test_the_interval_is_wide_for_few_items_and_narrow_for_many() -> None:
    few, many = wilson(9, 10), wilson(900, 1000)
    assert few[0] < 0.6 < 0.98 < few[1] <= 1
    assert 0.87 < many[0] < 0.9 < many[1] < 0.92
    assert wilson(0, 0) == (0.0, 1.0)


def test_an_intent_is_known_by_any_of_its_names() -> None:
    assert [label_of(name) for name in ("发货物流", "Shipping", "logistics_shipping", "自己的", None)] == [
        "logistics_shipping", "logistics_shipping", "logistics_shipping", "自己的", None,
    ]  # fmt: skip
    assert intent_in({"hand_off": "wants_person"}) == "contact_human"
    assert intent_in({"intent": {"label": "refund", "confidence": 0.9}}) == "refund"
    assert intent_in({}) is None


def test_confusions_are_counted_both_ways() -> None:
    figures = count_figures(
        1, [("price", "price"), ("price", "price"), ("price", "stock"), ("stock", "stock"), ("logistics", "")]
    )
    assert (figures.items, figures.right) == (5, 3)
    labels = {one.name: (one.items, one.understood, one.right) for one in figures.labels}
    assert labels == {"price": (3, 2, 2), "stock": (1, 2, 1), "logistics": (1, 0, 0)}
    assert set(figures.confusion) == {("price", "stock", 1), ("logistics", "", 1)}


def _trials(rooms: Rooms, outgoing: Outgoing | None = None) -> TrialEngines:
    return TrialEngines(
        rooms.door.db,
        rooms.learning.library,
        outgoing or Outgoing(),
        rooms.door.secrets,
        Settings(allow_private_urls=True),
    )


async def _work(rooms: Rooms, *kinds: str, outgoing: Outgoing | None = None) -> int:
    """Runs golden jobs as if their time had come; returns how many."""
    db = rooms.door.db
    done = 0
    for _ in range(30):
        async with db.system() as tx:
            rows = await tx.fetch("select * from claim_jobs($1, 100, 60)", list(kinds or ("golden_run", "golden_gate")))
        jobs = [Job(**dict(row)) for row in rows]
        for job in jobs:
            if job.kind == "golden_run":
                await run_job(db, rooms.engine, _trials(rooms, outgoing), job)
            else:
                await golden_gate(db, rooms.engine, rooms.learning.library, job)
            done += 1
        async with db.system() as tx:
            await tx.execute("select finish_jobs($1)", [job.id for job in jobs])
        if not jobs:
            return done
    return done


async def _run(rooms: Rooms, owner: Browser) -> Any:
    """A whole run, started as by the button."""
    started = good(await owner.call("POST", "/v1/golden-runs"))
    await _work(rooms)
    return await owner.get(f"/v1/golden-runs/{started['id']}")


async def _learned(rooms: Rooms) -> tuple[Browser, Any]:
    owner = await rooms.door.owner()
    if not (await owner.get("/v1/shops"))["items"]:
        await owner.post("/v1/shops", {"name": "青松小店"})
    document = await rooms.upload(owner, "发货.md", SHIPPING)
    for body in (
        {"question": "多久发货？", "must_say": ["48 小时"], "document_id": document["id"]},
        {"question": "签收后几天能退货？", "must_say": ["7 天"]},
        {"question": "你们老板叫什么名字？", "expects": "refusal"},
        {"question": "转人工", "expects": "hand_off"},
    ):
        await owner.post("/v1/knowledge/golden", body)
    return owner, document


async def test_a_run_answers_everything_unseen_and_is_compared_with_the_one_before(rooms: Rooms) -> None:
    owner, _ = await _learned(rooms)
    await owner.post("/v1/knowledge/golden", {"question": "台灯能调亮度吗？", "must_say": ["三档"]})
    first = await _run(rooms, owner)
    assert (first["state"], first["total"], first["done"], first["passed"]) == ("done", 5, 5, 4)
    assert (first["better"], first["worse"], first["engine"]) == (0, 0, "embedded")
    pair = {"questions": ["台灯能调亮度吗？"], "answer": "台灯有三档亮度。"}
    await owner.post("/v1/knowledge/qa-pairs", {"items": [pair]})
    second = await _run(rooms, owner)
    assert (second["passed"], second["better"], second["worse"], second["against_id"]) == (5, 1, 0, first["id"])
    (better,) = (await owner.get(f"/v1/golden-runs/{second['id']}/results", params={"change": "better"}))["items"]
    assert (better["was_passed"], better["was_reason"], better["is_passed"]) == (False, "refused", True)
    assert "三档" in better["answer"]
    assert better["was_answer"] != better["answer"]
    db = rooms.door.db
    async with db.transaction(int((await owner.get("/v1/me"))["workspace"]["id"])) as tx:
        seen = [await tx.fetchval(f"select count(*) from {table}") for table in ("traces", "gaps", "conversations")]
    assert seen == [0, 0, 0]
    shown = {item["question"]: item["is_passed"] for item in (await owner.get("/v1/knowledge/golden"))["items"]}
    assert shown["台灯能调亮度吗？"] is True


async def test_a_change_asks_for_one_run_and_the_newest_gives_its_name(rooms: Rooms) -> None:
    owner, _ = await _learned(rooms)
    await _run(rooms, owner)
    for name in ("发票", "运费"):
        await owner.post(
            "/v1/knowledge/qa-pairs", {"items": [{"questions": [f"{name}怎么算？"], "answer": "按实际算。"}]}
        )
    runs = (await owner.get("/v1/golden-runs"))["items"]
    assert [run["state"] for run in runs] == ["queued", "done"]
    assert runs[0]["cause"] == "pair"


async def test_without_golden_questions_nothing_runs(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    await rooms.upload(owner, "发货.md", SHIPPING)
    assert (await owner.get("/v1/golden-runs"))["items"] == []
    answer = await owner.call("POST", "/v1/golden-runs")
    assert (answer.status_code, answer.json()["code"]) == (409, "no_golden_questions")


async def test_a_cancelled_run_stops_and_stays_cancelled(rooms: Rooms) -> None:
    owner, _ = await _learned(rooms)
    started = good(await owner.call("POST", "/v1/golden-runs"))
    work = asyncio.create_task(_work(rooms))
    good(await owner.call("POST", f"/v1/golden-runs/{started['id']}/cancellation"))
    await work
    run = await owner.get(f"/v1/golden-runs/{started['id']}")
    assert run["state"] == "cancelled"
    assert run["done"] < run["total"] or run["total"] == 0
    assert (await owner.call("POST", f"/v1/golden-runs/{started['id']}/cancellation")).status_code == 409


async def test_a_run_that_was_killed_goes_on_where_it_ended(rooms: Rooms) -> None:
    owner, _ = await _learned(rooms)
    started = good(await owner.call("POST", "/v1/golden-runs"))
    workspace = int((await owner.get("/v1/me"))["workspace"]["id"])
    job = Job(1, workspace, "golden", "golden_run", started["id"], {"run_id": started["id"]}, 1)
    for number in range(6):
        await owner.post("/v1/knowledge/golden", {"question": f"第{number}个问题多久发货？"})
    killed = asyncio.create_task(run_job(rooms.door.db, rooms.engine, _trials(rooms), job))
    while (await owner.get(f"/v1/golden-runs/{started['id']}"))["done"] == 0:
        await asyncio.sleep(0.01)
    killed.cancel()
    await asyncio.gather(killed, return_exceptions=True)
    kept = (await owner.get(f"/v1/golden-runs/{started['id']}"))["done"]
    assert 0 < kept < 10
    await run_job(rooms.door.db, rooms.engine, _trials(rooms), job)
    run = await owner.get(f"/v1/golden-runs/{started['id']}")
    assert (run["state"], run["done"]) == ("done", 10)


async def test_a_version_that_makes_answers_worse_is_held_and_may_be_released(rooms: Rooms) -> None:
    owner, document = await _learned(rooms)
    good(await owner.call("PUT", "/v1/knowledge/golden-gate", json={"is_on": True, "most_worse": 0}))
    worse = SHIPPING.replace("其余 48 小时内发出", "其余 15 天内发出")
    await _replace(rooms, owner, document, worse)
    held = await owner.get(f"/v1/knowledge/documents/{document['id']}")
    assert (held["state"], held["reason"]["code"]) == ("held", "golden_gate")
    assert "多久发货" in str(held["reason"])
    assert "48 小时" in (await owner.post("/v1/ask", {"question": "多久发货？"}))["answer"]
    (gate,) = [run for run in (await owner.get("/v1/golden-runs"))["items"] if run["kind"] == "gate"]
    assert (gate["gate"], gate["worse"]) == ("held", 1)
    good(await owner.call("POST", f"/v1/knowledge/documents/{document['id']}/release"))
    assert "15 天" in (await owner.post("/v1/ask", {"question": "多久发货？"}))["answer"]
    (gate,) = [run for run in (await owner.get("/v1/golden-runs"))["items"] if run["kind"] == "gate"]
    assert gate["gate"] == "released"


async def test_a_version_that_makes_nothing_worse_goes_live_by_itself(rooms: Rooms) -> None:
    owner, document = await _learned(rooms)
    good(await owner.call("PUT", "/v1/knowledge/golden-gate", json={"is_on": True, "most_worse": 0}))
    await _replace(rooms, owner, document, SHIPPING + "\n## 发什么快递?\n默认发顺丰。\n")
    assert (await owner.get(f"/v1/knowledge/documents/{document['id']}"))["state"] == "ready"
    assert "顺丰" in (await owner.post("/v1/ask", {"question": "发什么快递？"}))["answer"]
    gates = [run["gate"] for run in (await owner.get("/v1/golden-runs"))["items"] if run["kind"] == "gate"]
    assert gates == ["passed"]


async def _endpoint(owner: Browser, address: str, **more: Any) -> str:
    body = {"name": "试用模型", "base_url": address, "model": "m-1", "api_key": "k", "location": "local", **more}
    return str((await owner.post("/v1/model-endpoints", body))["id"])


async def test_another_model_is_tried_before_customers_meet_it(rooms: Rooms, room_outgoing: Outgoing) -> None:
    owner, _ = await _learned(rooms)
    first = await _run(rooms, owner)
    async with ChatEndpoint(pacing=Pacing(scale=0.1)) as chat:
        endpoint = await _endpoint(owner, chat.base_url)
        started = good(await owner.call("POST", "/v1/golden-runs", params={"endpoint_id": endpoint}))
        await _work(rooms, outgoing=room_outgoing)
        trial = await owner.get(f"/v1/golden-runs/{started['id']}")
        assert len(chat.seen) > 0
    assert (trial["kind"], trial["state"], trial["engine"], trial["against_id"]) == (
        "trial",
        "done",
        "m-1",
        first["id"],
    )
    assert (await owner.post("/v1/ask", {"question": "多久发货？"}))["generated_by"]["engine"] == "embedded"
    shown = (await owner.get(f"/v1/golden-runs/{started['id']}/results"))["items"]
    assert all(one["was_answer"] for one in shown)


async def test_a_model_abroad_without_consent_is_not_even_tried(rooms: Rooms) -> None:
    owner, _ = await _learned(rooms)
    endpoint = await _endpoint(owner, "https://api.example.com/v1", location="abroad")
    answer = await owner.call("POST", "/v1/golden-runs", params={"endpoint_id": endpoint})
    assert answer.status_code == 409
    assert (await owner.call("POST", "/v1/golden-runs", params={"endpoint_id": "999999999"})).status_code == 404


async def test_switching_the_model_asks_for_a_run(rooms: Rooms) -> None:
    owner, _ = await _learned(rooms)
    await _run(rooms, owner)
    assert await _due(rooms, owner) is None
    async with ChatEndpoint(pacing=Pacing(scale=0.1)) as chat:
        await _endpoint(owner, chat.base_url, is_enabled=True)
        assert await _due(rooms, owner) == ("model", "试用模型", "queued")
        assert await _due(rooms, owner) == ("model", "试用模型", "queued")


async def _due(rooms: Rooms, owner: Browser) -> tuple[str, str, str] | None:
    before = (await owner.get("/v1/golden-runs"))["items"]
    await follow_model(rooms.door.db)
    newest = (await owner.get("/v1/golden-runs"))["items"][0]
    if newest["id"] == before[0]["id"] and newest["state"] == "done":
        return None
    return newest["cause"], newest["cause_name"], newest["state"]


async def test_a_version_that_cannot_be_checked_does_not_go_live(rooms: Rooms) -> None:
    class Broken(Engine):
        async def answer(self, question: Question, on_delta: OnDelta) -> Reply:
            raise busy()

    owner, document = await _learned(rooms)
    await _run(rooms, owner)
    good(await owner.call("PUT", "/v1/knowledge/golden-gate", json={"is_on": True, "most_worse": 0}))
    files = {"file": (document["name"], (SHIPPING + "\n## 发什么快递?\n默认发顺丰。\n").encode())}
    await owner.call("PUT", f"/v1/knowledge/documents/{document['id']}/file", files=files)
    await rooms.learning.work()
    workspace = int((await owner.get("/v1/me"))["workspace"]["id"])
    data = {"document_id": int(document["id"]), "version": 2}
    for attempt in (1, 6):
        job = Job(1, workspace, "doc", "golden_gate", "", data, attempt)
        with contextlib.suppress(Problem):
            await golden_gate(rooms.door.db, Broken(), rooms.learning.library, job)
    held = await owner.get(f"/v1/knowledge/documents/{document['id']}")
    assert (held["state"], held["reason"]["code"]) == ("held", "golden_gate")


async def _replace(rooms: Rooms, owner: Browser, document: Any, content: str) -> None:
    files = {"file": (document["name"], content.encode())}
    answer = await owner.call("PUT", f"/v1/knowledge/documents/{document['id']}/file", files=files)
    assert answer.status_code in (200, 202), answer.text
    await rooms.learning.work()
    await _work(rooms, "golden_gate")
