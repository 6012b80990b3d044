"""The numbers of the time before and of now, the conversations behind each, and what is asked again and again."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.knowledge.past import chats
from tests.knowledge.past.conftest import PastRoom
from tests.workspaces.conftest import Browser
from yingke.kit.db import Database

PATH = "/v1/knowledge/past"


async def talks(browser: Browser, **query: Any) -> list[Any]:
    return list((await browser.get(f"{PATH}/conversations", params={"limit": 200, **query}))["items"])


async def test_each_number_is_the_count_of_the_conversations_that_it_opens(past_room: PastRoom) -> None:
    owner = await past_room.door.owner()
    done = await past_room.bring(owner, "a.csv", chats.as_csv(chats.rows(60)))
    baseline = await owner.get(f"{PATH}/baseline", params={"import_id": done["id"]})
    pace = baseline["pace"]
    assert (pace["conversations"], pace["days"], pace["messages_each"]) == (60, 14, 6.0)
    assert (pace["first_reply_seconds"], pace["handling_seconds"], pace["without_person"]) == (20.0, 100.0, 0.0)
    assert sum(day["conversations"] for day in baseline["by_day"]) == 60
    for day in baseline["by_day"]:
        assert len(await talks(owner, day=day["day"])) == day["conversations"]
    for hour in baseline["by_hour"][:5]:
        assert len(await talks(owner, weekday=hour["weekday"], hour=hour["hour"])) == hour["conversations"]
    for agent in baseline["agents"]:
        assert len(await talks(owner, agent=agent["name"])) == agent["conversations"] == 30
    assert {hour["hour"] for hour in baseline["by_hour"]} <= set(range(9, 19)), "hours are the workspace's own"


async def test_the_list_is_paged_in_every_order_without_loss(past_room: PastRoom) -> None:
    owner = await past_room.door.owner()
    await past_room.bring(owner, "a.csv", chats.as_csv(chats.rows(23)))
    for order in ("newest", "slowest_reply", "longest"):
        seen: list[str] = []
        after = None
        for _ in range(10):
            query = {"limit": 5, "order": order} | ({"after": after} if after else {})
            page = await owner.get(f"{PATH}/conversations", params=query)
            seen += [one["id"] for one in page["items"]]
            after = page["next"]
            if after is None:
                break
        assert len(seen) == len(set(seen)) == 23, order
    answer = await owner.call("GET", f"{PATH}/conversations?after=nonsense")
    assert answer.status_code == 400


async def test_what_is_asked_again_and_again_becomes_a_topic_a_pair_and_a_golden_question(
    past_room: PastRoom, db: Database
) -> None:
    owner = await past_room.door.owner()
    await past_room.bring(owner, "a.csv", chats.as_csv(chats.rows(48)))
    topics = (await owner.get(f"{PATH}/topics"))["items"]
    assert len(topics) == 4
    shipping = next(topic for topic in topics if "发货" in topic["question"])
    assert shipping["times"] == 12
    assert len(shipping["phrasings"]) == 2
    assert "48" in shipping["answer"]
    assert shipping["must_say"] == ["48小时"]
    assert len(await talks(owner, topic_id=shipping["id"])) == 12
    ids = [topic["id"] for topic in topics if topic["answer"]]
    assert (await owner.post(f"{PATH}/golden-questions", {"topic_ids": ids}))["added"] == len(ids)
    async with db.transaction(int(owner.me["workspace"]["id"])) as tx:
        pair = await tx.fetchrow("select * from qa_pairs where id = $1", int(shipping["pair_id"]))
        golden = await tx.fetch("select question, origin, must_say from golden_questions")
        asked = await tx.fetchval("select count(*) from asked_questions where origin = 'past' and outcome = 'by_agent'")
    assert pair is not None
    assert (pair["state"], pair["origin"], len(pair["questions"])) == ("proposed", "past", 3)
    assert {(row["question"], row["origin"]) for row in golden} == {
        (topic["question"], "past") for topic in topics if topic["answer"]
    }
    assert asked == 48


async def test_agents_who_disagree_make_neither_pair_nor_golden_question(past_room: PastRoom, db: Database) -> None:
    owner = await past_room.door.owner()
    rows = []
    for number, answer in enumerate(["48小时内发货的", "24小时内就发出", "七天左右才能发货", "半个月后统一发货"]):
        key = f"S{number}"
        rows.append(chats.Row(key, chats.FIRST, "客户", "多久能发货", "小美", "甲"))
        rows.append(chats.Row(key, chats.FIRST + timedelta(seconds=9), "客服", answer, "小美", "甲"))
    await past_room.bring(owner, "a.csv", chats.as_csv(rows))
    [topic] = (await owner.get(f"{PATH}/topics"))["items"]
    assert (topic["answer"], topic["pair_id"], topic["times"]) == ("", None, 4)
    assert topic["agreement"] < 0.6
    assert (await owner.post(f"{PATH}/golden-questions", {"topic_ids": [topic["id"]]}))["added"] == 0
    async with db.transaction(int(owner.me["workspace"]["id"])) as tx:
        assert await tx.fetchval("select count(*) from qa_pairs") == 0


async def test_now_is_measured_like_before(past_room: PastRoom, db: Database) -> None:
    owner = await past_room.door.owner()
    workspace_id = int(owner.me["workspace"]["id"])
    begun = datetime.now(UTC) - timedelta(days=2)
    async with db.transaction(workspace_id) as tx:
        account = await tx.fetchval("select id from channel_accounts limit 1")
        shop = await tx.fetchval("select id from shops limit 1")
        for speaker in ("assistant", "agent"):
            contact = await tx.fetchval("insert into contacts (workspace_id) values ($1) returning id", workspace_id)
            identity = await tx.fetchval(
                "insert into identities (workspace_id, contact_id, channel_account_id) values ($1, $2, $3) returning id",
                workspace_id,
                contact,
                account,
            )
            conversation = await tx.fetchval(
                "insert into conversations (workspace_id, shop_id, channel_account_id, identity_id, contact_messages, last_seq,"
                " created_at, first_reply_at, last_message_at) values ($1, $2, $3, $4, 1, 2, $5, $6, $6) returning id",
                workspace_id, shop, account, identity, begun, begun + timedelta(seconds=30),
            )  # fmt: skip
            for seq, author in ((1, "contact"), (2, speaker)):
                await tx.execute(
                    "insert into messages (workspace_id, conversation_id, seq, author, text, created_at)"
                    " values ($1, $2, $3, $4, 'x', $5)",
                    workspace_id, conversation, seq, author, begun + timedelta(seconds=30 * (seq - 1)),
                )  # fmt: skip
    period = {"start": (begun - timedelta(days=1)).isoformat(), "end": datetime.now(UTC).isoformat()}
    pace = (await owner.get(f"{PATH}/now", params=period))["pace"]
    assert (pace["conversations"], pace["first_reply_seconds"], pace["handling_seconds"]) == (2, 30.0, 30.0)
    assert pace["without_person"] == 0.5
    behind = (await owner.get(f"{PATH}/now/conversations", params=period | {"without_person": True}))["items"]
    assert [one["is_without_person"] for one in behind] == [True]


async def test_another_workspace_and_an_agent_see_nothing(past_room: PastRoom) -> None:
    owner, stranger = await past_room.door.owner(), await past_room.door.owner()
    done = await past_room.bring(owner, "a.csv", chats.as_csv(chats.rows(8)))
    [talk, *_] = await talks(owner)
    [topic, *_] = (await owner.get(f"{PATH}/topics"))["items"]
    assert (await stranger.get(f"{PATH}/topics"))["items"] == []
    assert await talks(stranger, import_id=done["id"]) == []
    assert (await stranger.get(f"{PATH}/baseline", params={"import_id": done["id"]}))["pace"]["conversations"] == 0
    for method, path, body in (
        ("GET", f"{PATH}/imports/{done['id']}", None),
        ("POST", f"{PATH}/imports/{done['id']}/preview", None),
        ("PUT", f"{PATH}/imports/{done['id']}/mapping", {}),
        ("POST", f"{PATH}/imports/{done['id']}/cancellation", {}),
        ("DELETE", f"{PATH}/imports/{done['id']}", None),
        ("GET", f"{PATH}/conversations/{talk['id']}", None),
        ("POST", f"{PATH}/golden-questions", {"topic_ids": [topic["id"]]}),
    ):
        assert (await stranger.call(method, path, json=body)).status_code == 404, path
