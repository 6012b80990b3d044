"""The database of one process: fenced transactions, and nothing called outside while one is open."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Self, TypeAlias

import asyncpg
import msgspec
import numpy as np

from yingke.kit.errors import busy
from yingke.kit.transaction_flag import transaction_open

Transaction: TypeAlias = Any
"""An asyncpg connection inside an open transaction (asyncpg carries no types)."""

CUT = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InterfaceError,
    ConnectionError,
    OSError,
    TimeoutError,
)
"""What a database that is down, restarting or out of reach looks like: nothing was stored, or nobody knows."""

OVERLOADED = (
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
    asyncpg.DeadlockDetectedError,
    asyncpg.DiskFullError,
    asyncpg.OutOfMemoryError,
    asyncpg.IdleInTransactionSessionTimeoutError,
)

_after: ContextVar[list[Callable[[], None]] | None] = ContextVar("after_commit", default=None)


class JsonList:
    """A list as one JSON value inside an array of parameters, where asyncpg would take it for a further dimension."""

    __slots__ = ("items",)

    def __init__(self, items: list[Any]) -> None:
        self.items = items


READERS, HELD = 8, 4


BUILT_IN = 10_000
"""Types with lower ids are the same in every database of every PostgreSQL."""
_told: dict[frozenset[int], Any] = {}


@dataclass(frozen=True, slots=True)
class _Remembered:
    """Stands for the statement that need not run; asyncpg asks it for its name alone."""

    name: str = "remembered"


class _Connection(asyncpg.Connection):  # type: ignore[misc]
    """Asks the database once in a process, not once a connection, what its arrays are made of: each time takes it as long as
    twenty statements, in a rush above all, when connections open. A driver without this method asks as ever."""

    __slots__ = ()

    async def _introspect_types(self, typeoids: Iterable[int], timeout: float | None) -> Any:
        asked = frozenset(typeoids)
        if asked in _told:
            return _told[asked], _Remembered()
        types, statement = await super()._introspect_types(typeoids, timeout)
        if all(id < BUILT_IN for id in asked):
            _told[asked] = types
        return types, statement


class _Reader(_Connection):
    """A connection for single statements that only read; it stays in the workspace of the last one."""

    __slots__ = ("_workspace_id",)

    async def move_to(self, workspace_id: int) -> None:
        if getattr(self, "_workspace_id", None) != workspace_id:
            await self.execute(f"SET app.workspace_id = '{int(workspace_id)}'")
            self._workspace_id = workspace_id


class _Readers:
    """Readers of a pool. A few are held between two uses: to give one out and take it back costs the pool a task and two
    timers each time, as much as half of what is read."""

    __slots__ = ("_idle", "_waiting", "pool")

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self.pool = pool
        self._idle: list[Any] = []
        self._waiting = 0

    async def take(self) -> Any:
        while self._idle:
            connection = self._idle.pop()
            if not _is_cut(connection):
                return connection
            await self.pool.release(connection)
        self._waiting += 1
        try:
            return await self.pool.acquire(timeout=5)
        finally:
            self._waiting -= 1

    async def give_back(self, connection: Any, is_whole: bool) -> None:
        """`is_whole`: nothing was raised or cancelled while it was used."""
        if is_whole and not self._waiting and len(self._idle) < HELD and not _is_cut(connection):
            self._idle.append(connection)
        else:
            await self.pool.release(connection)

    async def close(self) -> None:
        while self._idle:
            await self.pool.release(self._idle.pop())
        await self.pool.close()


def _is_cut(connection: Any) -> bool:
    """The pool takes back by itself what was cut while it was out; asking such a one anything raises."""
    try:
        return bool(connection.is_closed())
    except asyncpg.InterfaceError:
        return True


class _Reading:
    """One use of a reader; a class of its own because this stands before every live look of a turn."""

    __slots__ = ("_connection", "_flag", "_readers", "_workspace_id")

    def __init__(self, readers: _Readers, workspace_id: int) -> None:
        self._readers = readers
        self._workspace_id = workspace_id

    async def __aenter__(self) -> Transaction:
        if transaction_open.get():
            raise RuntimeError("a transaction is open already in this task")
        try:
            connection = self._connection = await self._readers.take()
            try:
                await connection.move_to(self._workspace_id)
            except BaseException:
                await self._readers.give_back(connection, False)
                raise
        except (*CUT, *OVERLOADED) as error:
            raise busy() from error
        self._flag = transaction_open.set(True)
        return connection

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: Any) -> None:
        transaction_open.reset(self._flag)
        try:
            await self._readers.give_back(self._connection, error is None)
        except (*CUT, *OVERLOADED) as failed:
            raise busy() from failed
        if isinstance(error, (*CUT, *OVERLOADED)):
            raise busy() from error


class Database:
    """A pool of connections as `yingke_app`. Shared by everything in the process."""

    def __init__(
        self, pool: "asyncpg.Pool[asyncpg.Record]", readers: "asyncpg.Pool[asyncpg.Record] | None" = None
    ) -> None:
        self.pool = pool
        self._readers = _Readers(readers) if readers is not None else None

    @classmethod
    async def open(cls, dsn: str, connections: int, name: str = "yingke", **more: str) -> Self:
        """Opens at most `connections` connections; waits up to 60 s for a database that is starting.

        `more` are settings of PostgreSQL for these connections.
        """
        server = {
            "application_name": name,
            "statement_timeout": "15s",
            "lock_timeout": "5s",
            "idle_in_transaction_session_timeout": "30s",
            "timezone": "UTC",
            **more,
        }
        common: dict[str, Any] = {
            "max_inactive_connection_lifetime": 300,
            "init": prepare_connection,
            "reset": _leave_as_is,
            "timeout": 10,
            "command_timeout": 20,
        }
        pool = await asyncpg.create_pool(
            dsn, min_size=1, max_size=connections, connection_class=_Connection, server_settings=server, **common
        )
        # What is read by itself is read by keys: one plan does for all, and none is made anew for the first five of each.
        read_only = server | {"default_transaction_read_only": "on", "plan_cache_mode": "force_generic_plan"}
        readers = await asyncpg.create_pool(
            dsn, min_size=0, max_size=READERS, connection_class=_Reader, server_settings=read_only, **common
        )
        return cls(pool, readers)

    async def close(self) -> None:
        pools = [(self.pool.close, self.pool)]
        if self._readers is not None:
            pools.append((self._readers.close, self._readers.pool))
        for close, pool in pools:
            try:
                await asyncio.wait_for(close(), 5)
            except TimeoutError:
                pool.terminate()

    @contextlib.asynccontextmanager
    async def transaction(self, workspace_id: int) -> AsyncIterator[Transaction]:
        """One transaction that sees only `workspace_id`; commits at the end, rolls back on any error.

        Raises the 503 Problem when the database cannot be reached or a lock does not come.
        """
        async with self._begin(f"BEGIN; SET LOCAL app.workspace_id = '{int(workspace_id)}'") as connection:
            yield connection

    def reading(self, workspace_id: int) -> contextlib.AbstractAsyncContextManager[Transaction]:
        """For statements that only read `workspace_id`, each by itself: nothing is begun or committed around them.

        One statement may see what the one before did not yet; where they must agree, take `transaction`. Writing is
        refused by the database. Raises as `transaction`.
        """
        return self.transaction(workspace_id) if self._readers is None else _Reading(self._readers, workspace_id)

    @contextlib.asynccontextmanager
    async def crossing(self) -> AsyncIterator[Transaction]:
        """As `system` for a single statement, which is a transaction of its own: nothing is begun or committed around it.

        Raises as `transaction`.
        """
        async with _alone(self.pool) as connection:
            yield connection

    @contextlib.asynccontextmanager
    async def system(self) -> AsyncIterator[Transaction]:
        """One transaction without a workspace: the fence shows no rows, only the crossing functions answer."""
        async with self._begin("BEGIN") as connection:
            yield connection

    @contextlib.asynccontextmanager
    async def _begin(self, opening: str) -> AsyncIterator[Transaction]:
        if transaction_open.get():
            raise RuntimeError("a transaction is open already in this task")
        hooks: list[Callable[[], None]] = []
        try:
            async with self.pool.acquire(timeout=5) as connection:
                flag = transaction_open.set(True)
                slot = _after.set(hooks)
                try:
                    await connection.execute(opening)
                    yield connection
                    await connection.execute("COMMIT")
                except BaseException:
                    await _roll_back(connection)
                    raise
                finally:
                    transaction_open.reset(flag)
                    _after.reset(slot)
        except (*CUT, *OVERLOADED) as error:
            raise busy() from error
        for hook in hooks:
            hook()


@contextlib.asynccontextmanager
async def _alone(pool: "asyncpg.Pool[asyncpg.Record]") -> AsyncIterator[Transaction]:
    """A connection for statements that stand for themselves."""
    if transaction_open.get():
        raise RuntimeError("a transaction is open already in this task")
    try:
        async with pool.acquire(timeout=5) as connection:
            flag = transaction_open.set(True)
            try:
                yield connection
            finally:
                transaction_open.reset(flag)
    except (*CUT, *OVERLOADED) as error:
        raise busy() from error


def after_commit(hook: Callable[[], None]) -> None:
    """Runs `hook` once the open transaction has committed. For hints only: a crash before it loses it."""
    hooks = _after.get()
    if hooks is None:
        raise RuntimeError("no transaction is open")
    hooks.append(hook)


async def prepare_connection(connection: Any) -> None:
    """Teaches a new connection JSON (msgspec) and vectors (numpy)."""
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=_write_json, decoder=_read_json, format="binary"
    )
    await connection.set_type_codec(
        "halfvec", schema="public", encoder=write_vector, decoder=read_vector, format="binary"
    )


def write_vector(vector: "np.ndarray[Any, np.dtype[Any]]") -> bytes:
    """pgvector's wire form of a halfvec: dimension, a spare word, big-endian float16."""
    half = np.asarray(vector, dtype=">f2")
    return half.size.to_bytes(2, "big") + b"\0\0" + half.tobytes()


def read_vector(data: bytes) -> "np.ndarray[Any, np.dtype[np.float16]]":
    return np.frombuffer(data, dtype=">f2", offset=4).astype(np.float16)


def _write_json(value: Any) -> bytes:
    return b"\x01" + msgspec.json.encode(value.items if isinstance(value, JsonList) else value)


def _read_json(data: bytes) -> Any:
    return msgspec.json.decode(data[1:])


async def _leave_as_is(connection: Any) -> None:
    """Nothing outlives a transaction here (SET LOCAL only), so a connection goes back without a round trip."""


async def _roll_back(connection: Any) -> None:
    if connection.is_closed():
        return
    with contextlib.suppress(*CUT, asyncpg.PostgresError):
        await asyncio.shield(connection.execute("ROLLBACK"))
