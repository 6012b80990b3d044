"""Every change of a document is a version: kept, compared, exchanged, taken back."""

from typing import Any

import pytest

from tests.conftest import Ground
from tests.door_of_rooms import Rooms
from tests.knowledge.test_ingest import CountingEncoder
from tests.learning import Learning, caller_of
from tests.workspaces.conftest import Browser
from yingke.kit.errors import Problem
from yingke.knowledge.change_document import release_document
from yingke.knowledge.replace_file import replace_file
from yingke.knowledge.versions.activate import activate
from yingke.knowledge.versions.put_live import KEPT_VERSIONS
from yingke.knowledge.versions.roll_back import roll_back

SHIPPING = (
    "# 发货\n\n## 多久发货?\n每天 16:00 前付款当天发出,其余 48 小时内发出。\n\n"
    "## 能退货吗?\n签收后 7 天内可以无理由退货。\n"
)


async def replace(learning: Learning, ground: Ground, document_id: int, content: str, name: str = "发货.md") -> bool:
    upload = await learning.keep(ground, name, content)
    async with ground.db.transaction(ground.workspace_id) as tx:
        return await replace_file(tx, caller_of(ground), document_id, upload)


async def found(learning: Learning, ground: Ground, question: str) -> str:
    hits = await learning.find(ground, question)
    return "\n".join(hit.entry.text for hit in hits)


async def versions(ground: Ground, document_id: int) -> list[Any]:
    async with ground.db.transaction(ground.workspace_id) as tx:
        return list(
            await tx.fetch("select * from document_versions where document_id = $1 order by version", document_id)
        )


async def waiting(ground: Ground, kind: str) -> int:
    async with ground.db.transaction(ground.workspace_id) as tx:
        return int(await tx.fetchval("select count(*) from jobs where kind = $1", kind))


async def test_a_version_says_what_came_what_went_and_when(learning: Learning, ground: Ground) -> None:
    document_id = await learning.learn(ground, "发货.md", SHIPPING)
    await replace(learning, ground, document_id, SHIPPING.replace("16:00", "14:30"), "发货-新.md")
    await learning.work()
    first, second = await versions(ground, document_id)
    assert first["retired_at"] == second["live_at"]
    assert second["retired_at"] is None
    assert second["changes"] == {"added": 1, "removed": 1, "kept": 1}
    assert (first["name"], second["name"], second["passages"]) == ("发货.md", "发货-新.md", 2)
    row = await learning.document(ground, document_id)
    assert (row["live_version"], row["synced_at"]) == (2, second["live_at"])


async def test_the_same_content_makes_no_version(learning: Learning, ground: Ground) -> None:
    document_id = await learning.learn(ground, "发货.md", SHIPPING)
    before = (await learning.document(ground, document_id))["synced_at"]
    assert not await replace(learning, ground, document_id, SHIPPING, "发货规则.md")
    row = await learning.document(ground, document_id)
    assert (row["version"], row["state"], row["name"]) == (1, "ready", "发货规则.md")
    assert row["synced_at"] > before
    assert len(await versions(ground, document_id)) == 1


async def test_going_back_needs_no_encoder_and_is_at_once(learning: Learning, ground: Ground) -> None:
    document_id = await learning.learn(ground, "发货.md", SHIPPING)
    await replace(learning, ground, document_id, SHIPPING.replace("16:00", "14:30"))
    await learning.work()
    assert "14:30" in await found(learning, ground, "多久发货")
    async with ground.db.transaction(ground.workspace_id) as tx:
        assert await roll_back(tx, caller_of(ground), document_id, 1) == 3
    text = await found(learning, ground, "多久发货")
    assert "16:00" in text
    assert "14:30" not in text
    row = await learning.document(ground, document_id)
    assert (row["version"], row["live_version"], row["state"]) == (3, 3, "ready")
    last = (await versions(ground, document_id))[-1]
    assert (last["origin"], last["source_version"]) == ("rollback", 1)
    assert last["changes"] == {"added": 1, "removed": 1, "kept": 1}
    with pytest.raises(Problem, match="version_is_live"):
        async with ground.db.transaction(ground.workspace_id) as tx:
            await roll_back(tx, caller_of(ground), document_id, 3)
    with pytest.raises(Problem, match="not_found"):
        async with ground.db.transaction(ground.workspace_id) as tx:
            await roll_back(tx, caller_of(ground), document_id, 9)


