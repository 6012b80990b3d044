"""Anger silences the assistant at once, even in the middle of an answer, and brings a person."""

import asyncio

import pytest

from tests.assistants.mood.counter import Counter, counter
from yingke.conversations.receive import Received

__all__ = ["counter"]

SLOWLY = tuple(f"第{n}句。" for n in range(200))


async def test_an_angry_message_ends_the_answer_under_way_within_a_tenth_of_a_second(counter: Counter) -> None:
    counter.engine.words, counter.engine.pause = SLOWLY, 0.02
    await counter.say("灯什么时候能到？")
    await counter.until(lambda: len(counter.customer.seen("reply_delta")) > 3)
    at = await counter.say("什么破质量！气死我了")
    await counter.until(lambda: counter.customer.seen("reply_dropped"))
    await counter.until(lambda: counter.customer.seen("handled_by"))
    await asyncio.sleep(0.2)
    dropped, frame = counter.customer.seen("reply_dropped")[0]
    assert frame["reason"] == "angry"
    assert dropped - at < 0.1
    assert all(moment <= dropped for moment, _ in counter.customer.seen("reply_delta"))
    assert [author for author, _ in await counter.log()] == ["contact", "contact", "system"]
    state = await counter.state()
    assert (state["handled_by"], state["hand_off_reason"], state["answered_through_seq"]) == ("queue", "angry", 2)
    assert await counter.ask("select 1 from pending_answers where conversation_id = $1") == []


async def test_anger_that_no_rule_names_is_heard_by_its_vector(counter: Counter) -> None:
    counter.engine.words, counter.engine.pause = SLOWLY, 0.02
    await counter.say("灯什么时候能到？")
    await counter.until(lambda: counter.customer.seen("reply_delta"))
    await counter.say("你们到底还有没有一点良心，收了钱就不认人，天底下哪有这样做生意的！！！")
    await counter.until(lambda: counter.customer.seen("reply_dropped"))
    await counter.until(lambda: counter.customer.seen("handled_by"))
    assert (await counter.state())["hand_off_reason"] == "angry"


@pytest.mark.parametrize("text", ["对了，能开发票吗？", "顺便问下怎么退货", "我不生气，就是问问", "尺码偏大可以换吗"])
async def test_a_quiet_message_does_not_end_it(counter: Counter, text: str) -> None:
    counter.engine.words, counter.engine.pause = SLOWLY[:10], 0.02
    await counter.say("灯什么时候能到？")
    await counter.until(lambda: counter.customer.seen("reply_delta"))
    await counter.say(text)
    await counter.until(lambda: len(counter.customer.messages) == 2)
    assert counter.customer.seen("reply_dropped") == []
    assert [author for author, _ in await counter.log()] == ["contact", "contact", "assistant", "assistant"]


async def test_a_turn_that_begins_angry_gets_a_person_and_no_words(counter: Counter) -> None:
    await counter.say("骗子！我要投诉你们")
    await counter.until(lambda: counter.customer.seen("handled_by"))
    await counter.desk.close()
    assert counter.engine.heard == []
    assert [author for author, _ in await counter.log()] == ["contact", "system"]
    assert (await counter.state())["hand_off_reason"] == "angry"


async def test_anger_that_the_engine_noticed_is_not_answered_either(counter: Counter) -> None:
    counter.engine.trace, counter.engine.is_streaming = {"mood": ["angry", 0.9]}, False
    await counter.say("这日子没法过了")
    await counter.until(lambda: counter.customer.seen("handled_by"))
    await counter.desk.close()
    assert [author for author, _ in await counter.log()] == ["contact", "system"]


async def test_another_process_finishes_the_hand_over_of_a_dead_one(counter: Counter) -> None:
    """The dead process stored the angry message and owed its answer; nobody had called a person yet."""
    quiet: list[Received] = []
    counter.desk.received = lambda message, stored: quiet.append(stored)  # type: ignore[method-assign]
    await counter.say("在吗")
    await counter.say("垃圾店，退钱！")
    await counter.ask(
        "update pending_answers set leased_until = now() - interval '1 second' where conversation_id = $1"
    )
    recovering = asyncio.create_task(counter.desk.recover())
    await counter.until(lambda: counter.customer.seen("handled_by"))
    recovering.cancel()
    await asyncio.gather(recovering, return_exceptions=True)
    await counter.desk.close()
    assert len(quiet) == 2
    assert [author for author, _ in await counter.log()] == ["contact", "contact", "system"]
    assert (await counter.state())["hand_off_reason"] == "angry"
