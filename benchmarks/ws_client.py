"""A WebSocket client that costs little: the load generator shares two cores with what it measures.

Frames are masked with a zero key, which RFC 6455 allows and which needs no work.
"""

import asyncio
import base64
import os
from collections.abc import Callable
from typing import Any

import msgspec

_encode = msgspec.json.encode


class Socket(asyncio.Protocol):
    """One connection; `on_frame` gets the text of each frame as bytes, `on_end` is called once."""

    def __init__(self, host: str, path: str, on_frame: "Callable[[Socket, bytes], None]") -> None:
        self._head = (
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\nSec-WebSocket-Version: 13\r\n\r\n"
        ).encode()
        self._on_frame = on_frame
        self._buffer = bytearray()
        self._is_open = False
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport | None = None
        self.state: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]
        self.transport.write(self._head)  # type: ignore[union-attr]

    def connection_lost(self, error: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_exception(error or ConnectionError("closed"))
        if not self.ended.done():
            self.ended.set_result(None)

    def send(self, frame: dict[str, Any]) -> None:
        body = _encode(frame)
        size = len(body)
        if size < 126:
            head = bytes((0x81, 0x80 | size, 0, 0, 0, 0))
        else:
            head = bytes((0x81, 0xFE)) + size.to_bytes(2, "big") + b"\0\0\0\0"
        assert self.transport is not None
        self.transport.write(head + body)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        buffer = self._buffer
        if not self._is_open:
            at = buffer.find(b"\r\n\r\n")
            if at < 0:
                return
            if b" 101 " not in buffer[:32]:
                self.opened.set_exception(ConnectionError(bytes(buffer[:80])))
                return
            self._is_open = True
            self.opened.set_result(None)
            del buffer[: at + 4]
        at = 0
        while len(buffer) - at >= 2:
            kind, size, head = buffer[at] & 15, buffer[at + 1], 2
            if size == 126:
                if len(buffer) - at < 4:
                    break
                size, head = int.from_bytes(buffer[at + 2 : at + 4], "big"), 4
            elif size == 127:
                if len(buffer) - at < 10:
                    break
                size, head = int.from_bytes(buffer[at + 2 : at + 10], "big"), 10
            if len(buffer) - at < head + size:
                break
            body = bytes(buffer[at + head : at + head + size])
            at += head + size
            if kind == 1:
                self._on_frame(self, body)
            elif kind == 9:
                assert self.transport is not None
                self.transport.write(bytes((0x8A, 0x80 | len(body), 0, 0, 0, 0)) + body)
            elif kind == 8:
                assert self.transport is not None
                self.transport.close()
        del buffer[:at]


async def connect(host: str, port: int, path: str, on_frame: Callable[[Socket, bytes], None]) -> Socket:
    _, socket = await asyncio.get_running_loop().create_connection(
        lambda: Socket(f"{host}:{port}", path, on_frame), host, port
    )
    await socket.opened
    return socket
