"""How the AI and people share the work: every number is the count of what it lists, and nothing is claimed of too little."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.conversations.stage import Stage
from tests.insights.test_resolution import _answered, _days, _silent
from yingke.insights.agent_hours import Compared, Pace, compare_agent_hours
from yingke.insights.resolution import count_resolution
from yingke.insights.teamwork import FIGURES, Teamwork, count_teamwork, list_of_teamwork
from yingke.kit.errors import Problem
from yingke.routing.hand_off import hand_off


async def _count(stage: Stage, **more: Any) -> Teamwork:
    """Counted, and reconciled: with the lists, by shop, by day, and with what the page of resolution says."""
    days = await _days(stage, **more)
    found = await stage.do(lambda tx: count_teamwork(tx, stage.workspace_id, days))
    for one in (*found.figures, *found.reasons):
        assert len(await _behind(stage, one.key, **more)) == one.count, one.key
    for parts in ([counted for _, _, counted in found.by_shop], [counted for _, counted in found.by_day]):
        for n, whole in enumerate(found.figures):
            assert sum(part[n].count for part in parts) == whole.count
    fates = (await stage.do(lambda tx: count_resolution(tx, stage.workspace_id, days))).whole
    counts = {one.key: one.count for one in found.figures}
    assert {key: counts[key] for key in fates.counts} == fates.counts
    assert found.total == fates.total
    assert sum(one.count for one in found.reasons) == counts["person"]
    return found


async def _behind(stage: Stage, key: str, **more: Any) -> set[int]:
    days = await _days(stage, **more)
    ids = await stage.do(lambda tx: list_of_teamwork(tx, stage.workspace_id, days, key, 2**63 - 1, 500))
    return set(ids)


async def _queued(stage: Stage, reason: str) -> int:
    conversation_id, _ = await stage.waiting_conversation()
    await stage.do(
        lambda tx: hand_off(tx, stage.workspace_id, conversation_id, generation=1, reason=reason, through_seq=1)
    )
    return conversation_id


async def _felt(stage: Stage, conversation_id: int, *moods: str) -> None:
    understood = {"mood": moods[-1], "moods": [[n, mood] for n, mood in enumerate(moods, 1)]}
    statement = "update conversations set understood = $2 where id = $1"
    await stage.do(lambda tx: tx.execute(statement, conversation_id, understood))


async def _bought(stage: Stage, conversation_id: int, number: str, minor: int, state: str = "paid") -> None:
    async def work(tx: Any) -> None:
        order_id = await tx.fetchval(
            "insert into orders (workspace_id, external_id, number, number_key, state, total_minor, paid_minor)"
            " values ($1, $2, $2, lower($2), $3, $4, $4) returning id",
            stage.workspace_id,
            number,
            state,
            minor,
        )
        await tx.execute(
            "insert into order_links (workspace_id, conversation_id, order_id, how) values ($1, $2, $3, 'bought_after')",
            stage.workspace_id,
            conversation_id,
            order_id,
        )

    await stage.do(work)


async def test_what_the_ai_took_on_and_why_people_were_needed(stage: Stage) -> None:
    answered, _, _ = await _answered(stage)
    running, _, _ = await _answered(stage, is_over=False)
    asked = {await _queued(stage, "asked"), await _queued(stage, "asked")}
    ruled = await _queued(stage, "rule:7:大额订单")
    danger = await _queued(stage, "danger:injury")
    taken, _ = await stage.waiting_conversation()
    agent = await stage.new_agent()
    await stage.take(taken, agent)
    found = await _count(stage)
    counts = {one.key: (one.count, one.of) for one in found.figures}
    assert counts["greeted"] == (1, 6)
    assert counts["assumed"] == (1, 6)
    assert counts["confirmed"] == (0, 6)
    assert counts["person"] == (5, 6)
    assert counts["open"] == (1, None)
    assert await _behind(stage, "greeted") == {answered}
    assert await _behind(stage, "open") == {running}
    assert [(one.key, one.count) for one in found.reasons] == [
        ("reason:asked", 2),
        ("reason:danger", 1),
        ("reason:rule:7:大额订单", 1),
        ("reason:taken_over", 1),
    ]
    assert found.reasons[0].share == 0.4
    assert await _behind(stage, "reason:asked") == asked
    assert await _behind(stage, "reason:rule:7:大额订单") == {ruled}
    assert await _behind(stage, "reason:danger") == {danger}
    assert await _behind(stage, "reason:taken_over") == {taken}


async def test_the_first_reason_counts_and_not_what_came_of_the_queue(stage: Stage) -> None:
    conversation_id = await _queued(stage, "complaint")
    await stage.take(conversation_id, await stage.new_agent())
    assert [one.key for one in (await _count(stage)).reasons] == ["reason:complaint"]


async def test_recovered_is_a_share_of_those_who_were_upset(stage: Stage) -> None:
    soothed, _, _ = await _answered(stage)
    await _felt(stage, soothed, "angry", "calm")
    lost, _, _ = await _answered(stage)
    await _felt(stage, lost, "calm", "disappointed")
    rescued = await _queued(stage, "angry")
    await _felt(stage, rescued, "angry", "satisfied")
    content, _, _ = await _answered(stage)
    await _felt(stage, content, "calm", "satisfied")
    found = {one.key: one for one in (await _count(stage)).figures}
    assert found["upset"].count == 3
    assert found["recovered_by_assistant"].share == pytest.approx(1 / 3)
    assert found["recovered_by_person"].share == pytest.approx(1 / 3)
    assert await _behind(stage, "recovered_by_person") == {rescued}


async def test_orders_paid_after_a_talk_are_counted_once_and_by_whom(stage: Stage) -> None:
    alone, _, _ = await _answered(stage)
    await _bought(stage, alone, "A1", 10_000)
    await _bought(stage, alone, "A2", 5_000, "delivered")
    gone, _, _ = await _answered(stage)
    await _bought(stage, gone, "A3", 7_000, "refunded")
    agent = await stage.new_agent("小李")
    helped, _ = await stage.waiting_conversation()
    await stage.speak(helped, agent)
    await _bought(stage, helped, "A4", 75_715)
    found = await _count(stage)
    counts = {one.key: (one.count, one.of) for one in found.figures}
    assert counts["bought"] == (2, 3)
    assert counts["bought_by_assistant"] == (1, 2)
    assert counts["bought_by_person"] == (1, 1)
    assert [(one.agent, one.orders, one.minor) for one in found.sales] == [("小李", 1, 75_715), (None, 2, 15_000)]


async def test_an_empty_range_and_a_foreign_shop_have_no_shares(stage: Stage) -> None:
    await _answered(stage)
    nothing: tuple[dict[str, Any], ...] = ({"shops": []}, {"shop_id": stage.ground.shop_id + 10**6})
    for more in nothing:
        found = await _count(stage, **more)
        assert found.total == 0
        assert {one.share for one in found.figures} == {None}


async def test_an_unknown_number_is_not_found(stage: Stage) -> None:
    with pytest.raises(Problem) as refusal:
        await _behind(stage, "true; drop table messages")
    assert refusal.value.status == 404


async def _past(stage: Stage, talks: int, hours: int, *, sent: bool = True) -> None:
    """So many talks of two agents before, spread evenly over so many agent-hours."""

    async def work(tx: Any) -> None:
        import_id = await tx.fetchval(
            "insert into past_imports (workspace_id, name, state) values ($1, 'a.csv', 'ready') returning id",
            stage.workspace_id,
        )
        start = datetime(2026, 1, 5, 1, tzinfo=UTC)
        for n in range(talks):
            at = start + timedelta(hours=n % hours // 2, minutes=n % 60)
            talk = await tx.fetchval(
                "insert into past_conversations (workspace_id, import_id, content_hash, agent_name, started_at)"
                " values ($1, $2, $3, $4, $5) returning id",
                stage.workspace_id,
                import_id,
                f"{import_id}:{n}".encode(),
                ("甲", "乙")[n % 2],
                at,
            )
            await tx.execute(
                "insert into past_messages (workspace_id, past_conversation_id, seq, sender, text, sent_at)"
                " values ($1, $2, 1, 'contact', '在吗', $3), ($1, $2, 2, 'agent', '在的', $3)",
                stage.workspace_id,
                talk,
                at if sent else None,
            )

    await stage.do(work)


async def _compare(stage: Stage) -> Compared:
    days = await _days(stage)
    return await stage.do(lambda tx: compare_agent_hours(tx, stage.workspace_id, days))


async def test_agent_hours_before_and_now_are_counted_alike(stage: Stage) -> None:
    await _past(stage, talks=60, hours=20)
    agent = await stage.new_agent()
    for _ in range(2):
        conversation_id, _ = await stage.waiting_conversation()
        await stage.speak(conversation_id, agent)
    await _answered(stage)
    both = await _compare(stage)
    assert (both.before.conversations, both.before.hours, both.before.per_hour) == (60, 20, 3.0)
    assert (both.now.conversations, both.now.by_people) == (3, 2)
    assert both.now.hours in (1, 2), "two replies a moment apart, over the turn of an hour at most"


async def test_too_little_on_either_side_is_said_and_never_compared(stage: Stage) -> None:
    await _past(stage, talks=60, hours=20)
    both = await _compare(stage)
    assert both.now.per_hour is None
    assert both.times is None
    assert Compared(Pace(60, 60, 20), Pace(180, 60, 20)).times == pytest.approx(3)
    assert Compared(Pace(60, 60, 19), Pace(180, 60, 20)).times is None
    assert Compared(Pace(49, 49, 20), Pace(180, 60, 20)).times is None


async def test_chats_without_times_are_no_baseline(stage: Stage) -> None:
    await _past(stage, talks=60, hours=20, sent=False)
    assert (await _compare(stage)).before == Pace(0, 0, 0)


async def test_silence_ends_a_talk_for_the_shares(stage: Stage) -> None:
    conversation_id, _, _ = await _answered(stage, is_over=False)
    assert (await _count(stage)).total == 0
    await _silent(stage, conversation_id)
    assert (await _count(stage)).total == 1


def test_each_number_says_what_it_means_in_two_languages() -> None:
    assert all(one.definition_zh and one.definition_en for one in FIGURES)
