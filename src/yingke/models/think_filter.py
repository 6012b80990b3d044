"""Takes reasoning out of a streamed answer: some models put it into the text between <think> and </think>."""

OPEN, CLOSE = "<think>", "</think>"


class ThinkFilter:
    """Feed text split anywhere; get what a customer may read. An unclosed block hides the rest."""

    def __init__(self) -> None:
        self._held = ""
        self._inside = False
        self._trim = False

    def feed(self, piece: str) -> str:
        """The visible part of `piece`; holds back at most the beginning of a tag."""
        if not (self._held or self._inside or self._trim) and "<" not in piece:
            return piece
        text, self._held = self._held + piece, ""
        shown: list[str] = []
        while text:
            tag = CLOSE if self._inside else OPEN
            before, found, after = text.partition(tag)
            if not found:
                kept = _tail_that_may_grow(text, tag)
                self._held = text[len(text) - kept :]
                before = text[: len(text) - kept]
            if not self._inside:
                shown.append(self._trimmed(before))
            if not found:
                break
            self._trim = self._inside
            self._inside = not self._inside
            text = after
        return "".join(shown)

    def finish(self) -> str:
        """What was held back because it looked like a tag's beginning."""
        held, self._held = self._held, ""
        return "" if self._inside else self._trimmed(held)

    def _trimmed(self, text: str) -> str:
        """Blank lines after a closed block belong to it."""
        if self._trim:
            text = text.lstrip()
            self._trim = not text
        return text


def _tail_that_may_grow(text: str, tag: str) -> int:
    for length in range(min(len(tag) - 1, len(text)), 0, -1):
        if text.endswith(tag[:length]):
            return length
    return 0
