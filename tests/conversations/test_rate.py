"""What visitors think: ratings, thumbs, complaints, words left for the morning."""

import pytest

from tests.conversations.stage import Stage
from yingke.conversations.give_feedback import give_feedback
from yingke.conversations.leave_message import Word, leave_message, settle_left_message
from yingke.conversations.left_messages import list_left_messages
from yingke.conversations.rate import rate
from yingke.kit.errors import Problem


async def test_a_rating_is_kept_once_and_may_be_changed(stage: Stage) -> None:
    conversation_id, identity_id = await stage.waiting_conversation()
    for score in ("bad", "good"):
        await stage.do(
            lambda tx, it=score: rate(tx, stage.workspace_id, identity_id, conversation_id, it, ["慢"], "还行")
        )
    rows = await stage.do(lambda tx: tx.fetch("select score, reasons, comment from ratings"))
    assert [tuple(row) for row in rows] == [("good", ["慢"], "还行")]
    assert (await stage.events(conversation_id)).count("rating_created") == 2


async def test_nobody_rates_or_complains_about_a_strangers_conversation(stage: Stage) -> None:
    conversation_id, _ = await stage.waiting_conversation()
    stranger = await stage.ground.new_identity()
    answer = await stage.answer(conversation_id, 1)
    with pytest.raises(Problem) as refusal:
        await stage.do(lambda tx: rate(tx, stage.workspace_id, stranger, conversation_id, "good"))
    assert refusal.value.status == 404
    with pytest.raises(Problem) as refusal:
        await stage.do(lambda tx: give_feedback(tx, stage.workspace_id, stranger, answer.message_id or 0, "up"))
    assert refusal.value.status == 404
    assert await stage.do(lambda tx: tx.fetchval("select count(*) from ratings")) == 0


async def test_only_what_the_assistant_said_can_be_judged_and_the_last_verdict_counts(stage: Stage) -> None:
    conversation_id, identity_id = await stage.waiting_conversation()
    answer = await stage.answer(conversation_id, 1)
    for verdict in ("up", "report"):
        await stage.do(
            lambda tx, it=verdict: give_feedback(tx, stage.workspace_id, identity_id, answer.message_id or 0, it, "错")
        )
    messages = await stage.messages(conversation_id)
    assert [message["feedback"] for message in messages] == [None, "report"]
    with pytest.raises(Problem) as refusal:
        await stage.do(lambda tx: give_feedback(tx, stage.workspace_id, identity_id, messages[0]["id"], "up"))
    assert refusal.value.status == 404
    with pytest.raises(Problem) as refusal:
        await stage.do(lambda tx: give_feedback(tx, stage.workspace_id, identity_id, answer.message_id or 0, "love"))
    assert refusal.value.status == 400


async def test_a_left_message_is_listed_until_somebody_has_seen_to_it(stage: Stage) -> None:
    conversation_id, identity_id = await stage.waiting_conversation()
    word = Word("明早回我电话", "王女士", "+86 138 0013 8000", "wang@example.com")
    left, change = await stage.do(lambda tx: leave_message(tx, stage.workspace_id, identity_id, conversation_id, word))
    line = (await stage.messages(conversation_id))[-1]
    assert line["payload"] == {"code": "left_message", "left_message_id": str(left)}, "no phone in the log"
    assert change.seq == line["seq"] == 2

    async def open_ones() -> list[str]:
        rows = await stage.do(
            lambda tx: list_left_messages(
                tx, stage.workspace_id, handled=False, shops=None, before_id=2**63 - 1, limit=10
            )
        )
        return [row["phone"] for row in rows]

    assert await open_ones() == ["+86 138 0013 8000"]
    await stage.do(lambda tx: settle_left_message(tx, stage.workspace_id, left, stage.ground.agent_id))
    assert await open_ones() == []


@pytest.mark.parametrize(
    "word",
    [Word(""), Word("  \n"), Word("喂", phone="call me"), Word("喂", email="nobody"), Word("a\0b"), Word("x" * 4001)],
)
async def test_what_cannot_be_a_message_or_a_way_back_is_refused_and_not_stored(stage: Stage, word: Word) -> None:
    conversation_id, identity_id = await stage.waiting_conversation()
    with pytest.raises(Problem) as refusal:
        await stage.do(lambda tx: leave_message(tx, stage.workspace_id, identity_id, conversation_id, word))
    assert refusal.value.status == 400
    assert await stage.do(lambda tx: tx.fetchval("select count(*) from left_messages")) == 0
