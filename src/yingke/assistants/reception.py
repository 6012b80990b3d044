"""Looks at a turn before any engine does: a wish for a person is obeyed at once, whatever the engine."""

from abc import ABC, abstractmethod

from yingke.assistants.engine import Question, Reply
from yingke.assistants.turns import Turn

BY_RULE = "rule:"
"""How the reason of a hand-over by rule begins; the rule's id and name follow."""


class Reception(ABC):
    @abstractmethod
    async def wants(self, question: Question, turn: Turn) -> bool:
        """True when the conversation has been handed over and no answer is owed any more."""

    @abstractmethod
    async def angry(self, turn: Turn) -> bool:
        """Hands an angry customer over at once, without another word. False: it changed hands meanwhile."""

    @abstractmethod
    async def ruled(self, question: Question, turn: Turn, reply: Reply) -> bool:
        """The merchant's rules, now that there is a reply and before it is stored. True: handed over at once, the reply
        is dropped. A rule that hands over afterwards sets `reply.hand_off`."""

    @abstractmethod
    def need(self, question: Question) -> str | None:
        """Why a person has to follow the answer: what an answer alone does not settle. It is stored with the answer."""

    @abstractmethod
    async def unanswered(self, turn: Turn, reply: Reply) -> str | None:
        """As `need`, for a reply that did not know, asked before it is stored."""

    @abstractmethod
    async def follow_up(self, turn: Turn, need: str) -> None:
        """Called when that answer is stored; a job does the same later should this process die before."""
