"""What every skill promises: to say whether a message is its own, and to serve it with the tools of the turn."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, ClassVar

from yingke.assistants.intents.classify import Intent
from yingke.assistants.skills.talk import Talk
from yingke.assistants.skills.words import say_so
from yingke.assistants.tools.belt import ToolBelt


@dataclass(slots=True)
class Work:
    """One turn in the hands of the skills; `talk` is changed in place, `tag` is the customer's language."""

    belt: ToolBelt
    talk: Talk
    tag: str
    texts: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    @property
    def is_chinese(self) -> bool:
        return self.tag.startswith("zh")

    def say(self, key: str, **values: Any) -> str:
        """A sentence of the skills; the wording changes from turn to turn."""
        session = self.belt.session
        return say_so(key, self.tag, session.conversation_id + session.through_seq, **values)


@dataclass(frozen=True, slots=True)
class Request:
    """One thing asked for in a turn. `search` stands alone (pronouns filled in); `intent` None: not told."""

    text: str
    search: str
    intent: Intent | None = None


@dataclass(slots=True)
class Served:
    """`text` None: the skill found nothing to say and the knowledge answers instead."""

    text: str | None
    hand_off: str | None = None
    offers_person: bool = False
    cards: list[dict[str, Any]] = field(default_factory=list)


class Skill(ABC):
    """Without state: what is to be remembered stands in the talk."""

    name: ClassVar[str]
    says: ClassVar[tuple[str, str]]
    """Its name on screens, in Chinese and English."""
    tools: ClassVar[tuple[str, ...]]
    """What it cannot work without."""

    @abstractmethod
    def claims(self, work: Work, request: Request) -> float:
        """0 not mine … 1 certainly mine; the knowledge's own claim is 0.5. Costs no more than some regular expressions."""

    @abstractmethod
    async def serve(self, work: Work, request: Request) -> Served:
        """Answers the request, or asks for what is missing. Never raises for a shop that is down."""
