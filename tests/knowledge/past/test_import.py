"""A file of past chats from the upload to the numbers: masked, once, resumable, and gone when told."""

import json
from typing import Any

import pytest

from tests.knowledge.past import chats
from tests.knowledge.past.conftest import PastRoom
from tests.workspaces.conftest import Browser
from yingke.kit.db import Database
from yingke.knowledge.past.imports import FORGET
from yingke.knowledge.questions.sort import sort_questions

PERSONAL = ("13800138", "小鹿", "文三路", "西湖区")


async def everything_stored(db: Database, browser: Browser) -> str:
    """All text of all tables that an import writes, as one string."""
    workspace_id = int(browser.me["workspace"]["id"])
    tables = ("past_imports", "past_mappings", "past_conversations", "past_messages", "past_topics", "asked_questions",
              "qa_pairs", "golden_questions", "events", "audit_log")  # fmt: skip
    found = []
    async with db.transaction(workspace_id) as tx:
        for table in tables:
            found += [row["row"] for row in await tx.fetch(f"select t::text as row from {table} t")]
    return "\n".join(found)


async def test_a_file_is_read_masked_and_leaves_the_server(past_room: PastRoom, db: Database) -> None:
    owner = await past_room.door.owner()
    done = await past_room.bring(owner, "导出.csv", chats.as_csv(chats.rows(40)))
    assert (done["state"], done["conversations"], done["messages"], done["skipped"]) == ("ready", 40, 240, 0)
    assert done["masked"] == 8 * 3
    assert done["has_file"] is False
    assert list(past_room.learning.folder.rglob("*")) == [] or not any(
        path.is_file() for path in past_room.learning.folder.rglob("*")
    )
    stored = await everything_stored(db, owner)
    assert "多久能发货" in stored
    for secret in PERSONAL:
        assert secret not in stored, secret


async def test_the_second_file_of_a_kind_needs_no_click_and_brings_nothing_twice(past_room: PastRoom) -> None:
    owner = await past_room.door.owner()
    first = await past_room.bring(owner, "一月.csv", chats.as_csv(chats.rows(20)))
    assert first["conversations"] == 20
    begun = await past_room.upload(owner, "二月.csv", chats.as_csv(chats.rows(30)))
    await past_room.work()
    second = await past_room.show(owner, begun["id"])
    assert (second["state"], second["conversations"], second["repeated"]) == ("ready", 10, 20)


async def test_an_unknown_kind_waits_for_a_person_and_shows_how_it_would_be_read(past_room: PastRoom) -> None:
    owner = await past_room.door.owner()
    begun = await past_room.upload(owner, "a.csv", chats.as_csv(chats.rows(5), "gb18030"))
    await past_room.work()
    assert (await past_room.show(owner, begun["id"]))["state"] == "mapping"
    path = f"/v1/knowledge/past/imports/{begun['id']}"
    look = await owner.post(f"{path}/preview")
    assert look["guess"]["columns"] == {
        "conversation": "会话ID", "time": "发送时间", "sender": "发送方", "text": "消息内容", "agent": "接待客服", "customer": "买家昵称",
    }  # fmt: skip
    assert look["guess"]["senders"] == {"客户": "contact", "客服": "agent"}
    assert len(look["rows"]) == 20
    assert look["rows"][0]["messages"][0] == {"sender": "contact", "text": "在吗", "sent_at": "2024-03-04T01:00:00Z"}
    assert "13800138" not in json.dumps(look["rows"], ensure_ascii=False)
    swapped = look["guess"] | {"senders": {"客户": "agent", "客服": "contact"}}
    again = await owner.post(f"{path}/preview", swapped)
    assert again["rows"][0]["messages"][0]["sender"] == "agent"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"columns": {"text": "消息内容", "sender": "发送方"}}, "columns.conversation"),
        ({"columns": {"text": "没有这列", "sender": "发送方", "conversation": "会话ID"}}, "columns.text"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
    ],
)
async def test_a_mapping_that_cannot_work_is_refused_naming_the_field(
    past_room: PastRoom, change: dict[str, Any], field: str
) -> None:
    owner = await past_room.door.owner()
    begun = await past_room.upload(owner, "a.csv", chats.as_csv(chats.rows(3)))
    await past_room.work()
    path = f"/v1/knowledge/past/imports/{begun['id']}"
    guess = (await owner.post(f"{path}/preview"))["guess"]
    answer = await owner.call("PUT", f"{path}/mapping", json=guess | change)
    assert answer.status_code == 400
    assert field in answer.json()["fields"]


async def test_rows_that_cannot_be_read_are_listed_with_their_reason(past_room: PastRoom) -> None:
    owner = await past_room.door.owner()
    lines = chats.as_csv(chats.rows(3)).decode().splitlines()
    lines[3] = "S20240000,昨天,客户,多久发货,小美,鹿,青松,网站"
    lines[5] = "S20240000,2024-03-04 09:00:00,客户,,小美,鹿,青松,网站"
    lines[6] = ",2024-03-04 09:00:00,客户,好的,小美,,青松,网站"
    done = await past_room.bring(owner, "a.csv", "\n".join(lines).encode())
    assert (done["state"], done["messages"], done["skipped"]) == ("ready", 15, 3)
    assert done["problems"] == [
        {"row": 3, "code": "bad_time"}, {"row": 5, "code": "no_text"}, {"row": 6, "code": "no_conversation"},
    ]  # fmt: skip


