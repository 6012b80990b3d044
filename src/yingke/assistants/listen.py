"""Hears anger in what a customer writes while his answer is under way."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence

from yingke.assistants.guarding.danger import danger_of
from yingke.assistants.memory import Memory
from yingke.assistants.mood.is_angry_at_once import is_angry_at_once
from yingke.assistants.mood.sense import sense
from yingke.assistants.open_turn import OpenTurn
from yingke.assistants.pace import Pace
from yingke.assistants.wording import FURIOUS
from yingke.kit.errors import Problem
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.fold import fold


def is_angry(texts: Sequence[str]) -> bool:
    """By the rules. Danger goes before anger: it has a sentence of its own."""
    return any(map(is_angry_at_once, texts)) and not any(map(danger_of, texts))


class Listener:
    """Calls `leave` for a turn whose customer is angry: by the rules at once, by his message's vector soon."""

    def __init__(self, encoder: Encoder | None, pace: Pace, memory: Memory, leave: Callable[[OpenTurn], None]) -> None:
        self._encoder = encoder
        self._pace = pace
        self._memory = memory
        self._leave = leave
        self._listening: set[asyncio.Task[None]] = set()

    def hear(self, entry: OpenTurn, text: str) -> None:
        """What is dangerous is answered by its own sentence, in the turn that begins next."""
        if self._pace.is_waiting(entry.turn.conversation_id):
            self._pace.said(entry.turn.conversation_id, text)
        elif is_angry((text,)):
            self._leave(entry)
        elif self._encoder is not None and text and danger_of(text) is None:
            task = asyncio.create_task(self._hear_closely(self._encoder, entry, text))
            self._listening.add(task)
            task.add_done_callback(self._listening.discard)

    async def _hear_closely(self, encoder: Encoder, entry: OpenTurn, text: str) -> None:
        with contextlib.suppress(Problem):
            vectors = await encoder.encode([fold(text)])
            mood = sense(text, vectors[0], self._memory.of(entry.turn.conversation_id).mood)
            if mood.label == "angry" and mood.confidence >= FURIOUS:
                self._leave(entry)
