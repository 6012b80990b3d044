"""A traced question asked again with other settings, and questions asked as of another day."""

from datetime import UTC, datetime, timedelta

from tests.door_of_rooms import Rooms
from tests.workspaces.conftest import good

SHIPPING = "# 发货\n\n## 多久发货?\n每天 16:00 前付款当天发出,其余 48 小时内发出。\n\n## 能退货吗?\n签收后 7 天内可以无理由退货。\n"


async def test_a_trace_says_how_it_was_understood_and_why_it_was_sure(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    await rooms.upload(owner, "发货.md", SHIPPING)
    answered = await owner.post("/v1/ask", {"question": "多久发或"})
    trace = await owner.get(f"/v1/traces/{answered['trace_id']}")
    assert trace["corrections"] == [{"kind": "typo", "was": "发或", "now": "发货"}]
    assert trace["asks"][0]["band"] == "answer"
    codes = [why["code"] for why in trace["asks"][0]["why"]]
    assert codes[-1] == "line"
    assert len(codes) > 1
    best = trace["candidates"][0]
    assert (best["lexical_rank"], best["vector_rank"], best["rank"]) == (1, 1, 1)
    assert trace["line"] == 0.5
    assert trace["knowledge_version"] > 0


async def test_a_refusal_says_what_was_missing(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    await rooms.upload(owner, "发货.md", SHIPPING)
    answered = await owner.post("/v1/ask", {"question": "你们的灯能带上飞机吗"})
    trace = await owner.get(f"/v1/traces/{answered['trace_id']}")
    assert trace["asks"][0]["band"] != "answer"
    assert not trace["asks"][0]["why"][-1]["speaks_for"]


async def test_a_replay_with_a_lower_line_answers_and_stores_nothing(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    await rooms.upload(owner, "发货.md", SHIPPING)
    answered = await owner.post("/v1/ask", {"question": "付款后多久出库"})
    path = f"/v1/traces/{answered['trace_id']}"
    strict = await owner.post(f"{path}/replay", {"threshold": 0.9})
    assert strict["before"]["decision"]["answer"]
    assert not strict["after"]["decision"]["answer"]
    assert not strict["is_same_decision"]
    assert {one["kind"] for one in strict["differences"]} >= {"gone", "new"}
    same = await owner.post(f"{path}/replay", {})
    assert same["is_same_decision"]
    assert same["answer"] == answered["answer"]
    assert [one["kind"] for one in same["differences"]] == ["same"]
    kept = await owner.get(path)
    assert kept["said"] == answered["answer"]
    async with rooms.learning.db.system() as tx:
        assert await tx.fetchval("select count(*) from traces where id > $1", int(answered["trace_id"])) == 0


async def test_a_replay_with_staff_material_finds_more(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    await rooms.upload(owner, "发货.md", SHIPPING)
    await rooms.upload(
        owner, "口径.md", "# 赔付\n\n## 破损小件怎么补发?\n单笔 80 元以内客服可直接补发。\n", audience="staff"
    )
    answered = await owner.post("/v1/ask", {"question": "破损小件怎么补发"})
    assert "80" not in answered["answer"]
    staff = await owner.post(f"/v1/traces/{answered['trace_id']}/replay", {"audience": "staff"})
    assert "80" in staff["answer"]
    assert staff["gained"]


async def test_a_replay_after_a_change_of_the_knowledge_shows_what_was_gained_and_lost(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    answered = await owner.post("/v1/ask", {"question": "多久发货"})
    await rooms.upload(owner, "发货.md", SHIPPING)
    now = await owner.post(f"/v1/traces/{answered['trace_id']}/replay", {})
    assert "16:00" in now["answer"]
    assert now["gained"]
    assert now["lost"] == []


async def test_another_workspaces_trace_cannot_be_replayed(rooms: Rooms) -> None:
    ours, theirs = await rooms.door.owner(), await rooms.door.owner()
    answered = await ours.post("/v1/ask", {"question": "你好"})
    assert (await theirs.call("POST", f"/v1/traces/{answered['trace_id']}/replay", json={})).status_code == 404
    bad = await ours.call("POST", f"/v1/traces/{answered['trace_id']}/replay", json={"threshold": 3})
    assert bad.status_code == 400


async def test_a_question_as_of_a_day_is_answered_from_what_is_valid_then(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    starts = datetime.now(UTC) + timedelta(days=5)
    sale = "# 活动\n\n## 有什么优惠活动?\n全场满 300 减 40。\n"
    document = await rooms.upload(owner, "活动.md", sale)
    wish = {"valid_from": starts.isoformat()}
    good(await owner.call("PATCH", f"/v1/knowledge/documents/{document['id']}", json=wish))
    today = await owner.post("/v1/ask", {"question": "有什么优惠活动"})
    assert "40" not in today["answer"]
    later = await owner.post("/v1/ask", {"question": "有什么优惠活动", "at": (starts + timedelta(days=1)).isoformat()})
    assert "满 300 减 40" in later["answer"]
    trace = await owner.get(f"/v1/traces/{later['trace_id']}")
    assert trace["at"].startswith((starts + timedelta(days=1)).date().isoformat())
    naive = await owner.call("POST", "/v1/ask", json={"question": "q", "at": "2026-12-01T00:00:00"})
    assert naive.status_code == 400
