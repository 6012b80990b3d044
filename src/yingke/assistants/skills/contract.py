"""What every skill promises: to say whether a message is its own, and to serve it with the tools of the turn."""

from abc import ABC, abstractmethod
from typing import ClassVar

from yingke.assistants.skills.pieces.work import Request, Served, Work
from yingke.assistants.tools.pieces.belt import ToolBelt


class Skill(ABC):
    """Without state: what is to be remembered stands in the talk."""

    name: ClassVar[str]
    says: ClassVar[tuple[str, str]]
    """Its name on screens, in Chinese and English."""
    tools: ClassVar[tuple[str, ...]]
    """What it cannot work without."""
    at_most: ClassVar[float] = 1.0
    """What it claims at most. Below 1: it is not asked where another one is surer than that."""
    takes_whole: ClassVar[bool] = False
    """May be so sure of a message that it takes all of it, although nothing was asked."""

    def is_usable(self, belt: ToolBelt) -> bool:
        """Whether this turn has the tools for it."""
        return all(map(belt.has, self.tools))

    @abstractmethod
    def claims(self, work: Work, request: Request) -> float:
        """0 not mine … 1 certainly mine; the knowledge's own claim is 0.5. Costs no more than some regular expressions."""

    @abstractmethod
    async def serve(self, work: Work, request: Request) -> Served:
        """Answers the request, or asks for what is missing. Never raises for a shop that is down."""
