"""The numbers of a day equal the conversations behind them, in the workspace's own day."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.conversations.stage import Stage
from yingke.conversations.give_feedback import give_feedback
from yingke.conversations.leave_message import Word, leave_message
from yingke.conversations.rate import rate
from yingke.insights.today import TILES, Behind, Day, count_day, find_day, list_behind
from yingke.kit.errors import Problem
from yingke.routing.hand_off import hand_off


async def _today(stage: Stage, day: date | None = None, **more: Any) -> Day:
    return await stage.do(lambda tx: find_day(tx, stage.workspace_id, day, more.get("shop_id"), more.get("shops")))


async def _counts(stage: Stage, **more: Any) -> dict[str, Any]:
    day = await _today(stage, **more)
    return await stage.do(lambda tx: count_day(tx, stage.workspace_id, day))


async def _behind(stage: Stage, key: str) -> set[int]:
    day = await _today(stage)
    return {one.id for one in await stage.do(lambda tx: list_behind(tx, stage.workspace_id, day, key, None, 1000))}


async def _answered_after(stage: Stage, seconds: float) -> int:
    """A conversation whose first reply came so many seconds after the question."""
    conversation_id, _, _ = await _solved(stage)
    await stage.do(
        lambda tx: tx.execute(
            "update conversations set first_reply_at = (select created_at from messages where conversation_id = $1"
            " and seq = 1) + make_interval(secs => $2) where id = $1",
            conversation_id,
            seconds,
        )
    )
    return conversation_id


async def _solved(stage: Stage) -> tuple[int, int, int]:
    """(conversation, identity, message of the assistant)."""
    conversation_id, identity_id = await stage.waiting_conversation()
    answer = await stage.answer(conversation_id, 1)
    return conversation_id, identity_id, answer.message_id or 0


async def test_an_empty_day_has_zeros_and_no_invented_medians(stage: Stage) -> None:
    counts = await _counts(stage)
    assert counts["conversations"] == 0
    assert counts["first_reply"] is counts["replied_in_three_minutes"] is None
    assert set(counts) == {tile.key for tile in TILES}


async def test_every_number_is_the_count_of_the_conversations_behind_it(stage: Stage) -> None:
    silent, _ = await stage.ground.new_conversation()
    rated, rater, _ = await _solved(stage)
    await stage.do(lambda tx: rate(tx, stage.workspace_id, rater, rated, "good"))
    thumbed, fan, message = await _solved(stage)
    await stage.do(lambda tx: give_feedback(tx, stage.workspace_id, fan, message, "up"))
    reported, critic, message = await _solved(stage)
    await stage.do(lambda tx: give_feedback(tx, stage.workspace_id, critic, message, "report"))
    quiet, _, _ = await _solved(stage)
    await stage.do(lambda tx: tx.execute("update conversations set status = 'closed' where id = $1", quiet))
    fresh, _, _ = await _solved(stage)
    queued, waiter = await stage.waiting_conversation()
    await stage.do(lambda tx: hand_off(tx, stage.workspace_id, queued, generation=1, reason="asked", through_seq=1))
    await stage.do(lambda tx: leave_message(tx, stage.workspace_id, waiter, queued, Word("请回电")))
    helped, _ = await stage.waiting_conversation()
    await stage.speak(helped, await stage.new_agent())

    wanted = {
        "conversations": {silent, rated, thumbed, reported, quiet, fresh, queued, helped},
        "spoke_up": {rated, thumbed, reported, quiet, fresh, queued, helped},
        "assistant_resolved": {rated, thumbed},
        "assistant_resolved_assumed": {quiet},
        "handed_off": {queued, helped},
        "left_messages": {queued},
    }
    counts = await _counts(stage)
    for key, conversations in wanted.items():
        assert await _behind(stage, key) == conversations, key
        assert counts[key] == len(conversations), key


async def test_the_first_reply_is_a_median_and_late_or_missing_replies_lower_the_share(stage: Stage) -> None:
    for seconds in (2, 10, 400):
        await _answered_after(stage, seconds)
    just_asked, _ = await stage.waiting_conversation()
    assert just_asked not in await _behind(stage, "replied_in_three_minutes")
    forgotten, _ = await stage.waiting_conversation()
    await stage.do(
        lambda tx: tx.execute(
            "update messages set created_at = now() - interval '4 minutes' where conversation_id = $1", forgotten
        )
    )
    counts = await _counts(stage)
    assert counts["first_reply"] == 10
    assert counts["replied_in_three_minutes"] == pytest.approx(0.5)


async def test_the_slowest_replies_are_those_at_or_above_the_95th_percentile(stage: Stage) -> None:
    talks = {seconds: await _answered_after(stage, seconds) for seconds in (9, *range(1, 9), *range(10, 39), 500)}
    await stage.waiting_conversation()
    counts = await _counts(stage)
    assert counts["first_reply"] == 20
    # 39 talks were answered: 37.05 of them make 95 %, the 38th is the first that is no longer below.
    assert counts["first_reply_p95"] == 38
    assert await _behind(stage, "first_reply_p95") == {talks[38], talks[500]}


async def test_replies_are_listed_slowest_first_over_pages(stage: Stage) -> None:
    talks = {seconds: await _answered_after(stage, seconds) for seconds in (4, 9, 2, 7)}
    twin = await _answered_after(stage, 4)
    day = await _today(stage)
    seen: list[Behind] = []
    while len(seen) < 5:
        after = seen[-1].id if seen else None
        seen += await _page(stage, day, after)
    assert [one.id for one in seen] == [talks[9], talks[7], twin, talks[4], talks[2]]
    assert [round(one.reply_seconds or 0) for one in seen] == [9, 7, 4, 4, 2]


async def _page(stage: Stage, day: Day, after: int | None) -> list[Behind]:
    return await stage.do(lambda tx: list_behind(tx, stage.workspace_id, day, "first_reply", after, 2))


async def test_a_day_is_a_day_of_the_workspaces_time_zone(stage: Stage) -> None:
    conversation_id, _, _ = await _solved(stage)
    # 00:30 on 2 March in Shanghai is still 1 March in UTC.
    await stage.do(
        lambda tx: tx.execute(
            "update conversations set created_at = $2 where id = $1",
            conversation_id,
            datetime(2026, 3, 1, 16, 30, tzinfo=UTC),
        )
    )
    assert (await _counts(stage, day=date(2026, 3, 2)))["conversations"] == 1
    assert (await _counts(stage, day=date(2026, 3, 1)))["conversations"] == 0
    await stage.do(lambda tx: tx.execute("update workspaces set time_zone = 'UTC'"))
    assert (await _counts(stage, day=date(2026, 3, 1)))["conversations"] == 1


async def test_a_shop_filter_and_the_agents_shops_both_hold(stage: Stage) -> None:
    await _solved(stage)
    shop_id = stage.ground.shop_id
    assert (await _counts(stage, shop_id=shop_id))["conversations"] == 1
    assert (await _counts(stage, shop_id=shop_id + 10**6))["conversations"] == 0
    assert (await _counts(stage, shops=[]))["conversations"] == 0


async def test_an_unknown_number_is_not_found(stage: Stage) -> None:
    with pytest.raises(Problem) as refusal:
        await _behind(stage, "lead_rate; drop table messages")
    assert refusal.value.status == 404


async def test_a_day_on_which_the_clocks_change_has_23_or_25_hours(stage: Stage) -> None:
    await stage.do(lambda tx: tx.execute("update workspaces set time_zone = 'America/New_York'"))
    hours = {}
    for day in (date(2026, 3, 7), date(2026, 3, 8), date(2026, 11, 1)):
        found = await _today(stage, day)
        hours[day] = (found.end - found.start).total_seconds() / 3600
    assert list(hours.values()) == [24, 23, 25]
    conversation_id, _, _ = await _solved(stage)
    # 23:30 of the short day; by the offset of its morning it would be the next day.
    moment = datetime(2026, 3, 9, 3, 30, tzinfo=UTC)
    await stage.do(
        lambda tx: tx.execute("update conversations set created_at = $2 where id = $1", conversation_id, moment)
    )
    assert (await _counts(stage, day=date(2026, 3, 8)))["conversations"] == 1
    assert (await _counts(stage, day=date(2026, 3, 9)))["conversations"] == 0
