"""Who gets a conversation: the right group, the one with the least in hand, the most urgent first, nobody too many."""

import asyncio

from tests.routing.desk import Desk
from yingke.conversations.close import close
from yingke.conversations.mark_read import mark_read
from yingke.routing.hand_off import hand_off
from yingke.routing.pass_on import pass_on


async def test_a_vip_is_put_first_and_reaches_the_agent_with_the_fewest(desk: Desk) -> None:
    busy, free = await desk.agent("小忙", 8), await desk.agent("小闲", 8)
    await desk.group("售后", {busy: 1, free: 1}, intents=("return_exchange",))
    for _ in range(2):
        early = await desk.waits("order")
        await desk.stage.take(early, busy)
    plain = await desk.waits("order", intent="return_exchange")
    vip = await desk.waits("asked", intent="return_exchange", level="VIP")
    changes = await desk.assign()
    assert [change.conversation_id for change in changes] == [vip, plain]
    assert await desk.owner(vip) == free
    reason = (await desk.stage.state(vip))["assignment"]
    assert (reason["by"], reason["group"], reason["intent"], reason["marks"][0]) == (
        "push",
        "售后",
        "return_exchange",
        "vip",
    )
    assert (reason["has"], reason["most"], reason["of"]) == (0, 8, 2)
    events = await desk.stage.events(vip)
    assert events[-1] == "conversation_assigned"
    assert "conversation_taken_over" in events


async def test_the_order_of_urgency_is_the_one_of_the_settings_and_waiting_makes_up_for_it(desk: Desk) -> None:
    talks = {
        "rest": await desk.waits("order"),
        "asked": await desk.waits("asked"),
        "complaint": await desk.waits("complaint"),
        "large": await desk.waits("order", order_minor=500_000),
        "vip": await desk.waits("order", level="gold"),
        "angry": await desk.waits("angry"),
        "danger": await desk.waits("danger:injury"),
    }
    await desk.push(large_order_minor=300_000, step_minutes=5)
    await desk.do("update conversations set priority = null")
    agent = await desk.agent("小王", 1)
    order = []
    for _ in talks:
        (change,) = await desk.assign()
        order.append(next(name for name, talk in talks.items() if talk == change.conversation_id))
        await desk.stage.do(lambda tx, it=change: close(tx, desk.workspace_id, it.conversation_id, agent))
    assert order == ["danger", "angry", "vip", "complaint", "large", "asked", "rest"]
    old = await desk.waits("order", minutes=31)
    await desk.waits("danger:injury")
    (change,) = await desk.assign()
    assert change.conversation_id == old, "six steps of five minutes are worth half an hour of waiting"


async def test_nobody_gets_more_than_he_may_however_many_assign_at_once(desk: Desk) -> None:
    await desk.push(most_open=3)
    agents = [await desk.agent(f"客服{number}") for number in range(4)]
    small = await desk.agent("新人", 1)
    talks = [await desk.waits() for _ in range(20)]
    changes = await desk.assign_at_once(50)
    assert len(changes) == len({change.conversation_id for change in changes}) == 13
    assert await desk.loads() == {**dict.fromkeys(agents, 3), small: 1}
    waiting = [talk for talk in talks if (await desk.stage.state(talk))["handled_by"] == "queue"]
    assert len(waiting) == 7
    assert waiting == sorted(waiting), "who came last waits"


async def test_an_agent_who_takes_over_while_conversations_are_given_out_is_not_pushed_over_his_limit(
    desk: Desk,
) -> None:
    await desk.push()
    agent = await desk.agent("小王", 5)
    own = [(await desk.stage.waiting_conversation())[0] for _ in range(5)]
    for _ in range(6):
        await desk.waits()
    await asyncio.gather(*(desk.stage.take(talk, agent) for talk in own), *(desk.assign() for _ in range(10)))
    given = await desk.do("select count(*) from conversations where agent_id = $1 and assigned_at is not null", agent)
    assert given[0]["count"] <= 5
    for _ in range(5):
        await desk.assign()
    has = (await desk.loads())[agent]
    assert has == max(5, 5 + given[0]["count"]), "nothing was given above the limit; what he took himself counts"


async def test_only_who_is_online_with_room_gets_anything(desk: Desk) -> None:
    await desk.push()
    for state in ("busy", "away", "offline"):
        await desk.agent(f"小{state}", state=state)
    gone = await desk.agent("小走")
    await desk.see(gone, seconds_ago=40)
    await desk.waits()
    assert await desk.assign() == []
    here = await desk.agent("小在", state="online")
    (change,) = await desk.assign()
    assert await desk.owner(change.conversation_id) == here


async def test_a_group_of_whom_nobody_is_there_is_helped_by_the_fallback_group_and_then_by_the_shop(desk: Desk) -> None:
    absent, helper = await desk.agent("休假", there=False), await desk.agent("机动", there=False)
    anybody = await desk.agent("路人")
    group = await desk.group("售后", {absent: 1}, intents=("refund",))
    await desk.group("机动组", {helper: 1}, is_fallback=True)
    talk = await desk.waits("order", intent="refund")
    await desk.assign()
    assert await desk.owner(talk) == anybody
    state = await desk.stage.state(talk)
    assert (state["group_id"], state["assignment"]["source"]) == (group, "shop")
    await desk.see(helper)
    other = await desk.waits("order", intent="refund")
    await desk.assign()
    assert await desk.owner(other) == helper
    assert (await desk.stage.state(other))["assignment"]["source"] == "fallback"
    await desk.see(absent, state="busy")
    third = await desk.waits("order", intent="refund")
    await desk.assign()
    assert await desk.owner(third) is None, "somebody of the group is there and will have room again"