async def test_passages_of_the_last_versions_are_kept_and_older_ones_are_learned_from_their_file(
    learning: Learning, ground: Ground
) -> None:
    document_id = await learning.learn(ground, "发货.md", SHIPPING)
    for hour in range(1, KEPT_VERSIONS + 2):
        await replace(learning, ground, document_id, SHIPPING.replace("16:00", f"{hour:02}:00"))
        await learning.work()
    async with ground.db.transaction(ground.workspace_id) as tx:
        kept = [
            row["version"]
            for row in await tx.fetch(
                "select distinct version from passages where document_id = $1 order by 1", document_id
            )
        ]
        live = await tx.fetchval("select count(*) from passages where document_id = $1 and is_live", document_id)
    assert kept == list(range(3, KEPT_VERSIONS + 3))
    assert live == 2
    async with ground.db.transaction(ground.workspace_id) as tx:
        await roll_back(tx, caller_of(ground), document_id, 1)
    assert (await learning.document(ground, document_id))["state"] == "queued"
    await learning.work()
    assert "16:00" in await found(learning, ground, "多久发货")


async def test_a_wording_of_an_earlier_version_keeps_its_vector(learning: Learning, ground: Ground) -> None:
    document_id = await learning.learn(ground, "发货.md", SHIPPING)
    await replace(learning, ground, document_id, SHIPPING.replace("16:00", "14:30"))
    await learning.work()
    counting = CountingEncoder(learning.encoder)
    learning.library.encoder = counting
    await replace(learning, ground, document_id, SHIPPING + "\n## 周末呢?\n周末也发货。\n")
    await learning.work()
    assert counting.encoded == 1


async def test_a_gate_holds_the_version_until_somebody_activates_it(learning: Learning, ground: Ground) -> None:
    document_id = await learning.learn(ground, "发货.md", SHIPPING)
    async with ground.db.transaction(ground.workspace_id) as tx:
        await tx.execute(
            "insert into knowledge_settings (workspace_id, gate) values ($1, $2)", ground.workspace_id, {"is_on": True}
        )
    await replace(learning, ground, document_id, SHIPPING.replace("16:00", "14:30"))
    await learning.work()
    assert (await learning.document(ground, document_id))["state"] == "checking"
    assert await waiting(ground, "golden_gate") == 1
    assert "16:00" in await found(learning, ground, "多久发货")
    assert not await activate(ground.db, ground.workspace_id, document_id, 1)
    assert await activate(ground.db, ground.workspace_id, document_id, 2)
    assert "14:30" in await found(learning, ground, "多久发货")
    assert not await activate(ground.db, ground.workspace_id, document_id, 2)


async def test_what_the_golden_questions_held_back_is_released_at_once(learning: Learning, ground: Ground) -> None:
    document_id = await learning.learn(ground, "发货.md", SHIPPING)
    async with ground.db.transaction(ground.workspace_id) as tx:
        await tx.execute(
            "insert into knowledge_settings (workspace_id, gate) values ($1, $2)", ground.workspace_id, {"is_on": True}
        )
    await replace(learning, ground, document_id, SHIPPING.replace("16:00", "14:30"))
    await learning.work()
    async with ground.db.transaction(ground.workspace_id) as tx:
        reason = {"code": "golden_gate", "zh": "变差了", "en": "worse"}
        await tx.execute("update documents set state = 'held', reason = $2 where id = $1", document_id, reason)
        await release_document(tx, caller_of(ground), document_id)
    assert (await learning.document(ground, document_id))["state"] == "ready"
    assert "14:30" in await found(learning, ground, "多久发货")


async def test_a_live_version_sets_pairs_and_comparison_in_motion(learning: Learning, ground: Ground) -> None:
    await learning.learn(ground, "发货.md", SHIPPING)
    assert await waiting(ground, "propose_pairs") == 1
    assert await waiting(ground, "find_contradictions") == 1


