"""One conversation with unanswered messages in this process."""

import asyncio
import time
from dataclasses import dataclass, field

from yingke.assistants.turns import Turn

RESTARTS = 2


@dataclass(slots=True)
class OpenTurn:
    """A turn with what has been shown of its answer so far."""

    turn: Turn
    task: "asyncio.Task[None] | None" = None
    restarts: int = 0
    is_shown: bool = False
    is_stopped: bool = False
    is_leaving: bool = False
    """The customer is angry: nothing more is said, a person is called."""
    comfort: str = ""
    reply_id: str = ""
    deltas: int = 0
    started: float = field(default_factory=time.monotonic)

    @property
    def may_restart(self) -> bool:
        return self.restarts < RESTARTS and not self.is_shown

    @property
    def number(self) -> int:
        """Another one every turn, for wordings that change."""
        return self.turn.conversation_id + self.turn.through_seq

    def begin(self) -> None:
        """Nothing of this answer is shown yet."""
        self.reply_id, self.deltas, self.is_shown, self.is_stopped = f"r{time.monotonic_ns():x}", 0, False, False
        self.comfort = ""
