"""Learning beside answering: a second, polite process that encodes documents while the first one keeps free for questions.

It is forked from the encoder process when the first bulk texts come, so that both share the model's memory, and ends
after a minute without work. The kernel gives it what nobody else wants (nice 10).
"""

import contextlib
import ctypes
import os
import signal
import socket
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from yingke.knowledge.encoder_frames import BULK, HEADER, REPLY, read_texts, request_frame

IDLE_SECONDS = 60.0
NICE = 10
MOST_BATCH, MOST_CHARACTERS = 32, 12_000
"""Of a batch; two of them fit into a socket's buffer, so that handing over never waits."""
_AHEAD = 2
_PR_SET_PDEATHSIG = 1
Encode = Callable[[Sequence[str]], Any]


@dataclass(slots=True)
class BulkWorker:
    """The parent's side. `take` is called when `connection` has something to read."""

    connection: socket.socket
    pid: int
    received: bytearray = field(default_factory=bytearray)
    sent: deque[list[Any]] = field(default_factory=deque)
    """What is being worked on, in order: the requests of each batch."""

    @classmethod
    def fork(cls, encode: Encode, to_close: Sequence[socket.socket]) -> "BulkWorker":
        """`to_close` are the parent's sockets, which the child must not keep open."""
        ours, theirs = socket.socketpair()
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            for one in (ours, *to_close):
                one.close()
            _work(theirs, encode, parent)
        theirs.close()
        return cls(ours, pid)

    @property
    def has_room(self) -> bool:
        return len(self.sent) < _AHEAD

    def give(self, requests: list[Any]) -> None:
        """Hands over one batch; `requests` have `texts`. Raises OSError when the process is gone."""
        texts = [text for request in requests for text in request.texts]
        self.sent.append(requests)
        self.connection.sendall(request_frame(0, BULK, texts))

    def take(self) -> list[tuple[list[Any], bytes]]:
        """Finished batches with their rows. Raises ConnectionError when the process has ended."""
        content = self.connection.recv(1 << 20)
        if not content:
            raise ConnectionError("the bulk process ended")
        self.received += content
        done: list[tuple[list[Any], bytes]] = []
        while len(self.received) >= REPLY.size:
            length, _ = REPLY.unpack_from(self.received)
            if len(self.received) < REPLY.size + length:
                break
            done.append((self.sent.popleft(), bytes(self.received[REPLY.size : REPLY.size + length])))
            del self.received[: REPLY.size + length]
        return done

    def end(self) -> list[Any]:
        """Closes and reaps it; returns the requests that were left, in order."""
        self.connection.close()
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        return [request for batch in self.sent for request in batch]


def _work(connection: socket.socket, encode: Encode, parent: int) -> None:
    """The child's life: read a frame, encode, answer, until the other side closes."""
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        os.nice(NICE)
        if os.getppid() != parent:
            os._exit(0)
        with connection.makefile("rb") as reader:
            while header := reader.read(HEADER.size):
                length, number, _ = HEADER.unpack(header)
                vectors = np.ascontiguousarray(encode(read_texts(reader.read(length))), dtype=np.float32)
                content = vectors.tobytes()
                connection.sendall(REPLY.pack(len(content), number) + content)
    finally:
        # Never back into the parent's loop, whatever happened.
        os._exit(0)
