"""Looks at a turn before any engine does: a wish for a person is obeyed at once, whatever the engine."""

from abc import ABC, abstractmethod

from yingke.assistants.engine import Question
from yingke.assistants.turns import Turn


class Reception(ABC):
    @abstractmethod
    async def wants(self, question: Question, turn: Turn) -> bool:
        """True when the conversation has been handed over and no answer is owed any more."""

    @abstractmethod
    async def follow_up(self, question: Question, turn: Turn) -> None:
        """Called when the answer is stored: hands over what an answer alone does not settle."""
