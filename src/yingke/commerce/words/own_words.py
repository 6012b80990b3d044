"""What one shop calls its own goods and colours, heard beside the vocabulary while a turn of that shop is worked on."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

OWN = "="
"""Behind the prefix of a token that no vocabulary knows: `t:=燕窝`, `c:=雾蓝`."""


@dataclass(frozen=True, eq=False, slots=True)
class OwnWords:
    """`tokens`: phrase in folded text → token; `by_first`: first character → its phrases, the longest first."""

    tokens: Mapping[str, str]
    by_first: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, named: Iterable[tuple[str, str]]) -> "OwnWords | None":
        """`named`: (phrase, token); the first token of a phrase counts. None where nothing is named."""
        tokens: dict[str, str] = {}
        for phrase, token in named:
            tokens.setdefault(phrase, token)
        by_first: dict[str, list[str]] = {}
        for phrase in sorted(tokens, key=len, reverse=True):
            by_first.setdefault(phrase[0], []).append(phrase)
        return cls(tokens, {first: tuple(some) for first, some in by_first.items()}) if tokens else None

    def at(self, folded: str, place: int) -> str:
        """The longest phrase that stands there; empty where none does."""
        return next((one for one in self.by_first.get(folded[place], ()) if folded.startswith(one, place)), "")


_heard: ContextVar[OwnWords | None] = ContextVar("own_words", default=None)


def own_words() -> OwnWords | None:
    """Of the shop whose turn is being worked on."""
    return _heard.get()


@contextmanager
def hearing(own: OwnWords | None) -> Iterator[None]:
    """Within it texts are read with these words beside the vocabulary."""
    token = _heard.set(own)
    try:
        yield
    finally:
        _heard.reset(token)


def as_kept(token: str) -> str:
    """How products that are stored keep a token: of a word of the shop's own the last pair of characters."""
    return token[3:][-2:] if token[2:3] == OWN else token
