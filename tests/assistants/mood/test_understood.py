"""What was understood of a talk is kept on it, whoever answers, and told when it changes."""

from functools import partial
from typing import Any

from tests.assistants.mood.counter import Counter, counter
from yingke.assistants.sense_later import KIND, sense_messages
from yingke.kit.jobs import Job
from yingke.knowledge.encoder import Encoder
from yingke.routing.sort_waiting import sort_waiting

__all__ = ["counter"]


async def _turn(counter: Counter, text: str, **trace: Any) -> None:
    counter.engine.trace = trace
    before = len(counter.customer.messages)
    await counter.say(text)
    await counter.until(lambda: len(counter.customer.messages) > before)
    await counter.desk.close()


async def _events(counter: Counter) -> list[dict[str, Any]]:
    rows = await counter.ask(
        "select data from events where conversation_id = $1 and type = 'turn_understood' order by id"
    )
    return [row["data"] for row in rows]


async def _work(counter: Counter, encoder: Encoder) -> int:
    """Runs the jobs that sense what was said to people; returns how many there were."""
    rows = await counter.ask(f"select * from jobs where kind = '{KIND}' and ref like $1::bigint || ':%' order by id")
    run = partial(sense_messages, counter.ground.db, encoder)
    for row in rows:
        await run(Job(row["id"], row["workspace_id"], row["lane"], row["kind"], row["ref"], row["data"], 1))
    return len(rows)


async def _sorted(counter: Counter) -> tuple[int, list[str]]:
    """The conversation's priority and the marks that gave it, after the queue was put in order."""
    async with counter.ground.db.transaction(counter.ground.workspace_id) as tx:
        await sort_waiting(tx, counter.ground.workspace_id)
    (row,) = await counter.ask("select priority, assignment->'marks' as marks from conversations where id = $1")
    return row["priority"], row["marks"]


async def test_intent_and_mood_of_a_turn_stay_on_the_conversation(counter: Counter) -> None:
    await _turn(counter, "怎么退货", intent=["return_exchange", 0.9], mood=["calm", 0.8])
    await _turn(counter, "还有多久能退到", intent=["refund", 0.9], mood=["anxious", 0.7])
    state = await counter.state()
    assert state["understood"] == {
        "intent": "refund", "mood": "anxious", "confidence": 0.7, "moods": [[1, "calm"], [3, "anxious"]], "through": 3,
    }  # fmt: skip


async def test_an_event_tells_what_changed_and_nothing_else(counter: Counter) -> None:
    await _turn(counter, "怎么退货", intent=["refund", 0.9], mood=["calm", 0.8])
    await _turn(counter, "退款到哪里", intent=["refund", 0.9], mood=["calm", 0.9])
    await _turn(counter, "太慢了吧", intent=["refund", 0.9], mood=["disappointed", 0.9])
    assert await _events(counter) == [
        {"intent": "refund", "mood": "calm", "confidence": 0.8},
        {"intent": "refund", "mood": "disappointed", "confidence": 0.9},
    ]


async def test_the_last_twenty_moods_are_kept(counter: Counter) -> None:
    for _ in range(23):
        await _turn(counter, "嗯", mood=["calm", 0.9])
    moods = (await counter.state())["understood"]["moods"]
    assert len(moods) == 20
    assert moods[-1][0] == 45


async def test_the_language_follows_the_customer_in_the_middle_of_the_talk(counter: Counter) -> None:
    await _turn(counter, "这个多久发货", mood=["calm", 0.9])
    assert (await counter.state())["language"] == "zh-CN"
    await _turn(counter, "Do you ship to Germany as well?", mood=["calm", 0.9])
    assert (await counter.state())["language"] == "en"
    await _turn(counter, "👍", mood=["calm", 0.9])
    assert (await counter.state())["language"] == "en"
    assert counter.engine.heard[-1].language == "en"
    await _turn(counter, "請問運費多少", mood=["calm", 0.9])
    assert (await counter.state())["language"] == "zh-TW"