async def upload(rooms: Rooms, owner: Browser, name: str, content: str, **fields: str) -> Any:
    answer = await owner.call("POST", "/v1/knowledge/documents", files={"file": (name, content.encode())}, data=fields)
    await rooms.learning.work()
    return answer


async def test_a_file_of_the_same_name_is_asked_about_replaced_or_kept_beside(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    first = (await upload(rooms, owner, "发货.md", SHIPPING)).json()
    asked = await upload(rooms, owner, "发货.md", SHIPPING + "x", if_same_name="ask")
    assert (asked.status_code, asked.json()["code"]) == (409, "same_name")
    assert "“发货.md”" in asked.json()["detail"]
    fresh = await upload(rooms, owner, "别的.md", SHIPPING, if_same_name="ask")
    assert fresh.status_code == 202
    replaced = (await upload(rooms, owner, "发货.md", SHIPPING.replace("7 天", "15 天"), if_same_name="replace")).json()
    assert (replaced["id"], replaced["version"]) == (first["id"], 2)
    same = (await upload(rooms, owner, "发货.md", SHIPPING.replace("7 天", "15 天"), if_same_name="replace")).json()
    assert (same["id"], same["version"], same["state"]) == (first["id"], 2, "ready")
    beside = (await upload(rooms, owner, "发货.md", SHIPPING)).json()
    assert beside["id"] != first["id"]
    wrong = await upload(rooms, owner, "发货.md", SHIPPING, if_same_name="maybe")
    assert wrong.status_code == 400
    page = await owner.get("/v1/knowledge/documents", params={"name": "发货.md"})
    assert [item["id"] for item in page["items"]] == [beside["id"], first["id"]]


async def test_versions_diff_and_rollback_over_http(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    document = await rooms.upload(owner, "发货.md", SHIPPING)
    changed = SHIPPING.replace("16:00", "14:30") + "\n## 周末呢?\n周末照常发货。\n"
    await upload(rooms, owner, "发货.md", changed, if_same_name="replace")
    path = f"/v1/knowledge/documents/{document['id']}/versions"
    page = await owner.get(path, params={"limit": 1})
    assert [(item["version"], item["state"]) for item in page["items"]] == [(2, "live")]
    rest = await owner.get(path, params={"after": page["next"]})
    assert [(item["version"], item["state"], item["is_kept"]) for item in rest["items"]] == [(1, "retired", True)]
    assert rest["items"][0]["file_url"].startswith("/files/")
    diff = await owner.get(f"{path}/2/diff")
    assert (diff["against"], diff["added"], diff["removed"], diff["changed"], diff["kept"]) == (1, 1, 0, 1, 1)
    marks = [(piece["mark"], piece["text"]) for piece in diff["items"][0]["pieces"] if piece["mark"] != "same"]
    assert marks == [("removed", "16:00"), ("added", "14:30")]
    assert diff["items"][1]["kind"] == "added"
    other_way = await owner.get(f"{path}/1/diff", params={"against": 2})
    assert (other_way["added"], other_way["removed"]) == (0, 1)
    back = await owner.call("POST", f"{path}/1/rollback", headers={"Idempotency-Key": "back"})
    again = await owner.call("POST", f"{path}/1/rollback", headers={"Idempotency-Key": "back"})
    assert again.json()["version"] == back.json()["version"]
    assert (back.status_code, back.json()["version"], back.json()["state"]) == (200, 3, "live")
    shown = await owner.get(f"/v1/knowledge/documents/{document['id']}")
    assert (shown["version"], shown["live_version"], shown["state"]) == (3, 3, "ready")
    same = await owner.get(f"{path}/3/diff", params={"against": 1})
    assert (same["items"], same["kept"]) == ([], 2)
    assert (await owner.call("GET", f"{path}/9/diff")).status_code == 404
    assert (await owner.call("GET", f"{path}/x/diff")).status_code == 400
    assert (await owner.call("GET", "/v1/knowledge/documents/999999/versions")).status_code == 404
