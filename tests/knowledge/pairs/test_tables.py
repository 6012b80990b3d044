"""Pairs out to a spreadsheet program and in again, and answers in further languages."""

import csv
import io
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest

from tests.door_of_rooms import Rooms
from tests.emulators.chat_endpoint import ChatEndpoint
from tests.workspaces.conftest import Browser, good

QA = "/v1/knowledge/qa-pairs"


async def export(owner: Browser, format: str) -> bytes:
    answer = await owner.call("GET", f"{QA}/export", params={"format": format})
    assert answer.status_code == 200
    return bytes(answer.content)


async def take(owner: Browser, name: str, content: bytes) -> Any:
    return await owner.call("POST", f"{QA}/import", files={"file": (name, content)})


async def test_a_dangerous_cell_leaves_harmless_and_comes_back_as_it_was(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    for item in (
        {"questions": ['=HYPERLINK("http://x")', "+1 是什么"], "answer": "-1 到 @3"},
        {"questions": ["好吗"], "answer": "好", "answers": {"en": "Fine"}},
    ):
        good(await owner.call("POST", QA, json={"items": [item]}))
    rows = list(csv.reader(io.StringIO((await export(owner, "csv")).decode("utf-8-sig"))))
    assert rows[0][:4] == ["问题", "相似问法", "答案", "答案(en)"]
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in rows[1:] for cell in row)
    sheet = openpyxl.load_workbook(io.BytesIO(await export(owner, "xlsx"))).active
    assert sheet is not None
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row if cell.value} == {"s"}
    assert good(await take(owner, "qa.csv", await export(owner, "csv"))) == {
        "added": 0,
        "changed": 0,
        "skipped": 0,
        "rows": [],
    }


@pytest.mark.parametrize("format", ["csv", "xlsx"])
async def test_what_was_changed_in_the_spreadsheet_is_taken_in(rooms: Rooms, format: str) -> None:
    owner = await rooms.door.owner()
    table = '问题,相似问法,答案,答案(en),给谁看\n几点发货,"啥时候发\n多久发",16 点前当天发,Same day before 4 pm,\n底价多少,,八折,,仅客服\n没有答案,,,,\n'
    content = table.encode("gbk")
    if format == "xlsx":
        book = openpyxl.Workbook()
        assert book.active is not None
        for row in csv.reader(io.StringIO(table)):
            book.active.append(row)
        out = io.BytesIO()
        book.save(out)
        content = out.getvalue()
    taken = good(await take(owner, f"问答.{format}", content))
    assert (taken["added"], taken["changed"], taken["skipped"]) == (2, 0, 1)
    assert taken["rows"][0]["line"] == 4
    pairs = {pair["questions"][0]: pair for pair in (await owner.get(QA))["items"]}
    assert pairs["几点发货"]["questions"] == ["几点发货", "啥时候发", "多久发"]
    assert pairs["几点发货"]["answers"] == {"en": "Same day before 4 pm"}
    assert (pairs["底价多少"]["audience"], pairs["底价多少"]["origin"]) == ("staff", "import")
    changed = (await export(owner, "csv")).decode("utf-8-sig").replace("16 点前当天发", "18 点前当天发")
    assert good(await take(owner, "qa.csv", changed.encode()))["changed"] == 1
    assert "18 点前当天发" in [pair["answer"] for pair in (await owner.get(QA))["items"]]


async def test_a_table_without_the_columns_says_which_are_needed(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    answer = await take(owner, "x.csv", "名称,价格\n灯,3\n椅,4\n".encode())
    assert (answer.status_code, "问题" in answer.json()["fields"]["file"]) == (400, True)


async def test_a_translation_is_marked_until_a_person_has_looked(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    body = {"items": [{"questions": ["发货？"], "answer": "[1] 说明\n16:00 前付款当天发，电话 13800138000。"}]}
    pair_id = (await owner.post(QA, body))["items"][0]["id"]
    without = await owner.call("POST", f"{QA}/{pair_id}/translations", json={"languages": ["en"]})
    assert (without.status_code, without.json()["code"]) == (409, "no_model")
    async with ChatEndpoint() as endpoint:
        model = {
            "name": "m",
            "base_url": endpoint.base_url,
            "model": "normal",
            "location": "mainland",
            "is_enabled": True,
        }
        good(await owner.call("POST", "/v1/model-endpoints", json=model))
        translated = await owner.post(f"{QA}/{pair_id}/translations", {"languages": ["en"]})
        assert "13800138000" not in str(endpoint.seen[-1].body)
        endpoint.behave("unauthorized")
        good(await owner.call("PATCH", f"{QA}/{pair_id}", json={"answers": {}}))
    assert translated["machine_languages"] == ["en"]
    assert "13800138000" in translated["answers"]["en"]
    looked_at = good(await owner.call("PATCH", f"{QA}/{pair_id}", json={"answers": translated["answers"]}))
    assert looked_at["machine_languages"] == []
