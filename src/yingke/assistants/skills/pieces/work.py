"""One turn in the hands of the skills."""

from dataclasses import dataclass, field
from typing import Any

from yingke.assistants.intents.classify import Intent
from yingke.assistants.skills.pieces.talk import Talk
from yingke.assistants.skills.pieces.words import Wordings, say_so
from yingke.assistants.tools.pieces.belt import ToolBelt


@dataclass(slots=True)
class Work:
    """One turn in the hands of the skills; `talk` is changed in place, `tag` is the customer's language."""

    belt: ToolBelt
    talk: Talk
    tag: str
    texts: tuple[str, ...]
    wordings: Wordings | None = None
    """What the merchant or the tone says instead of our sentences."""

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    @property
    def is_chinese(self) -> bool:
        return self.tag.startswith("zh")

    def say(self, key: str, **values: Any) -> str:
        """A sentence of the skills; the wording changes from turn to turn."""
        return say_so(key, self.tag, self.turn, self.wordings, **values)

    @property
    def turn(self) -> int:
        """Another number every turn."""
        return self.belt.session.conversation_id + self.belt.session.through_seq


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
