"""Leads where something is out of the ordinary: the order of words, the writing, the contact, the people."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.assistants.camp import Customer, new_customer, stock_camp
from tests.assistants.leads.stage import follow_ups, judge, talk, write
from tests.conftest import Ground
from tests.learning import Learning
from yingke.assistants.leads.note_lead import LONGEST_TITLE, NAMELESS, note_lead
from yingke.assistants.sense_later import KIND as SENSE
from yingke.assistants.sense_later import sense_messages
from yingke.assistants.told.judge_soon import KIND, judge_soon
from yingke.contacts.keep_details import keep_details
from yingke.conversations.follow_ups.follow_up import Item, change_follow_up, get_follow_up, open_follow_up
from yingke.conversations.follow_ups.list_follow_ups import Wanted, count_follow_ups, list_follow_ups
from yingke.kit.errors import Problem
from yingke.kit.jobs import Job

NUMBER = "13800000417"
BUYS = "我想买两个羽绒睡袋"


@pytest.fixture
async def customer(ground: Ground, learning: Learning) -> Customer:
    await stock_camp(ground)
    return await new_customer(ground, learning)


async def tell(ground: Ground, conversation_id: int, reason: str = "") -> None:
    """A number that was told in this conversation."""
    async with ground.db.transaction(ground.workspace_id) as tx:
        await keep_details(tx, ground.workspace_id, conversation_id, 1, [("phone", NUMBER)], reason)


async def look(ground: Ground, conversation_id: int) -> Any:
    """Does the job for a conversation; its lead, or None."""
    await note_lead(ground.db, Job(0, ground.workspace_id, "", KIND, f"{conversation_id}:1", {}, 1))
    found = [one for one in await follow_ups(ground) if one["conversation_id"] == conversation_id]
    return found[0] if found else None


async def change(ground: Ground, row: Any, **changes: Any) -> None:
    async with ground.db.transaction(ground.workspace_id) as tx:
        locked = await get_follow_up(tx, ground.workspace_id, row["id"], None, lock=True)
        await change_follow_up(tx, locked, changes, ground.agent_id)


async def test_a_number_told_first_and_the_wish_to_buy_later_are_a_lead(ground: Ground, customer: Customer) -> None:
    await talk(customer, f"在吗，我的电话是{NUMBER}")
    await judge(ground)
    assert await follow_ups(ground) == []
    await talk(customer, "我想买两个羽绒睡袋，怎么下单")
    await judge(ground)
    (lead,) = await follow_ups(ground)
    assert lead["lead"]["grade"] == "hot"


async def test_what_is_told_while_a_job_runs_is_judged_by_another(ground: Ground, customer: Customer) -> None:
    await talk(customer, f"在吗，我的电话是{NUMBER}")
    async with ground.db.transaction(ground.workspace_id) as tx:
        await tx.execute("update jobs set leased_until = now() + interval '1 minute' where kind = $1", KIND)
    await talk(customer, BUYS)
    async with ground.db.transaction(ground.workspace_id) as tx:
        waiting = await tx.fetchval("select count(*) from jobs where kind = $1 and leased_until is null", KIND)
        lanes = await tx.fetchval("select count(distinct lane) from jobs where kind = $1", KIND)
    assert (waiting, lanes) == (1, 1)


async def test_who_tells_a_person_how_to_reach_him_and_what_he_wants_is_a_lead_too(
    ground: Ground, learning: Learning
) -> None:
    """Nobody but people speaks in this conversation: the assistants only listen."""
    conversation_id, _ = await ground.new_conversation()
    for seq, text in ((1, f"加我，电话 {NUMBER}"), (2, "我们公司想采购50个帐篷")):
        await write(ground, conversation_id, seq, text)
        await sense_messages(
            ground.db, learning.encoder, Job(0, ground.workspace_id, "", SENSE, f"{conversation_id}:{seq}", {}, 1)
        )
    assert await judge(ground) == 2
    (lead,) = await follow_ups(ground)
    assert "bulk" in lead["lead"]["reasons"]


@pytest.mark.parametrize(
    "text",
    [
        BUYS + "，" + "很" * 4_900,
        "我想买" + "😀👨‍👩‍👧‍👦" * 200,
        "我想买\x07两个\x1b[31m睡袋\x7f",
        "我想买\u202e袋睡个两\u200b",
        "我想买\n\n\n\t两个\r\n睡袋",
        "我想买 <script>alert(1)</script> %s {0} $1 ' \" ;--",
        "𠮷野家我想买两个",
    ],
)
async def test_whatever_is_written_the_job_ends_with_a_title_that_can_be_shown(ground: Ground, text: str) -> None:
    conversation_id, _ = await ground.new_conversation()
    await write(ground, conversation_id, 1, text)
    await tell(ground, conversation_id)
    lead = await look(ground, conversation_id)
    assert 0 < len(lead["title"]) <= LONGEST_TITLE
    assert not any(ord(mark) < 32 or ord(mark) == 127 for mark in lead["title"])


async def test_a_lead_whose_words_were_taken_back_still_has_a_name(ground: Ground) -> None:
    conversation_id, _ = await ground.new_conversation()
    await write(ground, conversation_id, 1, BUYS)
    await tell(ground, conversation_id)
    async with ground.db.transaction(ground.workspace_id) as tx:
        await tx.execute("update messages set recalled_at = now() where conversation_id = $1", conversation_id)
        await tx.execute(
            "insert into traces (workspace_id, conversation_id, through_seq, data) values ($1, $2, 1, $3)",
            ground.workspace_id,
            conversation_id,
            {"intent": ["price_promotion", 0.9]},
        )
    assert (await look(ground, conversation_id))["title"] == NAMELESS


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("想买两个，微信 camp_buyer01，谢谢", "想买两个，微信 ca***01，谢谢"),
        ("我想买十个，１３８ ００００ ０４１７", "我想买十个，138****0417"),
        ("我想买两个" * 40, "我想买两个" * 15 + "我想买两…"),
    ],
)
async def test_the_title_hides_how_he_can_be_reached_and_says_where_it_ends(
    ground: Ground, text: str, title: str
) -> None:
    conversation_id, _ = await ground.new_conversation()
    await write(ground, conversation_id, 1, text)
    await tell(ground, conversation_id)
    assert (await look(ground, conversation_id))["title"] == title


async def test_control_characters_in_what_he_asks_for_do_not_lose_his_number(
    ground: Ground, customer: Customer
) -> None:
    await talk(customer, "沙色\x07帐篷到货了通知我一下", NUMBER)
    async with ground.db.transaction(ground.workspace_id) as tx:
        told = await tx.fetch("select value from told_details where workspace_id = $1", ground.workspace_id)
    assert [row["value"] for row in told] == [NUMBER]
    assert len(await follow_ups(ground)) == 1


async def test_after_a_merge_the_number_told_elsewhere_reaches_him_here(ground: Ground) -> None:
    first, one = await ground.new_conversation()
    second, other = await ground.new_conversation()
    await tell(ground, first, "bulk")
    await write(ground, second, 1, "羽绒睡袋多少钱？我想买两个")
    assert await look(ground, second) is None
    async with ground.db.transaction(ground.workspace_id) as tx:
        await tx.execute(
            "update identities set contact_id = (select contact_id from identities where id = $1) where id = $2",
            one,
            other,
        )
    lead = await look(ground, second)
    assert lead["lead"]["reasons"] == ["buys"], "why he was asked elsewhere says nothing of this talk"


async def test_a_conversation_or_contact_that_is_gone_ends_the_job_quietly(ground: Ground) -> None:
    assert await look(ground, 2**40) is None
    assert await follow_ups(ground) == []


async def test_a_lead_of_a_closed_shop_is_noted_and_those_who_see_everything_see_it(ground: Ground) -> None:
    conversation_id, _ = await ground.new_conversation()
    await write(ground, conversation_id, 1, BUYS)
    await tell(ground, conversation_id)
    async with ground.db.transaction(ground.workspace_id) as tx:
        await tx.execute("update shops set archived_at = now() where id = $1", ground.shop_id)
        await tx.execute(
            "update conversations set status = 'closed', handled_by = 'agent', agent_id = $2 where id = $1",
            conversation_id,
            ground.agent_id,
        )
    assert (await look(ground, conversation_id))["state"] == "open"
    async with ground.db.transaction(ground.workspace_id) as tx:
        found = await list_follow_ups(tx, ground.workspace_id, None, Wanted(kind="lead"), datetime.now(UTC))
    assert [row["conversation_id"] for row in found.rows] == [conversation_id]


async def test_a_lead_made_and_closed_by_hand_does_not_come_again(ground: Ground) -> None:
    conversation_id, _ = await ground.new_conversation()
    await write(ground, conversation_id, 1, BUYS)
    async with ground.db.transaction(ground.workspace_id) as tx:
        row = await open_follow_up(tx, ground.workspace_id, Item(conversation_id, "lead", "自己记的"), ground.agent_id)
    await change(ground, row, state="done")
    await tell(ground, conversation_id)
    await look(ground, conversation_id)
    assert [(one["state"], one["lead"]) for one in await follow_ups(ground)] == [("done", None)]


@pytest.mark.parametrize("state", ["done", "dropped"])
async def test_undoing_what_was_done_brings_the_same_lead_back_and_no_other(ground: Ground, state: str) -> None:
    conversation_id, _ = await ground.new_conversation()
    await write(ground, conversation_id, 1, BUYS)
    await tell(ground, conversation_id)
    lead = await look(ground, conversation_id)
    await change(ground, lead, state=state)
    await write(ground, conversation_id, 2, "再来五十个")
    assert (await look(ground, conversation_id))["state"] == state
    await change(ground, lead, state="open")
    back = await look(ground, conversation_id)
    assert (back["state"], back["done_at"], back["due_at"]) == ("open", None, lead["due_at"])
    assert "many" in back["lead"]["reasons"], "from now on it is looked at again"
    assert len(await follow_ups(ground)) == 1


async def test_what_people_say_is_no_lead_stays_none(ground: Ground) -> None:
    conversation_id, _ = await ground.new_conversation()
    await write(ground, conversation_id, 1, BUYS)
    await tell(ground, conversation_id)
    await change(ground, await look(ground, conversation_id), kind="other")
    await write(ground, conversation_id, 2, "要一百个")
    after = await look(ground, conversation_id)
    assert (after["kind"], after["lead"]["reasons"]) == ("other", ["buys"])
    assert len(await follow_ups(ground)) == 1


@pytest.mark.parametrize("words", ["以后不要再联系我了", "把我的电话删掉"])
async def test_who_takes_his_number_back_is_no_longer_on_the_sellers_list(
    ground: Ground, customer: Customer, words: str
) -> None:
    await talk(customer, f"{BUYS}，{NUMBER}")
    await judge(ground)
    assert [one["state"] for one in await follow_ups(ground)] == ["open"]
    await talk(customer, words)
    await judge(ground)
    assert [one["state"] for one in await follow_ups(ground)] == ["dropped"]


async def test_leads_are_seen_by_those_who_serve_their_shop_only(ground: Ground) -> None:
    conversation_id, _ = await ground.new_conversation()
    await write(ground, conversation_id, 1, BUYS)
    await tell(ground, conversation_id)
    lead = await look(ground, conversation_id)
    now = datetime.now(UTC)
    async with ground.db.transaction(ground.workspace_id) as tx:
        for shops, seen in (([ground.shop_id], 1), ([], 0), ([ground.shop_id + 10_000], 0)):
            found = await list_follow_ups(tx, ground.workspace_id, None, Wanted(kind="lead", shops=shops), now)
            assert len(found.rows) == seen
            counts = await count_follow_ups(tx, ground.workspace_id, ground.agent_id, shops, now)
            assert (counts["leads"], counts["all"]) == (seen, seen)
        with pytest.raises(Problem, match="not_found"):
            await get_follow_up(tx, ground.workspace_id, lead["id"], [])


async def test_a_thousand_leads_are_paged_through_without_a_gap_and_in_order(ground: Ground) -> None:
    talks = [(await ground.new_conversation())[0] for _ in range(8)]
    async with ground.db.transaction(ground.workspace_id) as tx:
        # Whole groups are due at the same moment; some have no time at all.
        await tx.execute(
            "insert into follow_ups (workspace_id, conversation_id, kind, title, due_at)"
            " select $1, ($2::bigint[])[n % 8 + 1], 'lead', 'x',"
            " case when n % 10 > 0 then now() + make_interval(hours => n % 7) end from generate_series(1, 1000) n",
            ground.workspace_id,
            talks,
        )
        seen: list[Any] = []
        after = None
        while after or not seen:
            wanted = Wanted(kind="lead", after=after, limit=50)
            page = await list_follow_ups(tx, ground.workspace_id, None, wanted, datetime.now(UTC))
            seen, after = seen + page.rows, page.next
    assert len(seen) == len({row["id"] for row in seen}) == 1000
    far = datetime.max.replace(tzinfo=UTC)
    assert seen == sorted(seen, key=lambda row: (row["due_at"] or far, row["id"]))


async def test_many_turns_wait_in_one_lane(ground: Ground) -> None:
    """One after the other, whatever the order in which they are claimed."""
    conversation_id, _ = await ground.new_conversation()
    async with ground.db.transaction(ground.workspace_id) as tx:
        for seq in (1, 1, 3, 5):
            await judge_soon(tx, ground.workspace_id, conversation_id, seq)
        rows = await tx.fetch("select lane, ref from jobs where kind = $1 order by id", KIND)
    assert {row["lane"] for row in rows} == {f"lead:{conversation_id}"}
    assert [row["ref"] for row in rows] == [f"{conversation_id}:{seq}" for seq in (1, 3, 5)]
