"""A person decides: over HTTP, one by one and in bulk, and takes it back."""

from typing import Any

import pytest

from tests.conftest import Ground
from tests.door_of_rooms import Rooms
from tests.knowledge.pairs.conftest import change, compare, must_propose, read_pair
from tests.learning import Learning
from tests.workspaces.conftest import Browser, good
from yingke.kit.jobs import Job
from yingke.knowledge.pairs.duplicates import find_duplicates
from yingke.knowledge.pairs.propose_pair import propose_pair

QA = "/v1/knowledge/qa-pairs"


async def add_proposed(rooms: Rooms, owner: Browser, questions: list[str], answer: str, **more: Any) -> str:
    workspace_id = int(owner.me["workspace"]["id"])
    async with rooms.learning.db.transaction(workspace_id) as tx:
        pair_id = await propose_pair(
            tx, workspace_id, questions=questions, answer=answer, **{"origin": "agent", **more}
        )
    return str(pair_id)


async def asked(owner: Browser, question: str) -> list[str]:
    found = await owner.get("/v1/knowledge/search", params={"q": question})
    return [hit["text"] for hit in found["items"]]


async def listed(owner: Browser, **query: Any) -> list[str]:
    page = await owner.get(QA, params=query)
    return [pair["questions"][0] for pair in page["items"]]


