"""What the customer sees of a model's answer while it arrives."""

from yingke.assistants.engine import OnDelta
from yingke.kit.redact import Placeholders, StreamUnmask
from yingke.models.citations import CitationStream


class Shown:
    """Text goes through it in pieces: marks are checked, placeholders become what they stand for, then it is shown."""

    def __init__(self, passages: int, placeholders: Placeholders, on_delta: OnDelta) -> None:
        self._citations = CitationStream(passages)
        self._unmask = StreamUnmask(placeholders)
        self._on_delta = on_delta
        self.text = ""
        self.is_wanted = True

    @property
    def numbers(self) -> list[int]:
        """Of the passages that were cited, in order of first use."""
        return self._citations.numbers

    def feed(self, piece: str) -> None:
        self._show(self._unmask.feed(self._citations.feed(piece)))

    def finish(self) -> None:
        self._show(self._unmask.feed(self._citations.finish()) + self._unmask.finish())

    def _show(self, piece: str) -> None:
        if not self.text:
            piece = piece.lstrip()
        if not piece or not self.is_wanted:
            return
        self.is_wanted = self._on_delta(piece)
        if self.is_wanted:
            self.text += piece
