"""What a parser tells whoever waits for it."""


class Watch:
    """Whoever waits for the parser. The process of `parse` puts one here that writes to its pipe."""

    def progress(self, done: int, total: int) -> None:
        """So many pages of a long job are read."""

    def begin_recognition(self) -> None:
        """Text is going to be read off pictures, which takes more time and memory."""