async def test_a_job_killed_between_two_batches_goes_on_without_doubling(past_room: PastRoom, db: Database) -> None:
    owner = await past_room.door.owner()
    await past_room.bring(owner, "first.csv", chats.as_csv(chats.rows(4)))
    begun = await past_room.upload(owner, "b.csv", chats.as_csv(list(chats.rows(320))[24:]))
    workspace_id = int(owner.me["workspace"]["id"])
    [job] = await past_room.claim()
    async with db.transaction(workspace_id) as tx:
        # What a first try had stored when it was killed: the state and a part of the conversations.
        await tx.execute("update past_imports set state = 'reading', progress = 0.4 where id = $1", int(begun["id"]))
        await tx.execute(
            "update past_imports set mapping = (select mapping from past_mappings) where id = $1", int(begun["id"])
        )
    await past_room.run(job)
    once = await past_room.show(owner, begun["id"])
    await past_room.run(job)
    assert await past_room.show(owner, begun["id"]) == once
    assert (once["state"], once["conversations"], once["messages"]) == ("ready", 316, 316 * 6)


async def test_a_cancelled_import_leaves_nothing_and_may_begin_again(past_room: PastRoom, db: Database) -> None:
    owner = await past_room.door.owner()
    await past_room.bring(owner, "first.csv", chats.as_csv(chats.rows(4)))
    begun = await past_room.upload(owner, "b.csv", chats.as_csv(list(chats.rows(40))[24:]))
    path = f"/v1/knowledge/past/imports/{begun['id']}"
    cancelled = await owner.post(f"{path}/cancellation")
    assert cancelled["state"] == "cancelled"
    await past_room.work()
    async with db.transaction(int(owner.me["workspace"]["id"])) as tx:
        left = "select count(*) from past_conversations where import_id = $1"
        assert await tx.fetchval(left, int(begun["id"])) == 0
    assert (await owner.call("POST", f"{path}/cancellation")).status_code == 409
    guess = (await owner.post(f"{path}/preview"))["guess"]
    assert (await owner.call("PUT", f"{path}/mapping", json=guess)).status_code == 202
    await past_room.work()
    assert (await past_room.show(owner, begun["id"]))["conversations"] == 36


async def test_a_deleted_import_takes_its_chats_and_questions_along(past_room: PastRoom, db: Database) -> None:
    owner = await past_room.door.owner()
    done = await past_room.bring(owner, "a.csv", chats.as_csv(chats.rows(12)))
    await sort_questions(db, past_room.learning.encoder, int(owner.me["workspace"]["id"]))
    assert (await owner.call("DELETE", f"/v1/knowledge/past/imports/{done['id']}")).status_code == 204
    assert (await owner.get("/v1/knowledge/past/imports"))["items"] == []
    assert (await owner.get("/v1/knowledge/past/baseline"))["pace"]["conversations"] == 0
    await past_room.work()
    async with db.transaction(int(owner.me["workspace"]["id"])) as tx:
        for table in (
            "past_imports",
            "past_conversations",
            "past_messages",
            "past_topics",
            "asked_questions",
            "question_clusters",
        ):
            assert await tx.fetchval(f"select count(*) from {table}") == 0, table
    again = await past_room.bring(owner, "a.csv", chats.as_csv(chats.rows(12)))
    assert (again["conversations"], again["repeated"]) == (12, 0)


async def test_a_file_that_nobody_maps_goes_after_a_day(past_room: PastRoom, db: Database) -> None:
    owner = await past_room.door.owner()
    begun = await past_room.upload(owner, "a.csv", chats.as_csv(chats.rows(3)))
    await past_room.work()
    async with db.transaction(int(owner.me["workspace"]["id"])) as tx:
        due = await tx.fetchval("select run_at - now() < interval '24 hours' from jobs where kind = $1", FORGET)
        assert due is True
        await tx.execute("update jobs set run_at = now() where kind = $1", FORGET)
    for job in await past_room.claim((FORGET,)):
        await past_room.run(job)
        await past_room.learning.finish([job])
    shown = await past_room.show(owner, begun["id"])
    assert (shown["state"], shown["reason"]["code"], shown["has_file"]) == ("failed", "file_gone", False)
    answer = await owner.call("POST", f"/v1/knowledge/past/imports/{begun['id']}/preview")
    assert (answer.status_code, answer.json()["code"]) == (409, "file_gone")


async def test_a_file_that_is_no_table_says_so(past_room: PastRoom) -> None:
    owner = await past_room.door.owner()
    done = await past_room.upload(owner, "a.xlsx", b"PK\x03\x04 not a workbook")
    await past_room.work()
    shown = await past_room.show(owner, done["id"])
    assert shown["state"] == "failed"
    assert shown["reason"]["text"]
