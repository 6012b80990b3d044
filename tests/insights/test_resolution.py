"""What the AI resolved is confirmed by the customer or only assumed, and every number opens its conversations."""

from datetime import timedelta
from typing import Any

from tests.conversations.stage import Stage
from yingke.conversations.give_feedback import give_feedback
from yingke.conversations.rate import rate
from yingke.insights.resolution import DEFINITIONS, KEYS, Days, count_resolution, list_resolved
from yingke.routing.hand_off import hand_off

LOOKED_UP = {"found": [[1, 0.5, 0.5, 0.5, True]], "decision": {"answer": True, "confidence": 0.9}}
UNKNOWN = {"found": [[1, 0.1, 0.1, 0.1, False]], "decision": {"answer": False, "confidence": 0.1}}


async def _days(stage: Stage, **more: Any) -> Days:
    now = await stage.do(lambda tx: tx.fetchval("select now()"))
    return Days(now - timedelta(days=2), now + timedelta(days=1), "Asia/Shanghai", **more)


async def _counts(stage: Stage, **more: Any) -> dict[str, int]:
    days = await _days(stage, **more)
    found = await stage.do(lambda tx: count_resolution(tx, stage.workspace_id, days))
    assert sum(counted.total for _, _, counted in found.by_shop) == found.whole.total
    assert sum(counted.total for _, counted in found.by_day) == found.whole.total
    for key in KEYS:
        key_ids = await stage.do(lambda tx, key=key: list_resolved(tx, stage.workspace_id, days, key, 2**63 - 1, 100))  # type: ignore[misc]
        assert len(key_ids) == found.whole.counts[key]
    return {key: count for key, count in found.whole.counts.items() if count}


async def _answered(stage: Stage, *words: str, trace: Any = LOOKED_UP, is_over: bool = True) -> tuple[int, int, int]:
    """(conversation, identity, the assistant's message): asked, answered, then `words`, each answered politely."""
    conversation_id, identity_id = await stage.waiting_conversation()
    answer = await stage.answer(conversation_id, 1, trace=trace)
    for text in words:
        said = await stage.ask(conversation_id, identity_id, text)
        # Thanks in unusual words may be looked up like a question, in vain.
        await stage.answer(conversation_id, said.seq, text="资料里没有写到", trace=UNKNOWN)
    if is_over:
        await _silent(stage, conversation_id)
    return conversation_id, identity_id, answer.message_id or 0


async def _silent(stage: Stage, conversation_id: int) -> None:
    statement = "update conversations set last_message_at = now() - interval '31 minutes' where id = $1"
    await stage.do(lambda tx: tx.execute(statement, conversation_id))


async def test_every_conversation_has_one_fate_and_confirmed_is_never_assumed(stage: Stage) -> None:
    liked, fan, message = await _answered(stage)
    await stage.do(lambda tx: give_feedback(tx, stage.workspace_id, fan, message, "up"))
    rated, rater, _ = await _answered(stage)
    await stage.do(lambda tx: rate(tx, stage.workspace_id, rater, rated, "good"))
    await _answered(stage, "好的谢谢，解决了")
    await _answered(stage)
    await _answered(stage, is_over=False)
    await _answered(stage, trace=UNKNOWN)
    _, critic, message = await _answered(stage)
    await stage.do(lambda tx: give_feedback(tx, stage.workspace_id, critic, message, "down"))
    queued, _ = await stage.waiting_conversation()
    await stage.do(lambda tx: hand_off(tx, stage.workspace_id, queued, generation=1, reason="asked", through_seq=1))
    assert await _counts(stage) == {"confirmed": 3, "assumed": 1, "open": 1, "not_helped": 2, "person": 1}
    assert liked


async def test_thanks_that_ask_on_confirm_nothing(stage: Stage) -> None:
    await _answered(stage, "谢谢，但是还是不明白怎么退")
    await _answered(stage, "谢谢，那几天能到？")
    assert await _counts(stage) == {"not_helped": 2}


async def test_who_comes_back_within_a_day_was_not_helped_for_good(stage: Stage) -> None:
    first, identity, message = await _answered(stage)
    await stage.do(lambda tx: give_feedback(tx, stage.workspace_id, identity, message, "up"))
    await stage.do(lambda tx: tx.execute("update conversations set status = 'closed' where id = $1", first))
    second, _ = await stage.ground.new_conversation(identity)
    await stage.ask(second, identity, "还是不行")
    assert await _counts(stage) == {"returned": 1, "open": 1}


async def test_a_shop_that_is_not_visible_is_not_counted(stage: Stage) -> None:
    await _answered(stage)
    assert await _counts(stage, shops=[]) == {}
    assert await _counts(stage, shop_id=stage.ground.shop_id) == {"assumed": 1}


def test_each_number_says_what_it_means_in_two_languages() -> None:
    assert set(DEFINITIONS) == set(KEYS)
    assert all(zh and en for zh, en in DEFINITIONS.values())
