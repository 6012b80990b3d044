"""One PostgreSQL server as our child process: start, wait until it answers, stop."""

import asyncio
import os
import shutil
import signal
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Mapping
from pathlib import Path

import asyncpg
import structlog

from yingke.kit.errors import Problem
from yingke.kit.postgres.check import check_server, ensure_database
from yingke.kit.postgres.configuration import command_line, write_configuration
from yingke.kit.postgres.explain import explain_failure, explain_os_error
from yingke.kit.postgres.leftovers import stop_leftovers
from yingke.kit.postgres.owner import child_environment, launch_command
from yingke.kit.postgres.place import Place

PORT = 5432
"""Only part of the socket's name: every cluster has a socket folder of its own."""
TRIES = 8
LOG_LIMIT = 8 * 2**20
"""Bytes; the log and its predecessor together stay below twice this."""

log = structlog.get_logger(__name__)


class Died(Exception):
    """The server ended before it answered; `problem` says why. Worth another try."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


class Server:
    """The child process. One caller at a time."""

    def __init__(self, place: Place, socket_dir: Path, log_path: Path, passwords: Mapping[str, str]) -> None:
        self._place = place
        self._socket_dir = socket_dir
        self._log_path = log_path
        self._password = passwords["postgres"]
        self._process: Process | None = None

    async def start(self) -> None:
        """Returns once the server answers and is checked. Raises a Problem after `TRIES` deaths or a failed check."""
        for attempt in range(1, TRIES + 1):
            try:
                return await self._start_once()
            except Died as death:
                log.warning("postgres_died_at_start", attempt=attempt, cause=death.problem.code)
                if attempt == TRIES:
                    raise death.problem from None
                await asyncio.sleep(min(2.0, 0.1 * 2 ** (attempt - 1)))
                await stop_leftovers(self._place, orphans_only=True)

    async def wait(self) -> int:
        """The exit status, once the server has ended. Keeps the log small meanwhile."""
        assert self._process is not None
        ended = asyncio.ensure_future(self._process.wait())
        try:
            while not ended.done():
                await asyncio.wait([ended], timeout=60)
                _rotate(self._log_path)
        finally:
            ended.cancel()
        return ended.result()

    async def stop(self) -> None:
        """Fast shutdown, then immediate, then by force. Fine on a server that is not running."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        for number, patience in ((signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 5)):
            process.send_signal(number)
            try:
                await asyncio.wait_for(asyncio.shield(process.wait()), patience)
            except TimeoutError:
                continue
            return

    async def _start_once(self) -> None:
        try:
            write_configuration(self._place.cluster, self._place.owner, self._place.major)
            _rotate(self._log_path)
        except OSError as error:
            raise Died(explain_os_error(error, self._place.cluster)) from None
        offset = self._log_path.stat().st_size
        self._process = process = await self._spawn()
        ended = asyncio.ensure_future(process.wait())
        try:
            connection = await self._connect(ended)
        finally:
            ended.cancel()
        if connection is None:
            raise Died(explain_failure(_read_from(self._log_path, offset), self._log_path))
        try:
            await check_server(connection)
            await ensure_database(connection)
        except (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.InternalClientError):
            raise Died(explain_failure(_read_from(self._log_path, offset), self._log_path)) from None
        finally:
            connection.terminate()

    async def _spawn(self) -> Process:
        place = self._place
        command = command_line(place.bin / "postgres", place.cluster, self._socket_dir, PORT, place.name)
        handle = os.open(self._log_path, os.O_WRONLY | os.O_APPEND)
        try:
            # A session of its own: Ctrl-C in the terminal is for us, and we stop the server when we are ready.
            return await asyncio.create_subprocess_exec(
                *launch_command(place.owner, command),
                cwd="/",
                env=child_environment(),
                stdin=DEVNULL,
                stdout=handle,
                stderr=handle,
                start_new_session=True,
            )
        finally:
            os.close(handle)

    async def _connect(self, ended: asyncio.Future[int]) -> asyncpg.Connection | None:
        """A connection as soon as the server takes one; None when it ends first. Recovery may take its time."""
        while not ended.done():
            try:
                return await asyncpg.connect(
                    host=str(self._socket_dir),
                    port=PORT,
                    user="postgres",
                    password=self._password,
                    database="postgres",
                    timeout=30,
                )
            except asyncpg.InvalidPasswordError:
                raise _wrong_password() from None
            except (OSError, asyncpg.CannotConnectNowError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError):
                await asyncio.wait([ended], timeout=0.02)
        return None


def prepare_log(path: Path) -> None:
    path.touch(mode=0o600)


def remove_socket_dir(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def _rotate(path: Path) -> None:
    """Copies and empties: the server appends to the same open file."""
    if path.stat().st_size > LOG_LIMIT:
        shutil.copyfile(path, path.with_name(f"{path.name}.1"))
        os.truncate(path, 0)


def _read_from(path: Path, offset: int) -> str:
    with path.open("rb") as file:
        file.seek(offset)
        return file.read()[-8000:].decode("utf-8", "replace")


def _wrong_password() -> Problem:
    return Problem(
        500,
        "postgres_password_mismatch",
        "数据目录中保存的数据库密码与数据库不符。请把 postgres.passwords.json 和数据库从同一份备份恢复。",
        "The stored database password does not fit the database. Restore postgres.passwords.json and the database from "
        "the same backup.",
    )
