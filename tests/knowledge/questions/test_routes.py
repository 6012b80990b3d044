"""Frequent questions, gaps and their answers over HTTP: what a shop owner does with them."""

from typing import Any

from tests.conftest import Ground
from tests.conversations.stage import Stage
from tests.door_of_rooms import Rooms
from tests.knowledge.questions.conftest import Asking
from tests.workspaces.conftest import Browser, good
from yingke.conversations.receive import Receiver
from yingke.conversations.reply import Replier

SHIPPING = "# 发货\n\n## 多久发货?\n每天 16:00 前付款当天发出,其余 48 小时内发出。\n"


async def _asking(rooms: Rooms, owner: Browser) -> Asking:
    """The signed-in workspace with visitors in it."""
    me = await owner.get("/v1/me")
    workspace = int(me["workspace"]["id"])
    db = rooms.door.db
    async with db.transaction(workspace) as tx:
        row = await tx.fetchrow(
            "select c.id, c.shop_id, s.site_key from channel_accounts c join shops s on s.id = c.shop_id"
        )
    ground = Ground(db, workspace, row["shop_id"], row["id"], int(me["agent"]["id"]), row["site_key"])
    return Asking(Stage(ground, Receiver(db, "test"), Replier(db)), rooms.learning)


async def _open(rooms: Rooms) -> tuple[Browser, Asking]:
    owner = await rooms.door.owner()
    shops = (await owner.get("/v1/shops"))["items"]
    if not shops:
        await owner.post("/v1/shops", {"name": "青松小店"})
    return owner, await _asking(rooms, owner)


async def _ask_around(asking: Asking) -> int:
    """A conversation with a gap, among others."""
    gap, _ = await asking.talk("台灯能调亮度吗？")
    await asking.talk("请问台灯可以调节亮度吗")
    await asking.talk("台灯能不能调亮度呀")
    await asking.talk("多久发货？", answers=True)
    await asking.follow()
    return gap


async def _list(owner: Browser, view: str, **more: str) -> Any:
    return await owner.get("/v1/knowledge/questions", params={"view": view, **more})


async def test_what_is_asked_is_counted_and_opens_its_conversations(rooms: Rooms) -> None:
    owner, asking = await _open(rooms)
    await rooms.upload(owner, "发货.md", SHIPPING)
    gap = await _ask_around(asking)
    page = await _list(owner, "frequent")
    shown = {item["question"]: item for item in page["items"]}
    assert page["total"] == 4
    assert {name: (item["times"], item["coverage"]) for name, item in shown.items()} == {
        "台灯能调亮度吗？": (3, "none"),
        "多久发货？": (1, "covered"),
    }
    lamp = shown["台灯能调亮度吗？"]
    assert (lamp["share"], lamp["unanswered"], lamp["times_before"]) == (0.75, 3, 0)
    assert str(gap) in {sample["conversation_id"] for sample in lamp["samples"]}
    assert page["covered"] == 1
    assert [item["question"] for item in (await _list(owner, "gaps"))["items"]] == ["台灯能调亮度吗？"]
    assert [item["question"] for item in (await _list(owner, "worth"))["items"]] == ["台灯能调亮度吗？"]
    assert (await _list(owner, "badly_rated"))["items"] == []
    assert (await _list(owner, "frequent", **{"from": "2020-01-01", "to": "2020-01-31"}))["items"] == []


async def test_an_answer_is_tried_on_all_wordings_at_once(rooms: Rooms) -> None:
    owner, asking = await _open(rooms)
    await _ask_around(asking)
    cluster = next(one for one in (await _list(owner, "gaps"))["items"] if "台灯" in one["question"])
    body = {"answer": "台灯有三档亮度，长按开关就能切换。"}
    path = f"/v1/knowledge/questions/{cluster['id']}/answer"
    before = good(await owner.call("POST", f"/v1/knowledge/questions/{cluster['id']}/retest"))
    assert before["answered"] == 0
    sent = [good(await owner.call("POST", path, json=body, headers={"Idempotency-Key": "a1"})) for _ in range(2)]
    assert sent[0]["pair_id"] == sent[1]["pair_id"]
    assert (sent[0]["answered"], len(sent[0]["tried"])) == (3, 3)
    assert all("三档亮度" in one["answer"] for one in sent[0]["tried"])
    assert "台灯能调亮度吗？" not in {one["question"] for one in (await _list(owner, "gaps"))["items"]}
    frequent = {one["question"]: one for one in (await _list(owner, "frequent"))["items"]}
    assert frequent["台灯能调亮度吗？"]["coverage"] == "covered"
    assert frequent["台灯能调亮度吗？"]["answered_at"]


async def test_a_question_put_aside_comes_back_when_that_is_undone(rooms: Rooms) -> None:
    owner, asking = await _open(rooms)
    await _ask_around(asking)
    cluster = next(one for one in (await _list(owner, "gaps"))["items"] if "台灯" in one["question"])
    path = f"/v1/knowledge/questions/{cluster['id']}/dismissal"
    good(await owner.call("POST", path))
    assert cluster["id"] not in {one["id"] for one in (await _list(owner, "gaps"))["items"]}
    assert [one["id"] for one in (await _list(owner, "dismissed"))["items"]] == [cluster["id"]]
    good(await owner.call("DELETE", path))
    assert cluster["id"] in {one["id"] for one in (await _list(owner, "gaps"))["items"]}


async def test_a_question_in_the_wrong_place_is_moved_out_and_clusters_are_joined(rooms: Rooms) -> None:
    owner, asking = await _open(rooms)
    await _ask_around(asking)
    lamp = next(one for one in (await _list(owner, "frequent"))["items"] if "台灯" in one["question"])
    detail = await owner.get(f"/v1/knowledge/questions/{lamp['id']}")
    stray = next(one for one in detail["asked"] if one["text"] != lamp["question"])
    moved = await owner.post(f"/v1/knowledge/questions/{lamp['id']}/moves", {"asked_id": stray["id"]})
    shown = {one["id"]: (one["question"], one["times"]) for one in (await _list(owner, "frequent"))["items"]}
    assert shown[moved["id"]] == (stray["text"], 1)
    assert shown[lamp["id"]][1] == 2
    await owner.post(f"/v1/knowledge/questions/{moved['id']}/moves", {"to_id": lamp["id"]})
    times = {one["id"]: one["times"] for one in (await _list(owner, "frequent"))["items"]}
    assert times[lamp["id"]] == 3
    assert moved["id"] not in times


async def test_another_workspace_sees_and_changes_nothing(rooms: Rooms) -> None:
    owner, asking = await _open(rooms)
    await _ask_around(asking)
    cluster = (await _list(owner, "frequent"))["items"][0]
    stranger = await rooms.door.owner()
    assert (await _list(stranger, "frequent"))["items"] == []
    for method, tail, body in (("GET", "", None), ("POST", "/answer", {"answer": "x"}), ("POST", "/dismissal", None),
                               ("POST", "/retest", None), ("POST", "/moves", {"to_id": cluster["id"]})):  # fmt: skip
        answer = await stranger.call(method, f"/v1/knowledge/questions/{cluster['id']}{tail}", json=body)
        assert answer.status_code in (400, 404), (method, tail)
