"""Server-sent events, read incrementally (WHATWG HTML, section 9.2), forgiving where providers are careless."""

from collections.abc import Sequence

BOM = b"\xef\xbb\xbf"
LONGEST_LINE = 1_000_000


class EventStreamBroken(ValueError):
    """A line grew past LONGEST_LINE bytes."""


class EventStream:
    """Feed bytes split anywhere; get the data of each finished event. Comments, names and ids are dropped."""

    def __init__(self) -> None:
        self._line: list[bytes] = []
        self._line_bytes = 0
        self._data: list[bytes] = []
        self._after_cr = False
        self._first = True

    def feed(self, chunk: bytes) -> Sequence[bytes]:
        """Data of the events completed by `chunk`. Raises EventStreamBroken."""
        if self._after_cr or b"\r" in chunk:
            chunk = self._plain_newlines(chunk)
        if b"\n" not in chunk:
            self._keep(chunk)
            return ()
        lines = chunk.split(b"\n")
        if self._line:
            lines[0] = b"".join(self._line) + lines[0]
            self._line, self._line_bytes = [], 0
        rest = lines.pop()
        if rest:
            self._keep(rest)
        return self._read(lines)

    def finish(self) -> Sequence[bytes]:
        """Data of the last event when the server closed without the blank line that ends it."""
        rest = b"".join(self._line)
        self._line, self._line_bytes = [], 0
        return self._read([rest, b""])

    def _read(self, lines: list[bytes]) -> Sequence[bytes]:
        events: list[bytes] = []
        if self._first and lines:
            self._first = False
            lines[0] = lines[0].removeprefix(BOM)
        data = self._data
        for line in lines:
            if not line:
                if data:
                    events.append(data[0] if len(data) == 1 else b"\n".join(data))
                    data.clear()
            elif line.startswith(b"data:"):
                data.append(line[6:] if line[5:6] == b" " else line[5:])
        return events

    def _plain_newlines(self, chunk: bytes) -> bytes:
        if not chunk:
            return chunk
        ends_with_cr = chunk.endswith(b"\r")
        if self._after_cr and chunk.startswith(b"\n"):
            chunk = chunk[1:]
        self._after_cr = ends_with_cr
        return chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")

    def _keep(self, part: bytes) -> None:
        self._line.append(part)
        self._line_bytes += len(part)
        if self._line_bytes > LONGEST_LINE:
            raise EventStreamBroken("line too long")
