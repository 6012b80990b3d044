"""What every engine of answers promises."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from yingke.knowledge.entry import Audience
from yingke.knowledge.index import KnowledgeIndex

if TYPE_CHECKING:
    from yingke.assistants.team_versions.version import TeamVersion


@dataclass(frozen=True, slots=True)
class Said:
    """One earlier message of the conversation. `author`: contact, assistant, agent."""

    author: str
    text: str
    cited: tuple[int, ...] = ()
    """Passages that this message quoted; what 「那个」 may mean."""


@dataclass(frozen=True, slots=True)
class Otherwise:
    """How a question is to be answered differently from a live turn: for previews, replays and evaluations.

    `at`: as of that moment · `index`: another knowledge than the live one · `engine`: not the workspace's own ·
    `answering`: settings of the decision instead of the workspace's (see knowledge/answering) ·
    `team`: another version of the team than the one that serves the conversation.
    """

    at: datetime | None = None
    index: KnowledgeIndex | None = None
    engine: Literal["embedded", "chat"] | None = None
    audience: Audience = "customer"
    answering: dict[str, Any] | None = None
    team: "TeamVersion | None" = None


AS_LIVE = Otherwise()


@dataclass(frozen=True, slots=True)
class Question:
    """The unanswered messages of one turn, with what is needed to answer them."""

    workspace_id: int
    shop_id: int
    knowledge_version: int
    conversation_id: int
    texts: tuple[str, ...]
    history: tuple[Said, ...]
    language: str
    has_attachment: bool = False
    otherwise: Otherwise = AS_LIVE
    through_seq: int = 0
    """The last message that the answer covers; with the conversation it names this turn for ever."""
    talk: dict[str, Any] = field(default_factory=dict)
    """What the assistants remember of this conversation: the skill that speaks, what it asked for and was told."""


@dataclass(slots=True)
class Reply:
    """What an engine wants to say. `citations` as in the API; `degraded_level` as in the ladder (0 = as configured)."""

    text: str
    generated_by: dict[str, Any]
    citations: list[dict[str, Any]] = field(default_factory=list)
    degraded_level: int = 0
    trace: dict[str, Any] = field(default_factory=dict)
    gap: str | None = None
    """The question as searched, when the knowledge does not answer it."""
    offers_person: bool = False
    cited: tuple[int, ...] = ()
    talk: dict[str, Any] | None = None
    """What is to be remembered from now on; None leaves it as it was."""
    hand_off: str | None = None
    """Why a person has to follow these words, when the engine itself says so."""
    facts: tuple[str, ...] = ()
    """What tools said, as text: the figures, dates and promises of the words that no citation carries."""
    settles_order: bool = False
    """The question about one order is dealt with here: no person has to follow for that alone."""
    may_comfort: bool = True
    """False where the merchant wants no sentence of comfort before an answer."""
    cards: list[dict[str, Any]] = field(default_factory=list)
    """Products, orders and parcels shown beside the words; each has a `kind`."""


OnDelta = Callable[[str], bool]
"""Shows a piece of the answer; False when the answer is no longer wanted (taken over, stopped): the engine ends."""


class Stopped(Exception):
    """The answer is not wanted any more; nothing is to be stored."""


class Engine(ABC):
    """Answers a turn. Never raises for a dead dependency: it steps down and says so in `degraded_level`."""

    @abstractmethod
    async def answer(self, question: Question, on_delta: OnDelta) -> Reply:
        """Ends early when `on_delta` returns False: what was shown is the answer. `on_delta` may raise `Stopped`."""