async def test_of_equals_the_one_who_had_nothing_for_longest_is_next_and_weight_counts(desk: Desk) -> None:
    first, second = await desk.agent("甲"), await desk.agent("乙")
    await desk.group("全部", {first: 1, second: 1})
    owners = []
    for _ in range(4):
        talk = await desk.waits()
        await desk.assign()
        owners.append(await desk.owner(talk))
        await desk.stage.do(lambda tx, it=talk: close(tx, desk.workspace_id, it, owners[-1]))
    assert owners == [first, second, first, second]
    await desk.do("update agent_group_members set weight = 3 where agent_id = $1", first)
    for _ in range(8):
        await desk.waits()
    await desk.assign()
    assert await desk.loads() == {first: 6, second: 2}


async def test_an_unopened_conversation_goes_to_the_next_and_after_two_it_rests_in_the_queue(desk: Desk) -> None:
    agents = {await desk.agent("甲"), await desk.agent("乙"), await desk.agent("丙")}
    await desk.push()
    talk = await desk.waits()
    seen = []
    for _ in range(2):
        (change,) = await desk.assign()
        seen.append(await desk.owner(talk))
        passed = await desk.stage.do(
            lambda tx, it=change: pass_on(tx, desk.workspace_id, it.conversation_id, it.generation)
        )
        assert passed is not None
        again = await desk.stage.do(
            lambda tx, it=change: pass_on(tx, desk.workspace_id, it.conversation_id, it.generation)
        )
        assert again is None, "the same look twice does nothing twice"
    assert len(set(seen)) == 2
    assert set(seen) < agents
    assert (await desk.stage.state(talk))["hand_off_reason"] == "not_opened"
    assert await desk.assign() == []
    await desk.do(
        'update conversations set assignment = assignment || \'{"rests_until": "2020-01-01T00:00:00+00:00"}\''
    )
    (change,) = await desk.assign()
    assert await desk.owner(talk) not in seen, "who let one lapse comes after his colleagues"


async def test_the_only_agent_gets_what_he_missed_again_after_a_while(desk: Desk) -> None:
    agent = await desk.agent("甲")
    await desk.push()
    talk = await desk.waits()
    (change,) = await desk.assign()
    await desk.stage.do(lambda tx: pass_on(tx, desk.workspace_id, talk, change.generation))
    assert await desk.assign() == []
    await desk.do(
        'update conversations set assignment = assignment || \'{"passed_until": "2020-01-01T00:00:00+00:00"}\''
    )
    await desk.assign()
    assert await desk.owner(talk) == agent


async def test_who_has_opened_or_answered_keeps_it(desk: Desk) -> None:
    agent = await desk.agent("甲")
    await desk.push()
    for act in ("read", "say"):
        talk = await desk.waits()
        (change,) = await desk.assign()
        if act == "read":
            await desk.stage.do(
                lambda tx, it=change: mark_read(tx, desk.workspace_id, it.conversation_id, agent, it.seq)
            )
        else:
            await desk.stage.speak(talk, agent)
        assert (
            await desk.stage.do(lambda tx, it=change: pass_on(tx, desk.workspace_id, it.conversation_id, it.generation))
            is None
        )
        assert await desk.owner(talk) == agent


async def test_a_workspace_without_groups_that_chose_nothing_gives_nothing_out(desk: Desk) -> None:
    await desk.agent("甲")
    talk = await desk.waits("asked")
    assert await desk.assign() == []
    state = await desk.stage.state(talk)
    assert (state["handled_by"], state["priority"], state["assignment"]["marks"]) == ("queue", 1, ["asked"])


async def test_who_is_queued_again_is_judged_again(desk: Desk) -> None:
    talk, _ = await desk.stage.waiting_conversation()
    await desk.stage.do(lambda tx: hand_off(tx, desk.workspace_id, talk, generation=1, reason="order", through_seq=1))
    assert (await desk.stage.state(talk))["priority"] == 0
    await desk.do("update conversations set priority = null, hand_off_reason = 'danger:fire' where id = $1", talk)
    await desk.assign()
    assert (await desk.stage.state(talk))["priority"] == 6


async def test_a_job_wakes_the_queue_when_somebody_is_queued_and_when_room_is_made(desk: Desk) -> None:
    async def jobs() -> int:
        return int((await desk.do("select count(*) from jobs where kind = 'assign'"))[0]["count"])

    agent = await desk.agent("甲")
    first, _ = await desk.stage.waiting_conversation()
    await desk.stage.take(first, agent)
    await desk.stage.do(lambda tx: close(tx, desk.workspace_id, first, agent))
    assert await jobs() == 0, "nobody waits, nothing to look at"
    second, _ = await desk.stage.waiting_conversation()
    await desk.stage.take(second, agent)
    await desk.waits()
    assert await jobs() == 1
    await desk.stage.do(lambda tx: close(tx, desk.workspace_id, second, agent))
    assert await jobs() == 2
