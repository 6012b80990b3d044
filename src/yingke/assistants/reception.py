"""Looks at a turn before any engine does: a wish for a person is obeyed at once, whatever the engine."""

from abc import ABC, abstractmethod

from yingke.assistants.engine import Question
from yingke.assistants.turns import Turn


class Reception(ABC):
    @abstractmethod
    async def wants(self, question: Question, turn: Turn) -> bool:
        """True when the conversation has been handed over and no answer is owed any more."""

    @abstractmethod
    def need(self, question: Question) -> str | None:
        """Why a person has to follow the answer: what an answer alone does not settle. It is stored with the answer."""

    @abstractmethod
    async def follow_up(self, turn: Turn, need: str) -> None:
        """Called when that answer is stored; a job does the same later should this process die before."""
