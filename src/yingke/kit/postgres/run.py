"""Runs the embedded PostgreSQL for as long as a block lasts."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from yingke.kit.errors import Problem
from yingke.kit.postgres.check import DATABASE
from yingke.kit.postgres.explain import explain_os_error
from yingke.kit.postgres.initialise import initialise
from yingke.kit.postgres.leftovers import stop_leftovers
from yingke.kit.postgres.lock import find_holder, folder_lock
from yingke.kit.postgres.passwords import ensure_passwords, has_passwords, load_passwords, pick_password
from yingke.kit.postgres.place import Place, choose_place, ensure_data_dir, find_cluster_folder
from yingke.kit.postgres.server import PORT, TRIES, Server, prepare_log, remove_socket_dir
from yingke.kit.postgres.sockets import make_socket_dir

LOG_NAME = "postgres.log"

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Cluster:
    """A running server. `data` is PostgreSQL's own folder, `version` such as "18.6"."""

    socket_dir: str
    port: int
    data: Path
    version: str
    passwords: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    def role_password(self, name: str) -> str:
        """The generated password of `postgres`, `yingke_owner` or `yingke_app`; a Problem for any other name."""
        return pick_password(self.passwords, name)

    def dsn(self, user: str = "postgres", database: str = DATABASE) -> str:
        """postgresql://… with the role's generated password, for asyncpg, SQLAlchemy and libpq."""
        return f"postgresql://{user}:{self.role_password(user)}@/{database}?host={self.socket_dir}&port={self.port}"

    def environment(self) -> dict[str, str]:
        """PG… variables with which pg_dump, pg_restore and psql reach the database as its superuser."""
        return {
            "PGHOST": self.socket_dir,
            "PGPORT": str(self.port),
            "PGUSER": "postgres",
            "PGPASSWORD": self.role_password("postgres"),
            "PGDATABASE": DATABASE,
        }


@asynccontextmanager
async def run_postgres(
    data_dir: Path, *, postgres_bin: str = "", on_restart: Callable[[], None] | None = None
) -> AsyncIterator[Cluster]:
    """Starts the data folder's server, keeps it running while the block lasts, and stops it.

    A server that dies is started again, then `on_restart` is called. When it cannot be, the block is cancelled and the
    Problem is raised here. A folder that is in use, of another major version or unusable is a Problem too.
    Enter it from a thread that lives as long as the block: the server gets SIGINT when that thread ends.
    """
    async with AsyncExitStack() as stack:
        try:
            cluster, server, place = await _start(stack, ensure_data_dir(data_dir), postgres_bin)
        except OSError as error:
            raise explain_os_error(error, data_dir) from None
        async with _keep_running(server, place, on_restart):
            yield cluster


def find_cluster(data_dir: Path) -> Cluster | None:
    """The server that another process of this installation runs on the data folder; None when none is up."""
    data_dir = data_dir.expanduser().absolute()
    holder = find_holder(data_dir)
    if not holder or "socket_dir" not in holder:
        return None
    passwords = load_passwords(data_dir)
    folder = find_cluster_folder(data_dir)
    return Cluster(holder["socket_dir"], holder["port"], folder, holder["version"], passwords)


async def _start(stack: AsyncExitStack, data_dir: Path, postgres_bin: str) -> tuple[Cluster, Server, Place]:
    """What is taken or started is given back by `stack`."""
    lock = stack.enter_context(folder_lock(data_dir))
    place = await asyncio.to_thread(choose_place, data_dir, postgres_bin)
    await stop_leftovers(place)
    socket_dir = make_socket_dir(place)
    stack.callback(remove_socket_dir, socket_dir)
    passwords = await asyncio.to_thread(_prepare, place, data_dir, socket_dir)
    server = Server(place, socket_dir, data_dir / LOG_NAME, passwords)
    stack.push_async_callback(server.stop)
    await server.start()
    lock.tell(socket_dir=str(socket_dir), port=PORT, version=place.version)
    return Cluster(str(socket_dir), PORT, place.cluster, place.version, passwords), server, place


def _prepare(place: Place, data_dir: Path, socket_dir: Path) -> dict[str, str]:
    if place.is_initialised and not has_passwords(data_dir):
        raise _passwords_lost(data_dir)
    passwords = ensure_passwords(data_dir)
    prepare_log(data_dir / LOG_NAME)
    if not place.is_initialised:
        initialise(place, passwords["postgres"], socket_dir)
    return passwords


@asynccontextmanager
async def _keep_running(server: Server, place: Place, on_restart: Callable[[], None] | None) -> AsyncIterator[None]:
    owner = asyncio.current_task()
    watcher = asyncio.create_task(_restart_forever(server, place, on_restart))

    def give_up(task: asyncio.Task[None]) -> None:
        if not task.cancelled() and task.exception() is not None and owner is not None:
            log.critical("postgres_gave_up")
            owner.cancel()

    watcher.add_done_callback(give_up)
    try:
        yield
    except asyncio.CancelledError:
        failure = watcher.exception() if watcher.done() and not watcher.cancelled() else None
        if failure is None or owner is None:
            raise
        owner.uncancel()
        raise failure from None
    finally:
        watcher.cancel()
        await asyncio.wait([watcher])


async def _restart_forever(server: Server, place: Place, on_restart: Callable[[], None] | None) -> None:
    loop = asyncio.get_running_loop()
    short_lives = 0
    while True:
        began = loop.time()
        status = await server.wait()
        short_lives = short_lives + 1 if loop.time() - began < 1 else 0
        log.warning("postgres_ended", status=status, short_lives=short_lives)
        if short_lives > TRIES:
            raise _keeps_dying()
        await stop_leftovers(place, orphans_only=True)
        await server.start()
        log.warning("postgres_restarted")
        if on_restart is not None:
            on_restart()


def _keeps_dying() -> Problem:
    return Problem(
        503,
        "postgres_keeps_dying",
        f"数据库反复异常退出，已停止重试。请查看数据目录中的 {LOG_NAME}，检查内存和磁盘后重新启动。",
        f"The database keeps ending unexpectedly. See {LOG_NAME} in the data folder, check memory and disk.",
    )


def _passwords_lost(data_dir: Path) -> Problem:
    return Problem(
        500,
        "postgres_passwords_lost",
        f"{data_dir} 中缺少数据库密码文件 postgres.passwords.json。请从备份恢复该文件。",
        f"The file postgres.passwords.json is missing from {data_dir}. Restore it from a backup.",
    )
