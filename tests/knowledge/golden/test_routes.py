"""Golden questions are kept, imported with their faults named, exported, grown, and never twice the same."""

import csv
import io
from typing import Any

import pytest

from tests.door_of_rooms import Rooms
from tests.workspaces.conftest import Browser, good


async def _items(owner: Browser, **query: str) -> list[Any]:
    return list((await owner.get("/v1/knowledge/golden", params=query))["items"])


async def _import(owner: Browser, content: bytes) -> Any:
    return await owner.call("POST", "/v1/knowledge/golden/import", files={"file": ("golden.csv", content)})


async def test_a_question_is_kept_once_changed_taken_away_and_brought_back(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    body = {
        "question": " 几天  发货？",
        "must_say": ["48 小时", ""],
        "intent": "shipping",
        "history": [{"from": "contact", "text": "在吗"}],
    }
    kept = await owner.post("/v1/knowledge/golden", body)
    assert len(kept["ids"]) == 1
    assert (await owner.post("/v1/knowledge/golden", body)) == {"ids": [], "known": 1}
    (item,) = await _items(owner)
    assert (item["question"], item["must_say"], item["expects"], item["is_passed"]) == (
        "几天 发货？",
        ["48 小时"],
        "answer",
        None,
    )
    changed = {"question": "多久发货？", "expects": "refusal"}
    good(await owner.call("PUT", f"/v1/knowledge/golden/{item['id']}", json=changed))
    (item,) = await _items(owner)
    assert (item["question"], item["expects"], item["must_say"], item["history"]) == ("多久发货？", "refusal", [], [])
    good(await owner.call("DELETE", f"/v1/knowledge/golden/{item['id']}"))
    assert await _items(owner) == []
    good(await owner.call("POST", f"/v1/knowledge/golden/{item['id']}/restoration"))
    assert [one["id"] for one in await _items(owner, q="发货")] == [item["id"]]
    assert await _items(owner, q="退货") == []


async def test_personal_numbers_are_not_kept(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    await owner.post("/v1/knowledge/golden", {"question": "13812345678 这个号能查积分吗"})
    assert "13812345678" not in (await _items(owner))[0]["question"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"question": " "}, "question"),
        ({"question": "x", "must_say": [str(n) for n in range(11)]}, "must_say"),
        ({"question": "x", "document_id": "999999999"}, "document_id"),
        ({"question": "x", "shop_id": "999999999"}, "shop_id"),
    ],
)
async def test_what_cannot_be_kept_names_its_field(rooms: Rooms, body: dict[str, Any], field: str) -> None:
    owner = await rooms.door.owner()
    answer = await owner.call("POST", "/v1/knowledge/golden", json=body)
    assert answer.status_code == 400
    assert field in answer.json()["fields"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
async def test_good_rows_are_taken_and_each_bad_row_says_why(rooms: Rooms, encoding: str) -> None:
    owner = await rooms.door.owner()
    text = (
        "问题,期望,必须包含,不能包含,意图,店铺,备注\n"
        "几天能发货？,回答,48 小时|两天,,shipping,,\n"
        "能便宜点吗？,看心情,,,,,\n"
        ",回答,,,,,没有问题\n"
        "有实体店吗？,,,,,不存在的店,\n"
        "我要人工,转人工,,,,,\n"
        "我要人工,转人工,,,,,又一次\n"
    )
    imported = good(await _import(owner, text.encode(encoding)))
    assert (imported["added"], imported["known"]) == (2, 1)
    assert [(fault["row"], fault["field"]) for fault in imported["faults"]] == [
        (3, "expects"),
        (4, "question"),
        (5, "shop"),
    ]
    kept = {item["question"]: (item["expects"], item["must_say"], item["intent"]) for item in await _items(owner)}
    assert kept == {"几天能发货？": ("answer", ["48 小时", "两天"], "shipping"), "我要人工": ("hand_off", [], None)}


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"a,b,c\n1,2,3\n", "标题,内容\n".encode(), b"\xff" * 100])
async def test_a_file_that_holds_no_questions_is_refused_with_a_way_out(rooms: Rooms, content: bytes) -> None:
    owner = await rooms.door.owner()
    answer = await _import(owner, content)
    assert (answer.status_code, answer.json()["code"]) == (400, "not_golden_csv")


async def test_the_template_and_the_export_can_be_imported(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    template = (await owner.call("GET", "/v1/knowledge/golden/template")).content
    assert good(await _import(owner, template))["faults"] == []
    await owner.post("/v1/knowledge/golden", {"question": "=1+1 等于几？"})
    exported = (await owner.call("GET", "/v1/knowledge/golden/export")).content
    rows = list(csv.reader(io.StringIO(exported.decode("utf-8-sig"))))
    assert "'=1+1 等于几？" in {row[0] for row in rows}
    other = await rooms.door.owner()
    assert good(await _import(other, exported))["added"] == 4
    assert {item["question"] for item in await _items(other)} == {item["question"] for item in await _items(owner)}


async def test_pairs_and_documents_become_golden_questions(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    pairs = await owner.post(
        "/v1/knowledge/qa-pairs", {"items": [{"questions": ["能开发票吗？"], "answer": "可以开电子发票。"}]}
    )
    ids = [pair["id"] for pair in pairs["items"]]
    assert len((await owner.post("/v1/knowledge/golden/growth", {"qa_pair_ids": ids}))["ids"]) == 1
    (item,) = await _items(owner)
    assert (item["question"], item["qa_pair_id"], item["pair"]) == ("能开发票吗？", ids[0], "能开发票吗？")
    stranger = await rooms.door.owner()
    assert (await stranger.post("/v1/knowledge/golden/growth", {"qa_pair_ids": ids}))["ids"] == []


async def test_the_gate_is_off_until_somebody_turns_it_on(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    assert await owner.get("/v1/knowledge/golden-gate") == {"is_on": False, "most_worse": 0}
    good(await owner.call("PUT", "/v1/knowledge/golden-gate", json={"is_on": True, "most_worse": 2}))
    assert await owner.get("/v1/knowledge/golden-gate") == {"is_on": True, "most_worse": 2}
