"""Answers by quoting the knowledge and with the skills of the team: no network, no key, the same answer for the same question."""

from yingke.assistants.consider import consider
from yingke.assistants.engine import Engine, OnDelta, Question, Reply
from yingke.assistants.say import say
from yingke.assistants.team import Team
from yingke.knowledge.library import Library


class EmbeddedEngine(Engine):
    """Without a `team` the knowledge alone answers. `degraded_level` is given when it stands in for another engine."""

    def __init__(self, library: Library, team: Team | None = None, *, degraded_level: int = 0) -> None:
        self._library = library
        self._team = team
        self._degraded_level = degraded_level

    async def answer(self, question: Question, on_delta: OnDelta) -> Reply:
        """Whole at once: it takes a few milliseconds, so nothing is shown before it is stored."""
        considered = await consider(self._library, question)
        if self._team is None:
            return say(considered, degraded_level=self._degraded_level)
        return await self._team.serve(considered, self._degraded_level)
