"""The visitor's end of a web socket as bytes: a message is judged the moment it is read, without a queue or a task."""

from collections.abc import Callable
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

NAME = "yingke.wire"
"""Where the connection's scope names it, among the extensions of ASGI."""


class VisitorWire(WebSocketsSansIOProtocol):
    """uvicorn's protocol with a short way in and out beside that of ASGI."""

    hear: Callable[[bytes], bool] | None = None
    """Gets each text frame first; True: it is dealt with, and the application hears nothing of it."""

    @property
    def is_idle(self) -> bool:
        """Nothing that was read waits for the application."""
        return self.queue.empty()

    def handle_connect(self, event: Any) -> None:
        super().handle_connect(event)
        if (scope := getattr(self, "scope", None)) is not None:
            scope["extensions"][NAME] = self

    def handle_text(self, event: Any) -> None:
        if self.hear is None or not event.fin or self.close_sent or not self.hear(bytes(event.data)):
            super().handle_text(event)

    def write(self, text: str) -> bool:
        """Sends a frame at once; False while the other end does not read, or is gone."""
        if self.disconnected or self.close_sent or not self.writable.is_set():
            return False
        self.conn.send_text(text.encode())
        self.transport.write(b"".join(self.conn.data_to_send()))
        return True

    def rest(self) -> None:
        """Reads no more until `go_on`."""
        self.transport.pause_reading()

    def go_on(self) -> None:
        if not self.read_paused and not self.disconnected:
            self.transport.resume_reading()


def wire_of(scope: dict[str, Any]) -> VisitorWire | None:
    """None where another server than ours brought the connection."""
    found = (scope.get("extensions") or {}).get(NAME)
    return found if isinstance(found, VisitorWire) else None
