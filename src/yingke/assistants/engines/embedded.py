"""Answers by quoting the knowledge: no network, no key, the same answer for the same question."""

from yingke.assistants.consider import consider
from yingke.assistants.engine import Engine, OnDelta, Question, Reply
from yingke.assistants.say import say
from yingke.knowledge.library import Library


class EmbeddedEngine(Engine):
    """`degraded_level` is given when this engine stands in for another one that cannot be used."""

    def __init__(self, library: Library, degraded_level: int = 0) -> None:
        self._library = library
        self._degraded_level = degraded_level

    async def answer(self, question: Question, on_delta: OnDelta) -> Reply:
        """Whole at once: it takes a few milliseconds, so nothing is shown before it is stored."""
        return say(await consider(self._library, question), degraded_level=self._degraded_level)
