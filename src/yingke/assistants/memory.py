"""What one process still knows of the talks it answered last; whatever is missing is read from the log."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from yingke.assistants.engine import Said
from yingke.assistants.mood.labels import Label

HISTORY = 8
REMEMBERED = 20_000


@dataclass(slots=True)
class Known:
    """One talk up to `last_seq`. `mood` is that of the contact's last message, `talk` what the assistants keep."""

    last_seq: int = 0
    history: tuple[Said, ...] = ()
    talk: dict[str, Any] = field(default_factory=dict)
    language: str = ""
    mood: Label | None = None
    understood: dict[str, Any] = field(default_factory=dict)
    """As stored on the conversation: intent, mood, moods, through."""


class Memory:
    """The least recently used talks are forgotten first."""

    def __init__(self) -> None:
        self._known: OrderedDict[int, Known] = OrderedDict()

    def of(self, conversation_id: int) -> Known:
        """What is known; nothing of a talk that was never seen or is forgotten."""
        return self._known.get(conversation_id) or Known()

    def is_complete(self, conversation_id: int, seq: int) -> bool:
        """True when all that stands before message `seq` is known here: nobody else answered in between."""
        return self.of(conversation_id).last_seq == seq - 1

    def keep(self, conversation_id: int, known: Known) -> None:
        known.history = known.history[-HISTORY:]
        self._known[conversation_id] = known
        self._known.move_to_end(conversation_id)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

    def forget(self, conversation_id: int) -> None:
        self._known.pop(conversation_id, None)
