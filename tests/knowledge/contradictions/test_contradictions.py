"""Documents that contradict each other are listed, and the one that counts more answers."""

from typing import Any

from tests.conftest import Ground
from tests.door_of_rooms import Rooms
from tests.learning import Learning, caller_of
from tests.workspaces.conftest import Browser
from yingke.kit.jobs import Job
from yingke.knowledge.change_document import change_document
from yingke.knowledge.contradictions.find_contradictions import find_contradictions
from yingke.knowledge.contradictions.prefer import prefer
from yingke.knowledge.replace_file import replace_file

RULES = "# 售后规则\n\n## 多久发货?\n付款后 48 小时内发出。\n\n## 能退货吗?\n签收后 7 天内可以无理由退货。\n"
FAQ = "# 常见问题\n\n## 什么时候发货?\n付款后 72 小时内发出。\n\n## 会员有什么权益?\n会员生日当月双倍积分。\n"


async def compared(learning: Learning) -> None:
    """Works the comparisons that wait."""
    while True:
        async with learning.db.system() as tx:
            rows = await tx.fetch("select * from claim_jobs($1, 20, 60)", ["find_contradictions"])
        if not rows:
            return
        for row in rows:
            await find_contradictions(learning.db, learning.library, Job(**dict(row)))
        await learning.finish([Job(**dict(row)) for row in rows])


async def kept(ground: Ground) -> list[Any]:
    async with ground.db.transaction(ground.workspace_id) as tx:
        return list(await tx.fetch("select * from contradictions order by id"))


async def replaced(learning: Learning, ground: Ground, document_id: int, name: str, content: str) -> None:
    upload = await learning.keep(ground, name, content)
    async with ground.db.transaction(ground.workspace_id) as tx:
        await replace_file(tx, caller_of(ground), document_id, upload)
    await learning.work()
    await compared(learning)


async def test_two_documents_that_disagree_are_found_once(learning: Learning, ground: Ground) -> None:
    for name, content in (("售后规则.md", RULES), ("常见问题.md", FAQ)):
        await learning.learn(ground, name, content)
    await compared(learning)
    rows = await kept(ground)
    assert [{row["left_says"], row["right_says"]} for row in rows] == [{"付款后 48 小时内发出", "付款后 72 小时内发出"}]


async def test_it_goes_by_itself_when_a_version_agrees_and_stays_when_one_still_disagrees(
    learning: Learning, ground: Ground
) -> None:
    await learning.learn(ground, "售后规则.md", RULES)
    document_id = await learning.learn(ground, "常见问题.md", FAQ)
    await compared(learning)
    first = (await kept(ground))[0]
    await replaced(learning, ground, document_id, "常见问题.md", FAQ + "\n## 支持自提吗?\n支持到店自提。\n")
    rows = await kept(ground)
    assert [row["id"] for row in rows] == [first["id"]]
    assert {rows[0]["left_passage_id"], rows[0]["right_passage_id"]} != {
        first["left_passage_id"],
        first["right_passage_id"],
    }
    await replaced(learning, ground, document_id, "常见问题.md", FAQ.replace("72", "48"))
    assert await kept(ground) == []


async def test_what_was_called_no_contradiction_stays_so_in_the_next_version(
    learning: Learning, ground: Ground
) -> None:
    await learning.learn(ground, "售后规则.md", RULES)
    document_id = await learning.learn(ground, "常见问题.md", FAQ)
    await compared(learning)
    async with ground.db.transaction(ground.workspace_id) as tx:
        await tx.execute("update contradictions set state = 'ignored'")
    await replaced(learning, ground, document_id, "常见问题.md", FAQ.replace("双倍", "三倍"))
    assert [row["state"] for row in await kept(ground)] == ["ignored"]
    await replaced(learning, ground, document_id, "常见问题.md", FAQ.replace("72 小时", "96 小时"))
    assert sorted(row["state"] for row in await kept(ground)) == ["ignored", "open"]


async def test_of_two_that_disagree_the_higher_ranked_then_the_newer_is_preferred(
    learning: Learning, ground: Ground
) -> None:
    older = await learning.learn(ground, "售后规则.md", RULES)
    newer = await learning.learn(ground, "常见问题.md", FAQ)
    hits, overruled = prefer(await learning.find(ground, "付款后多久发货"))
    assert hits[0].entry.document_id == newer
    assert older not in {hit.entry.document_id for hit in hits if "小时" in hit.entry.text}
    assert [one.hit.entry.document_id for one in overruled] == [older]
    async with ground.db.transaction(ground.workspace_id) as tx:
        await change_document(tx, caller_of(ground), older, rank="high")
    hits, overruled = prefer(await learning.find(ground, "付款后多久发货"))
    assert hits[0].entry.document_id == older
    assert [one.hit.entry.document_id for one in overruled] == [newer]
    assert hits[0].rank == 1