async def test_what_is_said_to_a_person_is_understood_a_little_later(counter: Counter, encoder: Encoder) -> None:
    await counter.say("转人工")
    await counter.until(lambda: counter.customer.seen("handled_by"))
    await counter.desk.close()
    assert await _work(counter, encoder) == 1
    await counter.say("你们发来的杯子是碎的，太让人失望了")
    await counter.say("客服处理得真快，非常感谢！")
    assert await _work(counter, encoder) == 3
    understood = (await counter.state())["understood"]
    assert [label for _, label in understood["moods"]][1:] == ["disappointed", "satisfied"]
    assert understood["mood"] == "satisfied"
    assert understood["through"] == 4


async def test_words_that_silence_the_assistant_at_once_still_tell_what_they_want(
    counter: Counter, encoder: Encoder
) -> None:
    await counter.say("骗子，退钱！")
    await counter.until(lambda: counter.customer.seen("handled_by"))
    await counter.desk.close()
    assert (await counter.state())["hand_off_reason"] == "angry"
    await _work(counter, encoder)
    understood = (await counter.state())["understood"]
    assert understood["mood"] == "angry"
    assert understood["intent"] in ("refund", "complaint")
    await counter.say("明天")
    await _work(counter, encoder)
    assert (await counter.state())["understood"]["intent"] == understood["intent"], "a few words change nothing"


async def test_who_grows_angry_in_the_queue_gets_another_place_in_it(counter: Counter, encoder: Encoder) -> None:
    await counter.say("转人工")
    await counter.until(lambda: counter.customer.seen("handled_by"))
    await counter.desk.close()
    before, marks = await _sorted(counter)
    assert "angry" not in marks
    await counter.say("骗子，退钱！气死我了")
    await _work(counter, encoder)
    after, marks = await _sorted(counter)
    assert "angry" in marks
    assert after > before
    await _work(counter, encoder)
    assert (await _sorted(counter))[0] == after


async def test_a_whole_talk_tells_how_content_it_leaves_the_customer(counter: Counter, encoder: Encoder) -> None:
    await counter.say("转人工")
    await counter.until(lambda: counter.customer.seen("handled_by"))
    await counter.desk.close()
    await counter.say("锅收到就是裂的，你们就是这样对待老用户的吗")
    await counter.say("问了三遍都说在处理，从来没有结果，太失望了")
    await _work(counter, encoder)
    bad = (await counter.state())["understood"]["discontent"]
    assert bad >= 0.6
    await counter.say("好的收到退款了，谢谢，解决了，辛苦啦～")
    await _work(counter, encoder)
    assert (await counter.state())["understood"]["discontent"] < bad - 0.1


async def test_sensing_twice_changes_nothing(counter: Counter, encoder: Encoder) -> None:
    await counter.say("转人工")
    await counter.until(lambda: counter.customer.seen("handled_by"))
    await counter.desk.close()
    await counter.say("太失望了，质量这么差")
    await _work(counter, encoder)
    before, events = (await counter.state())["understood"], await _events(counter)
    await _work(counter, encoder)
    assert (await counter.state())["understood"] == before
    assert await _events(counter) == events


async def test_a_talk_that_another_process_went_on_with_is_read_again(counter: Counter) -> None:
    await _turn(counter, "有帐篷吗", mood=["calm", 0.9])
    await counter.ask(
        "with said as (insert into messages (workspace_id, conversation_id, seq, author, type, text, answers_through_seq)"
        " select workspace_id, id, last_seq + 1, 'assistant', 'text', '别处说的', answered_through_seq from conversations"
        ' where id = $1) update conversations set last_seq = last_seq + 1, talk = \'{"skill": "order"}\' where id = $1'
    )
    await _turn(counter, "那双人的呢", mood=["calm", 0.9])
    question = counter.engine.heard[-1]
    assert question.history[-1].text == "别处说的"
    assert question.talk == {"skill": "order"}
    assert question.through_seq == 4
