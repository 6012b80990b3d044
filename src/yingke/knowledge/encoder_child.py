"""The encoder process of a node: sentences come in over a Unix socket, vectors go out, in micro-batches.

Questions of customers are encoded here at once, what jobs ask in between; documents go to a second process, see
`encoder_bulk`.
"""

import ctypes
import os
import selectors
import signal
import socket
import struct
import sys
import time
from collections import deque
from dataclasses import dataclass, field

import numpy as np

from yingke.knowledge.encoder_bulk import IDLE_SECONDS, MOST_BATCH, MOST_CHARACTERS, BulkWorker
from yingke.knowledge.encoder_frames import BULK, DIMENSIONS, HEADER, LATER, REPLY, read_texts
from yingke.knowledge.encoder_model import Model

MAX_BATCH = 64
MAX_WAIT_SECONDS = 0.002
_MAX_FRAME = 8 * 1024 * 1024
_PR_SET_PDEATHSIG = 1
_ROW_BYTES = 4 * DIMENSIONS


@dataclass(slots=True)
class Client:
    """One connection: bytes not yet a frame, and replies not yet sent."""

    connection: socket.socket
    received: bytearray = field(default_factory=bytearray)
    unsent: list[bytes] = field(default_factory=list)


@dataclass(slots=True)
class Request:
    """One frame: its texts are encoded in the same batch."""

    client: Client
    number: int
    texts: list[str]


