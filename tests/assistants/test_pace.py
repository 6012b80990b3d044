"""The line for an answer: bounded, fair between workspaces, the urgent first, and steps down for whoever waited long."""

import asyncio
import contextlib

import pytest

from tests.kit.test_rates import Clock
from yingke.assistants.pace import FEWEST, FIRST, LONGEST_LINE, NOTICE, QUOTED, Pace
from yingke.assistants.turns import Turn
from yingke.kit.elsewhere import waiting_elsewhere


class Line:
    """Turns that are answered only when the test says so."""

    def __init__(self, limit: int = 1) -> None:
        self.clock = Clock()
        self.pace = Pace(self.clock)
        self.pace.limit = float(limit)
        self.begun: list[int] = []
        self.levels: dict[int, int] = {}
        self._ends: dict[int, asyncio.Event] = {}
        self.tasks: dict[int, asyncio.Task[None]] = {}

    async def come(self, conversation: int, workspace: int = 1, text: str = "多久发货") -> None:
        turn = Turn(workspace, conversation, 1, 1, 1)
        turn.add(1, text, "text")
        self._ends[conversation] = asyncio.Event()
        self.tasks[conversation] = asyncio.create_task(self._answer(turn))
        await asyncio.sleep(0)

    async def _answer(self, turn: Turn) -> None:
        async with self.pace.admit(turn):
            self.begun.append(turn.conversation_id)
            self.levels[turn.conversation_id] = self.pace.level_of(turn.conversation_id)
            await self._ends[turn.conversation_id].wait()

    async def end(self, conversation: int) -> None:
        self._ends[conversation].set()
        await self.tasks[conversation]
        await asyncio.sleep(0)

    async def end_all(self) -> list[int]:
        while any(not task.done() for task in self.tasks.values()):
            for conversation in list(self.begun):
                await self.end(conversation)
        return self.begun


async def test_workspaces_take_turns_however_many_one_of_them_brings() -> None:
    line = Line()
    for conversation in range(1, 6):
        await line.come(conversation, workspace=1)
    await line.come(101, workspace=2)
    assert (await line.end_all()).index(101) <= 2
    assert (line.pace.running, line.pace.waiting) == (0, 0)


@pytest.mark.parametrize("words", ["转人工", "我要打12315投诉你们", "你们就是骗子，垃圾店，气死我了！"])
async def test_a_wish_for_a_person_danger_and_anger_wait_for_nobody(words: str) -> None:
    line = Line()
    for conversation in range(1, 4):
        await line.come(conversation)
    await line.come(9, text=words)
    assert line.begun == [1, 9]
    line.pace.said(3, words)
    await asyncio.sleep(0)
    assert line.begun == [1, 9, 3], "also when it is said while waiting"
    assert line.levels[3] == 0
    await line.end_all()


async def test_who_waits_alone_and_grows_angry_leaves_no_empty_line_behind() -> None:
    line = Line()
    await line.come(1)
    await line.come(2)
    line.pace.said(2, "转人工")
    await asyncio.sleep(0)
    assert line.begun == [1, 2]
    assert await line.end_all() == [1, 2]
    await line.come(3)
    assert await line.end_all() == [1, 2, 3]
    assert (line.pace.running, line.pace.waiting) == (0, 0)


async def test_a_long_wait_leads_down_the_ladder_and_the_longest_to_a_notice() -> None:
    line = Line()
    for conversation in (1, 2, 3, 4):
        await line.come(conversation)
    line.clock.now += 5
    await line.end(1)
    line.clock.now += 6
    await line.end(2)
    line.clock.now += 30
    await line.end(3)
    assert line.levels == {1: 0, 2: 0, 3: QUOTED, 4: NOTICE}
    await line.end_all()


async def test_a_full_line_takes_nobody_more_but_tells_him_at_once() -> None:
    line = Line()
    for conversation in range(1, LONGEST_LINE + 2):
        await line.come(conversation)
    assert line.pace.waiting == LONGEST_LINE
    await line.come(0)
    assert (line.begun, line.levels[0], line.pace.skipped) == ([1, 0], NOTICE, 1)
    for task in line.tasks.values():
        task.cancel()
    await asyncio.gather(*line.tasks.values(), return_exceptions=True)
    assert (line.pace.running, line.pace.waiting) == (0, 0), "whoever is called off leaves no place behind"


async def test_messages_go_before_answers_fewer_are_begun_while_they_wait_and_more_afterwards() -> None:
    line = Line(limit=20)
    for conversation in range(20):
        await line.come(conversation)
    for _ in range(20):
        line.pace.adjust(0.5)
    low = line.pace.limit
    for conversation in range(20, 30):
        await line.come(conversation)
    assert line.pace.waiting == 10
    for _ in range(40):
        line.pace.adjust(0.01)
    await asyncio.sleep(0)
    assert (low, line.pace.waiting, line.pace.limit) == (FEWEST, 0, FIRST)
    await line.end_all()


async def test_those_who_waited_begin_several_together_and_the_last_of_a_line_alone() -> None:
    line = Line(limit=8)
    for conversation in range(14):
        await line.come(conversation)
    begun = []
    for conversation in range(8):
        await line.end(conversation)
        begun.append(len(line.begun))
    assert begun == [8, 10, 10, 12, 12, 14, 14, 14]
    await line.end_all()


async def test_who_waits_for_another_machine_leaves_his_place_to_the_next() -> None:
    line = Line(limit=2)
    back = asyncio.Event()

    async def ask_a_model() -> None:
        with waiting_elsewhere():
            await back.wait()

    async def answer(conversation: int) -> None:
        turn = Turn(1, conversation, 1, 1, 1)
        turn.add(1, "多久发货", "text")
        async with line.pace.admit(turn):
            await asyncio.gather(ask_a_model(), ask_a_model())

    away = [asyncio.create_task(answer(conversation)) for conversation in range(100, 110)]
    await asyncio.sleep(0.01)
    assert (line.pace.running, line.pace.away, line.pace.waiting) == (0, 10, 0)
    await line.come(1)
    assert line.begun == [1], "nobody waits for those who wait for a model"
    back.set()
    await asyncio.gather(*away)
    await line.end(1)
    assert (line.pace.running, line.pace.away) == (0, 0)


async def test_what_a_turn_leaves_behind_holds_no_place() -> None:
    line, back, tasks = Line(), asyncio.Event(), []

    async def tell_somebody() -> None:
        with waiting_elsewhere():
            await back.wait()

    turn = Turn(1, 1, 1, 1, 1)
    async with line.pace.admit(turn):
        tasks.append(asyncio.create_task(tell_somebody()))
    await asyncio.sleep(0)
    assert (line.pace.running, line.pace.away) == (0, 0)
    back.set()
    await asyncio.gather(*tasks)
    assert (line.pace.running, line.pace.away) == (0, 0)


async def test_a_process_that_others_keep_from_working_does_not_answer_fewer_at_once() -> None:
    pace = Pace()
    pace.limit = 300.0
    for _ in range(50):
        pace.adjust(2.0, busy=0.1)
    assert pace.limit == FIRST


async def test_a_turn_that_is_called_off_while_it_waits_frees_its_place() -> None:
    line = Line()
    for conversation in (1, 2, 3):
        await line.come(conversation)
    line.tasks[2].cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await line.tasks[2]
    await line.end(1)
    assert line.begun == [1, 3]
    await line.end(3)
    assert line.pace.running == 0
