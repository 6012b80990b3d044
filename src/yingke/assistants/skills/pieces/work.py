"""One turn in the hands of the skills."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yingke.assistants.goods.shelf import Shelf
from yingke.assistants.intents.classify import Intent
from yingke.assistants.skills.pieces.talk import Talk
from yingke.assistants.skills.pieces.words import Wordings, say_so
from yingke.assistants.told.taking import AS_BUILT, ContactTaking
from yingke.assistants.tools.pieces.belt import ToolBelt
from yingke.kit.tongues.tongue import phrase_in, word_in


@dataclass(slots=True)
class Work:
    """One turn in the hands of the skills; `talk` is changed in place, `tag` is the customer's language."""

    belt: ToolBelt
    talk: Talk
    tag: str
    texts: tuple[str, ...]
    wordings: Wordings | None = None
    """What the merchant or the tone says instead of our sentences."""
    contact: ContactTaking = AS_BUILT
    language_before: str = ""
    """Of the conversation so far; what counts where the words themselves tell none."""
    shelf: Shelf | None = None
    """The shop's goods at hand; None where there are none, or they are still being read."""
    read: dict[Any, Any] = field(default_factory=dict)
    """What a skill has read out of a request, from its claim to its serving."""
    before: str = ""
    """What the customer said just before these words."""
    has_attachment: bool = False
    """A picture or a file came with the message, or was all of it."""

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    @property
    def is_chinese(self) -> bool:
        return self.tag.startswith("zh")

    def say(self, key: str, **values: Any) -> str:
        """A sentence of the skills; the wording changes from turn to turn."""
        return say_so(key, self.tag, self.turn, self.wordings, **values)

    def word(self, key: str, chinese: str, english: str) -> str:
        """A word within a sentence, in the customer's language."""
        return word_in(key, self.tag, chinese, english)

    def phrase(self, english: str) -> str:
        """What another room says in English, in the customer's language where that is known."""
        return phrase_in(english, self.tag)

    def listed(self, parts: Iterable[str]) -> str:
        """One after the other, as the customer's language sets them apart."""
        return self.word("comma", "、", ", ").join(parts)

    @property
    def turn(self) -> int:
        """Another number every turn."""
        return self.belt.session.conversation_id + self.belt.session.through_seq


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """One thing asked for in a turn. `search` stands alone (pronouns filled in); `intent` None: not told; `is_known`: the
    knowledge has an answer to it."""

    text: str
    search: str
    intent: Intent | None = None
    is_known: bool = False
    is_row: bool = False
    """What it knows is a thing's row of a table: true, and said like a database."""
    evidence: str = ""
    """What it would answer from."""
    vector: NDArray[np.float32] | None = None
    """Of `search`, of length one; None while the encoder is away."""


@dataclass(slots=True)
class Served:
    """`text` None: the skill found nothing to say and the knowledge answers instead. `citations`: passages that the words
    mark as [1], [2] …; `wants_contact`: why it would help to know how to reach the customer."""

    text: str | None
    hand_off: str | None = None
    offers_person: bool = False
    cards: list[dict[str, Any]] = field(default_factory=list)
    citations: list[dict[str, Any]] = field(default_factory=list)
    wants_contact: str = ""