class Server:
    """Single-threaded: reads what has come, encodes the questions, hands bulk work on, answers."""

    def __init__(self, listener: socket.socket, threads: int) -> None:
        self._model = Model(threads)
        self._listener = listener
        self._selector = selectors.DefaultSelector()
        self._live: deque[Request] = deque()
        self._later: deque[Request] = deque()
        self._bulk: deque[Request] = deque()
        self._queues = {BULK: self._bulk, LATER: self._later}
        self._worker: BulkWorker | None = None
        self._worked_at = 0.0
        self._crowded = False
        self._selector.register(listener, selectors.EVENT_READ, None)

    def run(self) -> None:
        while True:
            self._poll(0 if self._live or self._later else IDLE_SECONDS if self._worker else None)
            if self._crowded and self._live:
                self._gather()
            batch = self._take()
            if batch:
                self._encode(batch)
            self._hand_on()

    def _gather(self) -> None:
        """When questions come fast, a short wait makes batches that cost a third per question."""
        until = time.monotonic() + MAX_WAIT_SECONDS
        while sum(len(request.texts) for request in self._live) < MAX_BATCH:
            left = until - time.monotonic()
            if left <= 0:
                return
            self._poll(left)

    def _take(self) -> list[Request]:
        """One request alone of those that can wait, so that a question which comes meanwhile soon has its turn."""
        if not self._live:
            return [self._later.popleft()] if self._later else []
        batch = _some(self._live, MAX_BATCH, _MAX_FRAME)
        self._crowded = len(batch) > 1
        return batch

    def _hand_on(self) -> None:
        """Keeps the bulk process busy with as much as it has room for, and sends it home when there is nothing."""
        if self._bulk and self._worker is None:
            others = [key.fileobj for key in self._selector.get_map().values()]
            self._worker = BulkWorker.fork(
                self._model.encode, [one for one in others if isinstance(one, socket.socket)]
            )
            self._selector.register(self._worker.connection, selectors.EVENT_READ, self._worker)
        if self._worker is None:
            return
        if self._bulk or self._worker.sent:
            self._worked_at = time.monotonic()
        elif time.monotonic() - self._worked_at >= IDLE_SECONDS:
            self._end_worker()
            return
        try:
            while self._bulk and self._worker.has_room:
                self._worker.give(_some(self._bulk, MOST_BATCH, MOST_CHARACTERS))
        except OSError:
            self._end_worker()

    def _take_finished(self) -> None:
        if self._worker is None:
            return
        try:
            finished = self._worker.take()
        except OSError:
            self._end_worker()
            return
        for requests, content in finished:
            self._answer(requests, content)

    def _end_worker(self) -> None:
        """What it had not finished is waiting again; a request whose caller has gone meanwhile is left out."""
        worker, self._worker = self._worker, None
        if worker is not None:
            self._selector.unregister(worker.connection)
            left = [request for request in worker.end() if request.client.connection.fileno() >= 0]
            self._bulk.extendleft(reversed(left))

    def _encode(self, batch: list[Request]) -> None:
        vectors = self._model.encode([text for request in batch for text in request.texts])
        self._answer(batch, np.ascontiguousarray(vectors, dtype=np.float32).tobytes())

    def _answer(self, batch: list[Request], rows: bytes) -> None:
        at = 0
        for request in batch:
            content = rows[at : at + len(request.texts) * _ROW_BYTES]
            at += len(content)
            request.client.unsent.append(REPLY.pack(len(content), request.number) + content)
        for client in {id(request.client): request.client for request in batch}.values():
            if client.connection.fileno() >= 0:
                self._send(client)

    def _poll(self, timeout: float | None) -> None:
        for key, events in self._selector.select(timeout):
            if key.data is None:
                self._accept()
                continue
            if isinstance(key.data, BulkWorker):
                self._take_finished()
                continue
            client: Client = key.data
            if client.connection.fileno() < 0:
                continue
            if events & selectors.EVENT_WRITE:
                self._send(client)
            if events & selectors.EVENT_READ:
                self._receive(client)

    def _accept(self) -> None:
        connection, _ = self._listener.accept()
        connection.setblocking(False)
        self._selector.register(connection, selectors.EVENT_READ, Client(connection))

    def _receive(self, client: Client) -> None:
        try:
            content = client.connection.recv(1 << 18)
        except BlockingIOError:
            return
        except OSError:
            content = b""
        if not content:
            self._drop(client)
            return
        client.received += content
        while len(client.received) >= HEADER.size:
            length, number, priority = HEADER.unpack_from(client.received)
            if length > _MAX_FRAME:
                self._drop(client)
                return
            if len(client.received) < HEADER.size + length:
                return
            body = bytes(client.received[HEADER.size : HEADER.size + length])
            del client.received[: HEADER.size + length]
            try:
                request = Request(client, number, read_texts(body))
            except (struct.error, UnicodeDecodeError, ValueError):
                self._drop(client)
                return
            self._queues.get(priority, self._live).append(request)

    def _send(self, client: Client) -> None:
        try:
            # All in one: what is read in one go is searched in one go.
            content = b"".join(client.unsent)
            client.unsent = [content]
            sent = client.connection.send(content) if content else 0
            client.unsent = [content[sent:]] if sent < len(content) else []
            self._watch(client, selectors.EVENT_WRITE | selectors.EVENT_READ if client.unsent else selectors.EVENT_READ)
        except BlockingIOError:
            self._watch(client, selectors.EVENT_READ | selectors.EVENT_WRITE)
        except OSError:
            self._drop(client)

    def _watch(self, client: Client, events: int) -> None:
        if client.connection.fileno() >= 0:
            self._selector.modify(client.connection, events, client)

    def _drop(self, client: Client) -> None:
        if client.connection.fileno() < 0:
            return
        self._selector.unregister(client.connection)
        client.connection.close()
        for queue in (self._live, self._later, self._bulk):
            kept = [request for request in queue if request.client is not client]
            queue.clear()
            queue.extend(kept)


def _some(queue: deque[Request], most: int, most_characters: int) -> list[Request]:
    """The next requests that make a batch; one that is too large for any goes alone."""
    batch: list[Request] = []
    count = characters = 0
    while queue:
        request = queue[0]
        count += len(request.texts)
        characters += sum(map(len, request.texts))
        if batch and (count > most or characters > most_characters):
            break
        batch.append(queue.popleft())
    return batch


def main() -> None:
    """Arguments: file descriptor of the listening socket, number of threads, the parent's id. Dies with its parent."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if os.getppid() != int(sys.argv[3]):
        return
    Server(socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2])).run()


if __name__ == "__main__":
    main()
