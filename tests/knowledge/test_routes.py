"""Knowledge over HTTP, as the workbench and programs use it."""

from typing import Any

import pytest

from tests.door_of_rooms import Rooms
from tests.workspaces.conftest import Browser, good

SHIPPING = "# 发货\n\n## 多久发货?\n每天 16:00 前付款当天发出,其余 48 小时内发出。\n\n## 能退货吗?\n签收后 7 天内可以无理由退货。\n"


async def found(browser: Browser, question: str, **query: str) -> list[Any]:
    page = await browser.get("/v1/knowledge/search", params={"q": question, **query})
    return list(page["items"])


async def test_upload_follow_search_and_read_the_passages(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    document = await rooms.upload(owner, "发货与物流.md", SHIPPING)
    assert (document["state"], document["passages"], document["version"]) == ("ready", 2, 1)
    assert (document["audience"], document["shop_ids"], document["reason"]) == ("customer", None, None)
    assert document["size"] == len(SHIPPING.encode())
    hits = await found(owner, "什么时候发货")
    assert "16:00" in hits[0]["text"]
    assert hits[0]["document_id"] == document["id"]
    assert 0 < hits[0]["score"] <= 1
    first = await owner.get(f"/v1/knowledge/documents/{document['id']}/passages", params={"limit": 1})
    rest = await owner.get(f"/v1/knowledge/documents/{document['id']}/passages", params={"after": first["next"]})
    assert "16:00" in first["items"][0]["text"]
    assert "7 天" in rest["items"][0]["text"]
    assert rest["next"] is None


async def test_a_repeated_upload_with_one_key_is_one_document(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    ids = set()
    for _ in range(2):
        answer = await owner.call(
            "POST",
            "/v1/knowledge/documents",
            files={"file": ("a.md", SHIPPING.encode())},
            headers={"Idempotency-Key": "k1"},
        )
        ids.add(good(answer)["id"])
    other = await owner.call(
        "POST", "/v1/knowledge/documents", files={"file": ("b.md", b"# b\n\nb")}, headers={"Idempotency-Key": "k1"}
    )
    assert len(ids) == 1
    assert other.status_code == 409


async def test_the_list_is_paged_newest_first(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    names = [f"第{n}份.md" for n in range(5)]
    for name in names:
        await rooms.upload(owner, name, SHIPPING)
    seen, after = [], None
    while True:
        page = await owner.get("/v1/knowledge/documents", params={"limit": 2} | ({"after": after} if after else {}))
        seen += [document["name"] for document in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert seen == names[::-1]


async def test_audience_and_shops_come_with_the_form(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    shop = owner.me["shops"][0]["id"]
    document = await rooms.upload(owner, "口径.md", SHIPPING, audience="staff", shop_ids=shop)
    assert (document["audience"], document["shop_ids"]) == ("staff", [shop])
    assert await found(owner, "多久发货", shop_id=shop, audience="customer") == []
    assert await found(owner, "多久发货", shop_id=shop, audience="staff")


@pytest.mark.parametrize(
    ("fields", "field"), [({"audience": "everybody"}, "audience"), ({"shop_ids": "999999999"}, "shop_ids")]
)
async def test_a_bad_form_is_refused_naming_the_field(rooms: Rooms, fields: dict[str, str], field: str) -> None:
    owner = await rooms.door.owner()
    answer = await owner.call(
        "POST", "/v1/knowledge/documents", files={"file": ("a.md", SHIPPING.encode())}, data=fields
    )
    assert answer.status_code == 400
    assert field in answer.json()["fields"]
    assert (await owner.get("/v1/knowledge/documents"))["items"] == []


async def test_a_form_without_a_file_and_an_empty_file_are_refused(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    missing = await owner.call("POST", "/v1/knowledge/documents", files={"other": ("a.md", b"x")})
    assert missing.status_code == 400
    empty = await owner.call("POST", "/v1/knowledge/documents", files={"file": ("a.md", b"")})
    assert (empty.status_code, empty.json()["code"]) == (422, "empty_file")


async def test_a_file_name_cannot_leave_its_folder_or_hide_its_extension(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    document = await rooms.upload(owner, "../..\\etc/\u202egpj.md", SHIPPING)
    assert "/" not in document["name"]
    assert "\\" not in document["name"]
    assert "\u202e" not in document["name"]
    assert document["state"] == "ready"


async def test_a_held_document_says_why_in_the_callers_language(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    document = await rooms.upload(owner, "赔付口径-仅内部.md", SHIPPING)
    assert document["state"] == "held"
    assert document["reason"]["code"] == "looks_internal"
    assert "内部" in document["reason"]["text"]
    english = await owner.get(f"/v1/knowledge/documents/{document['id']}", headers={"Accept-Language": "en"})
    assert "internal" in english["reason"]["text"]
    bad = await owner.call("POST", f"/v1/knowledge/documents/{document['id']}/release", json={"audience": "all"})
    assert bad.status_code == 400
    good(await owner.call("POST", f"/v1/knowledge/documents/{document['id']}/release", json={"audience": "staff"}))
    await rooms.learning.work()
    assert (await owner.get(f"/v1/knowledge/documents/{document['id']}"))["state"] == "ready"
    assert await found(owner, "多久发货", audience="customer") == []


async def test_replace_change_delete_restore(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    document = await rooms.upload(owner, "发货.md", SHIPPING)
    path = f"/v1/knowledge/documents/{document['id']}"
    changed = SHIPPING.replace("16:00", "14:30").encode()
    answer = good(await owner.call("PUT", f"{path}/file", files={"file": ("发货2.md", changed)}))
    assert (answer["state"], answer["version"]) == ("queued", 2)
    await rooms.learning.work()
    assert "14:30" in (await found(owner, "多久发货"))[0]["text"]
    renamed = await owner.patch(path, {"name": "发货规则", "valid_to": "2020-01-01T00:00:00Z"})
    assert (renamed["name"], renamed["valid_to"]) == ("发货规则", "2020-01-01T00:00:00Z")
    assert await found(owner, "多久发货") == []
    await owner.patch(path, {"valid_to": None})
    assert await found(owner, "多久发货")
    good(await owner.call("DELETE", path))
    assert (await owner.call("GET", path)).status_code == 404
    assert await found(owner, "多久发货") == []
    assert (await owner.post(f"{path}/restoration"))["state"] == "ready"
    assert await found(owner, "多久发货")


async def test_validity_must_make_sense(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    document = await rooms.upload(owner, "发货.md", SHIPPING)
    path = f"/v1/knowledge/documents/{document['id']}"
    body = {"valid_from": "2026-02-01T00:00:00Z", "valid_to": "2026-01-01T00:00:00Z"}
    answer = await owner.call("PATCH", path, json=body)
    assert answer.status_code == 400
    assert "valid_to" in answer.json()["fields"]


async def test_another_workspaces_document_does_not_exist(rooms: Rooms) -> None:
    ours, theirs = await rooms.door.owner(), await rooms.door.owner()
    document = await rooms.upload(ours, "发货.md", SHIPPING)
    pair = await ours.post("/v1/knowledge/qa-pairs", {"items": [{"questions": ["几点上班"], "answer": "九点"}]})
    path = f"/v1/knowledge/documents/{document['id']}"
    for method, address, body in (
        ("GET", path, None),
        ("GET", f"{path}/passages", None),
        ("PATCH", path, {"name": "x"}),
        ("POST", f"{path}/retry", None),
        ("POST", f"{path}/release", None),
        ("POST", f"{path}/restoration", None),
        ("DELETE", path, None),
        ("DELETE", f"/v1/knowledge/qa-pairs/{pair['items'][0]['id']}", None),
    ):
        assert (await theirs.call(method, address, json=body)).status_code == 404, (method, address)
    upload = await theirs.call("PUT", f"{path}/file", files={"file": ("a.md", b"# a\n\nb")})
    assert upload.status_code == 404
    assert await found(theirs, "多久发货") == []
    assert await found(ours, "多久发货")


async def test_qa_pairs_answer_at_once_and_replace_by_external_id(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    item = {"external_id": "faq-1", "questions": ["你们几点上班", "客服什么时候在"], "answer": "每天 9:00 到 22:00。"}
    first = await owner.post("/v1/knowledge/qa-pairs", {"items": [item]})
    assert (await found(owner, "客服几点在线"))[0]["text"] == "每天 9:00 到 22:00。"
    second = await owner.post("/v1/knowledge/qa-pairs", {"items": [{**item, "answer": "每天 8:00 到 20:00。"}]})
    assert first["items"][0]["id"] == second["items"][0]["id"]
    assert [hit["text"] for hit in await found(owner, "客服几点在线")] == ["每天 8:00 到 20:00。"]
    listed = await owner.get("/v1/knowledge/qa-pairs")
    assert [pair["questions"][0] for pair in listed["items"]] == ["你们几点上班"]
    good(await owner.call("DELETE", f"/v1/knowledge/qa-pairs/{first['items'][0]['id']}"))
    assert await found(owner, "客服几点在线") == []


@pytest.mark.parametrize(
    "items",
    [
        [],
        [{"questions": [], "answer": "a"}],
        [{"questions": ["  "], "answer": "a"}],
        [{"questions": ["q"], "answer": " "}],
        [{"questions": ["q\0"], "answer": "a"}],
        [{"questions": ["q"], "answer": "a" * 4001}],
        [
            {"questions": ["q"], "answer": "a", "external_id": "x"},
            {"questions": ["r"], "answer": "b", "external_id": "x"},
        ],
        [{"questions": ["q"], "answer": "a", "shop_ids": ["999999"]}],
    ],
)
async def test_bad_qa_pairs_store_nothing(rooms: Rooms, items: list[Any]) -> None:
    owner = await rooms.door.owner()
    answer = await owner.call("POST", "/v1/knowledge/qa-pairs", json={"items": items})
    assert answer.status_code == 400, answer.text
    assert (await owner.get("/v1/knowledge/qa-pairs"))["items"] == []


async def test_a_gap_resolved_with_an_answer_is_answered(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    workspace, shop = int(owner.me["workspace"]["id"]), int(owner.me["shops"][0]["id"])
    async with rooms.door.db.transaction(workspace) as tx:
        for question, times in (("灯能带上飞机吗", 5), ("能发德国吗", 2), ("有没有实体店", 9)):
            await tx.execute(
                "insert into gaps (workspace_id, shop_id, question, times) values ($1, $2, $3, $4)",
                workspace,
                shop,
                question,
                times,
            )
    page = await owner.get("/v1/knowledge/gaps", params={"limit": 2})
    rest = await owner.get("/v1/knowledge/gaps", params={"after": page["next"]})
    listed = [gap["question"] for gap in page["items"] + rest["items"]]
    assert listed == ["有没有实体店", "灯能带上飞机吗", "能发德国吗"]
    body = {"answer": "锂电池额定能量不超过 100Wh 的灯可以随身携带。"}
    good(await owner.call("POST", f"/v1/knowledge/gaps/{page['items'][1]['id']}/resolution", json=body))
    good(await owner.call("POST", f"/v1/knowledge/gaps/{page['items'][0]['id']}/resolution", json={}))
    assert [gap["question"] for gap in (await owner.get("/v1/knowledge/gaps"))["items"]] == ["能发德国吗"]
    assert "100Wh" in (await found(owner, "灯可以带上飞机吗"))[0]["text"]
    again = await owner.call("POST", f"/v1/knowledge/gaps/{page['items'][0]['id']}/resolution", json={})
    assert again.status_code == 404


async def test_the_sample_can_be_learned_and_answers(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    for language, question, word in (("zh-CN", "多久发货", "16:00"), ("en", "How long is the warranty?", "1 year")):
        sample = await owner.call("GET", "/v1/knowledge/sample", headers={"Accept-Language": language})
        assert sample.headers["content-type"].startswith("text/markdown")
        assert "attachment" in sample.headers["content-disposition"]
        document = await rooms.upload(owner, "sample.md", sample.content)
        assert document["state"] == "ready"
        assert word in (await found(owner, question))[0]["text"]


async def test_an_agent_reads_but_does_not_write(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    key = (await owner.post("/v1/api-keys", {"name": "k", "scopes": ["knowledge:read"]}))["key"]
    program = rooms.door.program(key)
    await program.get("/v1/knowledge/documents")
    refused = await program.call("POST", "/v1/knowledge/documents", files={"file": ("a.md", b"# a\n\nb")})
    assert refused.status_code == 403
    assert (await rooms.door.browser().call("GET", "/v1/knowledge/documents")).status_code == 401
