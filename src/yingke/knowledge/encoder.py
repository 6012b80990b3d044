"""Sentences to vectors, away from the event loop: a facade over the one encoder process of a node."""

import asyncio
import contextlib
import os
import socket
import sys
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from pathlib import Path

import numpy as np
import structlog
from numpy.typing import NDArray

from yingke.kit.errors import Problem, busy
from yingke.knowledge.encoder_frames import BULK, DIMENSIONS, LATER, LIVE, REPLY, request_frame
from yingke.knowledge.lines_kept import LinesKept

_log = structlog.get_logger(__name__)

_BULK_FRAME = 16
_FRAMES_AHEAD = 4
_ATTEMPTS = 4
_RETRY_SECONDS = 0.25
_LIVE_SECONDS, _BULK_SECONDS = 8.0, 120.0
_LONGEST_PAUSE_SECONDS = 5.0
_LATER_TEXTS, _LATER_CHARACTERS = 4, 200
"""Of one request that customers may have to wait for, some 3 ms; a longer text goes alone."""
_priority: ContextVar[int] = ContextVar("priority", default=LIVE)


def let_customers_go_first() -> None:
    """From here on, what this task encodes and every task that it starts: for jobs, which nobody waits for."""
    _priority.set(LATER)


class Encoder:
    """Give it texts, get (n, 512) float32 rows of length one. Safe to call from many tasks of one event loop.

    `start` owns the process, restarts it when it dies and ends it on `close`; `connect` uses a socket that another
    process of the node owns. Both repeat a request that was cut off; it is refused with 503 when that goes on.
    """

    def __init__(self, path: Path, owned: "_Owned | None") -> None:
        self._path = path
        self._owned = owned
        self._waiting: dict[int, asyncio.Future[bytes]] = {}
        self._number = 0
        self._unsent: list[bytes] = []
        self._has_answered = False
        self._warming: asyncio.Task[None] | None = None
        self._closed = False
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None
        self._connecting = asyncio.Lock()
        self._known = LinesKept()

    @classmethod
    async def start(cls, path: Path, *, threads: int = 1) -> "Encoder":
        """Starts the encoder process, listening at `path` (a Unix socket, at most 107 bytes)."""
        owned = _Owned(path, threads)
        owned.begin()
        encoder = cls(path, owned)
        await encoder._connect()
        return encoder

    @classmethod
    async def connect(cls, path: Path) -> "Encoder":
        """Uses the process that listens at `path`; raises Problem(503) when there is none."""
        encoder = cls(path, None)
        try:
            await encoder._connect()
        except ConnectionError:
            raise busy() from None
        return encoder

    @property
    def is_ready(self) -> bool:
        """True once the process has answered and while the connection stands; loading takes about a second."""
        return self._has_answered and self._writer is not None and not self._writer.is_closing()

    async def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Rows in the order of `texts`. Raises Problem(503) when the encoder cannot be reached.

        What was encoded lately is known, also to the job that hears a turn's message once more.
        """
        if not texts:
            return np.empty((0, DIMENSIONS), dtype=np.float32)
        found = {text: vector for text in texts if (vector := self._known.find(text)) is not None}
        if unknown := list(dict.fromkeys(text for text in texts if text not in found)):
            rows = await self._encode_unknown(unknown)
            self._known.keep(unknown, rows)
            if len(unknown) == len(texts):
                return rows
            found |= dict(zip(unknown, rows, strict=True))
        return np.stack([found[text] for text in texts])

    async def _encode_unknown(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if _priority.get() == LIVE:
            return _rows(await self._ask(texts, LIVE))
        return np.concatenate([_rows(await self._ask(part, LATER)) for part in _small_parts(texts)])

    async def encode_many(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As `encode`, for learning documents: any number of texts, in a process that leaves questions their time."""
        if not texts:
            return np.empty((0, DIMENSIONS), dtype=np.float32)
        # Equal texts are encoded once, and texts of like length together: a batch takes as long as its longest.
        places = {text: place for place, text in enumerate(sorted(set(texts), key=len))}
        unlike = list(places)
        ahead = asyncio.Semaphore(_FRAMES_AHEAD)

        async def encode_part(start: int) -> NDArray[np.float32]:
            async with ahead:
                return _rows(await self._ask(unlike[start : start + _BULK_FRAME], BULK))

        parts = await asyncio.gather(*(encode_part(start) for start in range(0, len(unlike), _BULK_FRAME)))
        return np.concatenate(parts)[[places[text] for text in texts]]

    async def close(self) -> None:
        """Ends the connection, and the process if this encoder owns it."""
        self._closed = True
        if self._warming is not None:
            self._warming.cancel()
        if self._writer is not None:
            self._writer.close()
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        if self._owned is not None:
            await self._owned.end()

    async def _ask(self, texts: Sequence[str], priority: int) -> bytes:
        for attempt in range(_ATTEMPTS):
            try:
                return await self._exchange(texts, priority)
            except ConnectionError:
                if attempt:
                    await asyncio.sleep(_RETRY_SECONDS * attempt)
        raise busy()

    async def _exchange(self, texts: Sequence[str], priority: int) -> bytes:
        if self._writer is None or self._writer.is_closing():
            await self._connect()
        self._number = (self._number + 1) & 0xFFFFFFFF
        number = self._number
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        # Questions of one tick of the loop leave in one write.
        if not self._unsent:
            asyncio.get_running_loop().call_soon(self._flush)
        self._unsent.append(request_frame(number, priority, texts))
        try:
            async with asyncio.timeout(_LIVE_SECONDS if priority == LIVE else _BULK_SECONDS):
                return await answer
        except TimeoutError:
            raise busy() from None
        finally:
            self._waiting.pop(number, None)

    def _flush(self) -> None:
        frames, self._unsent = self._unsent, []
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(b"".join(frames))

    async def _connect(self) -> None:
        async with self._connecting:
            if self._writer is not None and not self._writer.is_closing():
                return
            try:
                reader, self._writer = await asyncio.open_unix_connection(str(self._path), limit=1 << 20)
            except OSError as error:
                raise ConnectionError("no encoder at the socket") from error
            self._reading = asyncio.create_task(self._read(reader, self._writer))
            if not self._has_answered:
                self._warming = asyncio.create_task(self._warm())

    async def _warm(self) -> None:
        """The first answer tells that the model is loaded."""
        with contextlib.suppress(Problem):
            await self._ask(["你好"], LIVE)

    async def _read(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                length, number = REPLY.unpack(await reader.readexactly(REPLY.size))
                content = await reader.readexactly(length)
                self._has_answered = True
                answer = self._waiting.get(number)
                if answer is not None and not answer.done():
                    answer.set_result(content)
        except (asyncio.IncompleteReadError, OSError):
            writer.close()
            self._has_answered = False
            waiting, self._waiting = self._waiting, {}
            for answer in waiting.values():
                if not answer.done():
                    answer.set_exception(ConnectionError("the encoder ended"))
            if not self._closed:
                self._warming = asyncio.create_task(self._warm())


class _Owned:
    """The process and its listening socket; the socket outlives a crash, so that callers only wait a little."""

    def __init__(self, path: Path, threads: int) -> None:
        self._path = path
        self._threads = threads
        self._keeping: asyncio.Task[None] | None = None
        path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(path))
        path.chmod(0o600)
        self._listener.listen(64)

    def begin(self) -> None:
        self._keeping = asyncio.create_task(self._keep())

    async def _keep(self) -> None:
        pause = 0.0
        while True:
            process = await self._spawn()
            began = asyncio.get_running_loop().time()
            try:
                await process.wait()
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()
            lived = asyncio.get_running_loop().time() - began
            pause = 0.0 if lived > 30 else min(_LONGEST_PAUSE_SECONDS, pause * 2 + 0.1)
            _log.warning("encoder_ended", returncode=process.returncode, restart_in=pause)
            await asyncio.sleep(pause)

    async def _spawn(self) -> asyncio.subprocess.Process:
        count = str(self._threads)
        # Left alone, BLAS takes every core and spins: 1–2 questions a second instead of 1,700.
        threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), count)
        keep = {key: os.environ[key] for key in ("PATH", "LANG", "LC_ALL") if key in os.environ}
        keep["PYTHONPATH"] = os.pathsep.join(entry for entry in sys.path if entry)
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "yingke.knowledge.encoder_child", str(self._listener.fileno()), count, str(os.getpid()),
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
            env=keep | threads, pass_fds=(self._listener.fileno(),), start_new_session=True,
        )  # fmt: skip

    async def end(self) -> None:
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        self._listener.close()
        self._path.unlink(missing_ok=True)


def _rows(content: bytes) -> NDArray[np.float32]:
    return np.frombuffer(content, dtype=np.float32).reshape(-1, DIMENSIONS)


def _small_parts(texts: Sequence[str]) -> Iterator[list[str]]:
    part: list[str] = []
    for text in texts:
        if part and (len(part) == _LATER_TEXTS or sum(map(len, part)) + len(text) > _LATER_CHARACTERS):
            yield part
            part = []
        part.append(text)
    if part:
        yield part
