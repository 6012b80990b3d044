"""`yingke serve` in several processes on one socket, and `yingke worker` beside them."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from pathlib import Path

import structlog
import typer

from yingke.app.commands.ground import bring_up_to_date, encoder_socket, find_ground, run_ground
from yingke.app.migrate import check_revision
from yingke.app.running import bind, open_house, serve_house
from yingke.kit.errors import Problem
from yingke.kit.settings import Settings
from yingke.knowledge.encoder import Encoder

log = structlog.get_logger("serve")
DSN = "YINGKE_MEMBER_DSN"


async def serve(settings: Settings, processes: int, works: bool) -> None:
    """Runs `processes` members on one listening socket and starts a dead one anew. The first also works jobs if asked."""
    listening = bind(settings.host, settings.port)
    async with contextlib.AsyncExitStack() as stack:
        ground = await stack.enter_async_context(run_ground(settings))
        if settings.database_url:
            await check_revision(ground.admin)
        else:
            await bring_up_to_date(ground, settings)
        path = encoder_socket(settings)
        encoder = await Encoder.start(path, threads=settings.encoder_threads)
        stack.push_async_callback(encoder.close)
        stop = asyncio.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
        keepers = [
            asyncio.create_task(_keep_member(listening.fileno(), ground.app, path, works and number == 0, stop))
            for number in range(max(1, processes))
        ]
        typer.echo(f"迎客 serve: {processes} → http://{settings.host}:{listening.getsockname()[1]}")
        await stop.wait()
        await asyncio.gather(*keepers, return_exceptions=True)


async def _keep_member(fd: int, dsn: str, encoder: Path, works: bool, stop: asyncio.Event) -> None:
    arguments = [str(fd), DSN, str(encoder), *(["--works"] if works else [])]
    while not stop.is_set():
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "yingke.app", "member", *arguments, pass_fds=[fd], env={**os.environ, DSN: dsn}
        )
        ended = asyncio.create_task(child.wait())
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait([ended, stopping], return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if stop.is_set():
            with contextlib.suppress(ProcessLookupError):
                child.terminate()
            try:
                await asyncio.wait_for(ended, 30)
            except TimeoutError:
                child.kill()
            return
        log.warning("a process ended and is started anew", code=child.returncode)
        await asyncio.sleep(0.3)


async def member(settings: Settings, fd: int, dsn_env: str, encoder: str, works: bool) -> None:
    listening = socket.socket(fileno=fd)
    link = await Encoder.connect(Path(encoder))
    try:
        async with open_house(settings, os.environ[dsn_env], link, works=works, is_alone=False) as house:
            await serve_house(house, listening)
    finally:
        await link.close()


async def work(settings: Settings) -> None:
    """Jobs alone, on the database of a running `up` or `serve`."""
    ground = find_ground(settings)
    await check_revision(ground.admin)
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    path = encoder_socket(settings)
    try:
        encoder = await Encoder.connect(path)
    except Problem:
        encoder = await Encoder.start(path, threads=settings.encoder_threads)
    try:
        async with open_house(settings, ground.app, encoder, works=True, is_alone=False):
            typer.echo("迎客 worker 已就绪  ready")
            await stop.wait()
    finally:
        await encoder.close()