async def test_hits_that_agree_are_left_as_they_are(learning: Learning, ground: Ground) -> None:
    await learning.learn(ground, "售后规则.md", RULES)
    await learning.learn(ground, "常见问题.md", FAQ.replace("72", "48"))
    found = await learning.find(ground, "付款后多久发货")
    assert prefer(found) == (found, [])
    assert prefer([]) == ([], [])


async def disagreeing(rooms: Rooms, owner: Browser) -> tuple[Any, Any, Any]:
    rules = await rooms.upload(owner, "售后规则.md", RULES)
    faq = await rooms.upload(owner, "常见问题.md", FAQ)
    await compared(rooms.learning)
    return rules, faq, (await owner.get("/v1/knowledge/contradictions"))["items"][0]


async def test_a_person_says_which_is_right(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    rules, faq, found = await disagreeing(rooms, owner)
    sides = {found["left"]["document_id"]: "left", found["right"]["document_id"]: "right"}
    assert set(sides) == {rules["id"], faq["id"]}
    assert found["answers"] == sides[faq["id"]]
    keep = sides[rules["id"]]
    settled = await owner.post(f"/v1/knowledge/contradictions/{found['id']}/settlement", {"keep": keep})
    assert (settled["state"], settled["answers"], settled[keep]["rank"]) == ("settled", keep, "high")
    assert (await owner.get(f"/v1/knowledge/documents/{rules['id']}"))["rank"] == "high"
    assert await owner.get("/v1/knowledge/contradiction-counts") == {"open": 0, "settled": 1, "ignored": 0}
    page = await owner.get("/v1/knowledge/contradictions", params={"state": "settled", "document_id": faq["id"]})
    assert [one["id"] for one in page["items"]] == [found["id"]]
    await owner.post(f"/v1/knowledge/contradictions/{found['id']}/reopening")
    ignored = await owner.post(f"/v1/knowledge/contradictions/{found['id']}/dismissal")
    assert ignored["state"] == "ignored"
    assert (await owner.get("/v1/knowledge/contradictions"))["items"] == []


async def test_what_nobody_could_be_told_at_one_time_is_not_listed(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    rules, _, _ = await disagreeing(rooms, owner)
    path = f"/v1/knowledge/documents/{rules['id']}"
    for change, back in (
        ({"audience": "staff"}, {"audience": "customer"}),
        ({"valid_to": "2020-01-01T00:00:00Z"}, {"valid_to": None}),
    ):
        await owner.call("PATCH", path, json=change)
        assert (await owner.get("/v1/knowledge/contradictions"))["items"] == []
        await owner.call("PATCH", path, json=back)
        assert len((await owner.get("/v1/knowledge/contradictions"))["items"]) == 1
    await owner.call("DELETE", path)
    assert (await owner.get("/v1/knowledge/contradiction-counts"))["open"] == 0


async def test_a_qa_pair_counts_more_than_a_document(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    await rooms.upload(owner, "售后规则.md", RULES)
    items = [{"questions": ["多久发货"], "answer": "付款后 24 小时内发出。"}]
    await owner.post("/v1/knowledge/qa-pairs", {"items": items})
    await compared(rooms.learning)
    found = (await owner.get("/v1/knowledge/contradictions"))["items"]
    assert len(found) == 1
    pair = "left" if found[0]["left"]["qa_pair_id"] else "right"
    document = "right" if pair == "left" else "left"
    assert found[0]["answers"] == pair
    path = f"/v1/knowledge/contradictions/{found[0]['id']}/settlement"
    refused = await owner.call("POST", path, json={"keep": document})
    assert (refused.status_code, refused.json()["code"]) == (409, "pair_counts_more")
    assert (await owner.post(path, {"keep": pair}))["state"] == "settled"


async def test_a_new_qa_pair_is_compared_by_a_job_of_its_own(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    await rooms.upload(owner, "售后规则.md", RULES)
    await compared(rooms.learning)
    items = [{"questions": ["多久发货"], "answer": "付款后 24 小时内发出。"}]
    pair = (await owner.post("/v1/knowledge/qa-pairs", {"items": items}))["items"][0]
    me = await owner.get("/v1/me")
    job = Job(0, int(me["workspace"]["id"]), "", "find_contradictions", "", {"qa_pair_id": int(pair["id"])}, 1)
    for _ in range(2):
        await find_contradictions(rooms.learning.db, rooms.learning.library, job)
    found = (await owner.get("/v1/knowledge/contradictions"))["items"]
    assert {found[0]["left"]["says"], found[0]["right"]["says"]} == {"付款后 48 小时内发出", "付款后 24 小时内发出"}
    assert len(found) == 1


async def test_another_workspaces_contradiction_does_not_exist(rooms: Rooms) -> None:
    ours, theirs = await rooms.door.owner(), await rooms.door.owner("other@example.com")
    _, _, found = await disagreeing(rooms, ours)
    assert (await theirs.get("/v1/knowledge/contradictions"))["items"] == []
    path = f"/v1/knowledge/contradictions/{found['id']}"
    for end, body in (("settlement", {"keep": "left"}), ("dismissal", None), ("reopening", None)):
        assert (await theirs.call("POST", f"{path}/{end}", json=body)).status_code == 404
