"""Which version serves a conversation."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from yingke.assistants.skills.pieces.words import ABROAD, Wordings
from yingke.assistants.team_versions.config import AS_BUILT, TeamConfig
from yingke.assistants.team_versions.sentences import tones


@dataclass(frozen=True, slots=True)
class TeamVersion:
    """`number` 0: as built, before anybody switched a version on. `percent` only of a candidate."""

    number: int
    config: TeamConfig
    percent: int = 0
    wordings: Wordings = field(init=False)

    def __post_init__(self) -> None:
        """Compiled once: a turn looks a sentence up and nothing more."""
        wordings: dict[str, dict[str, list[str]]] = {
            key: dict(languages) for key, languages in tones().get(self.config.tone, {}).items()
        }
        for key, own in self.config.sentences.items():
            said = wordings.setdefault(key, {})
            mine = (("zh", own.zh), ("en", own.en), (ABROAD, own.en))
            said |= {language: [text] for language, text in mine if text}
        object.__setattr__(self, "wordings", wordings)


BUILT = TeamVersion(0, AS_BUILT)


def choose_version(live: TeamVersion, candidate: TeamVersion | None, conversation_id: int) -> TeamVersion:
    """The candidate for its share of the conversations. One conversation keeps its version while the share stays or
    grows; without a conversation it is the live one."""
    if candidate is None or conversation_id == 0:
        return live
    return candidate if place_of(conversation_id, candidate.number) < candidate.percent else live


def place_of(conversation_id: int, number: int) -> int:
    """0 … 99, the same in every process; another order for every candidate."""
    digest = hashlib.blake2b(f"{number}:{conversation_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) % 100


def live_and_candidate(versions: Sequence[tuple[str, TeamVersion]]) -> tuple[TeamVersion, TeamVersion | None]:
    """Of (state, version) as read from the table."""
    by_state = dict(versions)
    return by_state.get("live", BUILT), by_state.get("candidate")
