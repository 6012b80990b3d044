"""The line of a workspace is shown before it is saved, holds for the next question, and can be taken back."""

from typing import Any

from tests.door_of_rooms import Rooms
from tests.workspaces.conftest import Browser, good
from yingke.knowledge.calibration.calibrate import follow_run

SHIPPING = "# 发货\n\n## 多久发货?\n每天 16:00 前付款当天发出,其余 48 小时内发出。\n\n## 能退货吗?\n签收后 7 天内可以无理由退货。\n"


async def _measure(rooms: Rooms, owner: Browser, confidences: dict[str, tuple[str, float]]) -> int:
    """Golden questions with results as a run would have left them; the run's id."""
    workspace_id = int((await owner.get("/v1/me"))["workspace"]["id"])
    async with rooms.learning.db.transaction(workspace_id) as tx:
        run = await tx.fetchval(
            "insert into golden_runs (workspace_id, cause, state) values ($1, 'document', 'done') returning id",
            workspace_id,
        )
        for question, (expects, confidence) in confidences.items():
            golden = await tx.fetchval(
                "insert into golden_questions (workspace_id, question, expects) values ($1, $2, $3) returning id",
                workspace_id,
                question,
                expects,
            )
            await tx.execute(
                "insert into golden_results (workspace_id, run_id, question_id, is_passed, confidence)"
                " values ($1, $2, $3, true, $4)",
                workspace_id,
                run,
                golden,
                confidence,
            )
    return int(run)


def _questions() -> dict[str, tuple[str, float]]:
    answers: dict[str, tuple[str, float]] = {f"a{number}": ("answer", 0.4) for number in range(20)}
    return answers | {f"r{number}": ("refusal", 0.2) for number in range(20)}


async def test_a_preview_tells_what_would_change_and_saves_nothing(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    await _measure(rooms, owner, _questions())
    found: Any = await owner.post("/v1/knowledge/answering/preview", {"manner": "balanced"})
    assert 0.2 < found["threshold"] < 0.4
    assert found["before"] == {"right": 20, "wrong_answers": 0, "wrong_refusals": 20}
    assert found["after"]["right"] == 40
    assert len(found["changes"]) == 20
    assert all(change["is_better"] and change["will_answer"] for change in found["changes"])
    assert found["asked"]["total"] == 0
    now = await owner.get("/v1/knowledge/answering")
    assert (now["threshold"], now["measured"], now["is_enough"], now["can_undo"]) == (0.5, 40, True, False)


async def test_a_saved_line_holds_for_the_next_question_and_can_be_taken_back(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    await rooms.upload(owner, "发货.md", SHIPPING)
    assert "16:00" in (await owner.post("/v1/ask", {"question": "付款后多久出库"}))["answer"]
    wish = {"manner": "careful", "threshold": 0.9}
    saved = good(await owner.call("PUT", "/v1/knowledge/answering", json=wish))
    assert (saved["threshold"], saved["manner"], saved["can_undo"]) == (0.9, "careful", True)
    assert "没有写到" in (await owner.post("/v1/ask", {"question": "付款后多久出库"}))["answer"]
    back = await owner.post("/v1/knowledge/answering/undo", {})
    assert (back["threshold"], back["can_undo"]) == (0.5, False)
    assert "16:00" in (await owner.post("/v1/ask", {"question": "付款后多久出库"}))["answer"]


async def test_the_line_follows_golden_runs_only_where_that_is_wanted(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    run = await _measure(rooms, owner, _questions())
    workspace_id = int((await owner.get("/v1/me"))["workspace"]["id"])
    async with rooms.learning.db.transaction(workspace_id) as tx:
        assert not await follow_run(tx, workspace_id, run)
    wish = {"manner": "balanced", "threshold": 0.5, "follows": True}
    good(await owner.call("PUT", "/v1/knowledge/answering", json=wish))
    async with rooms.learning.db.transaction(workspace_id) as tx:
        assert await follow_run(tx, workspace_id, run)
        assert not await follow_run(tx, workspace_id, run)
    now = await owner.get("/v1/knowledge/answering")
    assert 0.2 < now["threshold"] < 0.4
    assert now["items"] == 40


async def test_only_those_who_may_write_change_the_line(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    key = (await owner.post("/v1/api-keys", {"name": "a", "scopes": ["knowledge:read"]}))["key"]
    reading = rooms.door.program(key)
    assert (await reading.call("GET", "/v1/knowledge/answering")).status_code == 200
    assert (await reading.call("PUT", "/v1/knowledge/answering", json={"manner": "bold"})).status_code == 403
    wrong = await owner.call("PUT", "/v1/knowledge/answering", json={"manner": "rude"})
    assert wrong.status_code == 400
