"""What an exchange needs of a protocol: events in, text and an ending out."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from yingke.models.contract import Delta


class Reader(ABC):
    """Reads the events of one protocol."""

    is_done: bool = False

    @property
    @abstractmethod
    def has_finished(self) -> bool:
        """The model said that it ended, whatever the connection does afterwards."""

    @property
    @abstractmethod
    def is_calling(self) -> bool:
        """A tool call has begun to arrive."""

    @abstractmethod
    def read(self, events: Sequence[bytes]) -> str:
        """The visible text of `events`. Raises the error that they carry, ModelBroken for garbage."""

    @abstractmethod
    def end(self) -> list[Delta]:
        """The last deltas. Raises ModelBroken when the stream stopped before the answer did."""