async def test_an_approved_pair_answers_and_a_taken_back_one_no_longer(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    pair_id = await add_proposed(rooms, owner, ["几点发货？", "啥时候发"], "16:00 前付款当天发。")
    assert await listed(owner, state="proposed") == ["几点发货？"]
    assert await asked(owner, "几点发货") == []
    assert (await owner.post(f"{QA}/{pair_id}/approval"))["state"] == "live"
    assert await asked(owner, "几点发货") == ["16:00 前付款当天发。"]
    again = await owner.call("POST", f"{QA}/{pair_id}/approval")
    assert (again.status_code, again.json()["code"]) == (409, "pair_reviewed")
    good(await owner.call("DELETE", f"{QA}/{pair_id}/approval"))
    assert await asked(owner, "几点发货") == []
    assert (await owner.post(f"{QA}/{pair_id}/rejection"))["state"] == "rejected"
    assert (await owner.get(f"{QA}/counts"))["rejected"] == 1
    good(await owner.call("DELETE", f"{QA}/{pair_id}/rejection"))
    assert await listed(owner, state="proposed") == ["几点发货？"]


async def test_many_are_decided_about_at_once_by_filter(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    for number in range(5):
        await add_proposed(rooms, owner, [f"第 {number} 个问题"], f"答案 {number}")
    kept = await add_proposed(rooms, owner, ["另一个"], "答案", origin="past")
    done = await owner.post(f"{QA}/review", {"decision": "approve", "filter": {"state": "proposed", "origin": "agent"}})
    assert (len(done["ids"]), done["left"]) == (5, 0)
    assert [pair["id"] for pair in (await owner.get(QA, params={"state": "proposed"}))["items"]] == [kept]
    undone = await owner.post(f"{QA}/review", {"decision": "reopen", "ids": done["ids"]})
    assert sorted(undone["ids"]) == sorted(done["ids"])
    assert (await owner.get(f"{QA}/counts"))["proposed"] == 6
    both = await owner.call("POST", f"{QA}/review", json={"decision": "approve", "ids": [], "filter": {}})
    assert both.status_code == 400


async def test_the_list_is_filtered(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    body = {"questions": ["包邮吗"], "answer": "满 99 包邮。", "answers": {"en": "Free from 99."}}
    good(await owner.call("POST", QA, json={"items": [body, {"questions": ["能开票吗"], "answer": "可以。"}]}))
    assert await listed(owner) == ["能开票吗", "包邮吗"]
    assert await listed(owner, q="99") == ["包邮吗"]
    assert await listed(owner, missing="en") == ["能开票吗"]
    assert await listed(owner, origin="agent") == []
    page = await owner.get(QA, params={"limit": 1})
    assert await listed(owner, limit=1, after=page["next"]) == ["包邮吗"]
    assert (await owner.call("GET", QA, params={"state": "gone"})).status_code == 400


async def test_a_changed_pair_answers_in_its_new_words_and_languages(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    pair_id = (await owner.post(QA, {"items": [{"questions": ["包邮吗"], "answer": "满 99 包邮。"}]}))["items"][0]["id"]
    wish = {
        "questions": ["运费怎么算", "包邮吗"],
        "answer": "满 199 包邮。",
        "answers": {"en": "Free from 199.", "ja": "送料無料。"},
    }
    changed = good(await owner.call("PATCH", f"{QA}/{pair_id}", json=wish))
    assert (changed["questions"], changed["answers"]["en"], changed["is_edited"]) == (
        wish["questions"],
        "Free from 199.",
        True,
    )
    assert await asked(owner, "运费怎么算") == ["满 199 包邮。"]
    index = await rooms.learning.library.current(int(owner.me["workspace"]["id"]))
    assert index.entries[0].answers == {"en": "Free from 199.", "ja": "送料無料。"}
    less = good(await owner.call("PATCH", f"{QA}/{pair_id}", json={"answers": {"ja": ""}}))
    assert less["answers"] == {"en": "Free from 199."}
    refused: list[dict[str, Any]] = [
        {"questions": []},
        {"answer": " "},
        {"answers": {"x!": "y"}},
        {"shop_ids": ["99999"]},
        {"valid_from": "2026-02-01T00:00:00Z", "valid_to": "2026-01-01T00:00:00Z"},
    ]
    for bad in refused:
        assert (await owner.call("PATCH", f"{QA}/{pair_id}", json=bad)).status_code == 400


async def test_a_deleted_pair_can_be_restored(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    pair_id = (await owner.post(QA, {"items": [{"questions": ["包邮吗"], "answer": "满 99 包邮。"}]}))["items"][0]["id"]
    good(await owner.call("DELETE", f"{QA}/{pair_id}"))
    assert await asked(owner, "包邮吗") == []
    good(await owner.call("POST", f"{QA}/{pair_id}/restoration"))
    assert await asked(owner, "包邮吗") == ["满 99 包邮。"]
    assert (await owner.call("POST", f"{QA}/{pair_id}/restoration")).status_code == 404


async def test_the_source_shows_the_passage_and_its_quote(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    document = await rooms.upload(owner, "发货.md", "# 发货\n\n## 时间\n\n我们在杭州。每天 16:00 前付款当天发出。\n")
    workspace_id = int(owner.me["workspace"]["id"])
    async with rooms.learning.db.transaction(workspace_id) as tx:
        passage = await tx.fetchrow("select * from passages where document_id = $1", int(document["id"]))
    pair_id = await add_proposed(
        rooms, owner, ["几点发货"], "16:00 前。", origin="document", document_id=int(document["id"]),
        source_hash=passage["content_hash"], source_heading=passage["heading"], source_quote="每天 16:00 前付款当天发出。",
    )  # fmt: skip
    source = await owner.get(f"{QA}/{pair_id}/source")
    assert source["quote"] in source["text"]
    assert (source["document"], source["is_current"]) == ("发货", True)
    other = await add_proposed(rooms, owner, ["别的"], "没有出处。")
    assert (await owner.call("GET", f"{QA}/{other}/source")).status_code == 404


async def test_a_retired_pair_is_asked_again_of_the_new_text_or_kept_by_a_person(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    document = await rooms.upload(owner, "发货.md", "# 发货\n\n## 发货时间\n\n每天 18:00 前付款当天发出。\n")
    pair_id = await add_proposed(
        rooms, owner, ["什么时候发货？"], "每天 16:00 前付款当天发出。", origin="document", document_id=int(document["id"]),
        source_hash=b"gone", source_heading="发货 › 发货时间", source_quote="每天 16:00 前付款当天发出。",
    )  # fmt: skip
    workspace_id = int(owner.me["workspace"]["id"])
    retire = "update qa_pairs set state = 'retired', retired_for = 'changed' where id = $1"
    await change(rooms.learning.db, workspace_id, retire, int(pair_id))
    fresh = await owner.post(f"{QA}/{pair_id}/reproposal")
    assert (fresh["state"], fresh["answer"]) == ("proposed", "每天 18:00 前付款当天发出。")
    assert (await owner.call("POST", f"{QA}/{pair_id}/reproposal")).json()["code"] == "pair_exists"
    assert (await owner.get(QA, params={"state": "retired"}))["items"][0]["retired_for"] == "changed"
    assert (await owner.post(f"{QA}/{pair_id}/approval"))["state"] == "live"


async def test_a_program_without_the_right_and_an_agent_change_nothing(rooms: Rooms) -> None:
    owner, stranger = await rooms.door.owner(), await rooms.door.owner()
    pair_id = await add_proposed(rooms, owner, ["几点发货？"], "16:00 前。")
    for method, path, body in [
        ("POST", f"{QA}/{pair_id}/approval", None), ("DELETE", f"{QA}/{pair_id}/rejection", None),
        ("PATCH", f"{QA}/{pair_id}", {"answer": "x"}), ("DELETE", f"{QA}/merges/{pair_id}", None),
        ("POST", f"{QA}/{pair_id}/translations", {"languages": ["en"]}), ("POST", f"{QA}/{pair_id}/reproposal", None),
        ("GET", f"{QA}/{pair_id}", None), ("GET", f"{QA}/{pair_id}/source", None),
        ("POST", f"{QA}/merges", {"keep_id": pair_id, "other_ids": ["1"], "questions": ["x"], "answer": "y"}),
    ]:  # fmt: skip
        answer = await stranger.call(method, path, json=body) if body else await stranger.call(method, path)
        assert answer.status_code == 404, (method, path, answer.text)
    assert (await stranger.post(f"{QA}/review", {"decision": "approve", "ids": [pair_id]}))["ids"] == []
    assert (await owner.get(f"{QA}/{pair_id}"))["state"] == "proposed"


async def test_near_equal_questions_are_shown_together_and_merged_and_split(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    live = (await owner.post(QA, {"items": [{"questions": ["可以退货吗？"], "answer": "7 天内可退。"}]}))["items"][0][
        "id"
    ]
    near = await add_proposed(rooms, owner, ["能不能退货"], "签收 7 天内可以退。")
    await add_proposed(rooms, owner, ["可以换货吗？"], "可以换。")
    workspace_id = int(owner.me["workspace"]["id"])
    job = Job(1, workspace_id, "pairs", "pair_duplicates", "", {}, 1)
    await find_duplicates(rooms.learning.db, rooms.learning.encoder, job)
    groups = (await owner.get(f"{QA}/duplicates"))["items"]
    assert [[pair["id"] for pair in group["items"]] for group in groups] == [[live, near]]
    assert groups[0]["items"][1]["similarity"] > 0.85
    body = {
        "keep_id": live,
        "other_ids": [near],
        "questions": ["可以退货吗？", "能不能退货"],
        "answer": "签收 7 天内可以退。",
    }
    merged = await owner.post(f"{QA}/merges", body)
    assert (merged["is_merged"], merged["state"], len(merged["questions"])) == (True, "live", 2)
    assert await listed(owner, state="any") == ["可以换货吗？", "可以退货吗？"]
    assert (await asked(owner, "可以退货吗"))[:1] == ["签收 7 天内可以退。"]
    back = good(await owner.call("DELETE", f"{QA}/merges/{live}"))
    assert (back["questions"], back["answer"], back["is_merged"]) == (["可以退货吗？"], "7 天内可退。", False)
    assert sorted(await listed(owner, state="proposed")) == ["可以换货吗？", "能不能退货"]
    assert len((await owner.get(f"{QA}/duplicates"))["items"]) == 1
    assert (await owner.call("DELETE", f"{QA}/merges/{live}")).status_code == 404


async def test_what_a_person_told_apart_is_not_shown_together_again(
    ground: Ground, learning: Learning, rooms: Rooms
) -> None:
    owner = await rooms.door.owner()
    one = await add_proposed(rooms, owner, ["可以退货吗？"], "7 天内可退。")
    two = await add_proposed(rooms, owner, ["能不能退货"], "可以。")
    workspace_id = int(owner.me["workspace"]["id"])
    job = Job(1, workspace_id, "pairs", "pair_duplicates", "", {}, 1)
    await find_duplicates(learning.db, learning.encoder, job)
    assert len((await owner.get(f"{QA}/duplicates"))["items"]) == 1
    good(await owner.call("POST", f"{QA}/distinct", json={"ids": [one, two]}))
    await change(learning.db, workspace_id, "update qa_pairs set compared_at = null")
    await find_duplicates(learning.db, learning.encoder, job)
    assert (await owner.get(f"{QA}/duplicates"))["items"] == []
    good(await owner.call("POST", f"{QA}/distinct", json={"ids": [one, two], "are_distinct": False}))
    assert len((await owner.get(f"{QA}/duplicates"))["items"]) == 1


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("山岚 A1 多少钱？", "山岚 A2 多少钱？"),
        ("红色杯子多少钱", "蓝色杯子多少钱"),
        ("可以退货吗", "可以换货吗"),
        ("能机洗吗", "不能机洗吗"),
    ],
)
async def test_other_codes_colours_and_deeds_are_other_questions(
    ground: Ground, learning: Learning, one: str, two: str
) -> None:
    await must_propose(ground, [one], "答案一")
    second = await must_propose(ground, [two], "答案二")
    await compare(ground, learning)
    assert (await read_pair(ground, second))["duplicate_of"] is None
