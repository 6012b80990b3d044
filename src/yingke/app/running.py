"""Runs one process of the house: web server, live parts, worker; drains when told to stop."""

import asyncio
import contextlib
import gc
import random
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator

import uvicorn

from yingke.app.describe_event import describe_for
from yingke.app.filler import fill_gaps, poll_cursors
from yingke.app.house import House, build_house, close_house
from yingke.app.relay import Relay
from yingke.app.server import build_app
from yingke.app.visitor_wire import VisitorWire
from yingke.app.worker import run_schedules, start_worker
from yingke.kit.errors import Problem
from yingke.kit.settings import Settings
from yingke.knowledge.encoder import Encoder
from yingke.workspaces.feed_webhooks import keep_feeding

DRAIN_SECONDS = 20.0


class Server(uvicorn.Server):
    """uvicorn without signal handlers of its own: the house decides when to stop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def open_house(
    settings: Settings, dsn: str, encoder: Encoder, *, works: bool, is_alone: bool
) -> AsyncIterator[House]:
    """A house with its live parts running. `works`: jobs too; `is_alone`: no other process needs hints."""
    house = await build_house(settings, dsn, encoder)
    parts = [
        fill_gaps(house.db, house.hub),
        poll_cursors(house.db, house.hub),
        house.desk.recover(),
        house.tail.run(),
        house.agents_here.run(),
        house.load.pressure.run(),
        house.queue_teller.run(),
        _ping(house),
    ]
    if not is_alone:
        parts.append(Relay(dsn, house.hub, house.name).run())
    if works:
        parts.append(start_worker(house))
        parts.append(run_schedules(house))
        parts.append(keep_feeding(house.db, house.hub, describe_for(house)))
    house.tasks = [asyncio.create_task(part) for part in parts]
    try:
        yield house
    finally:
        await close_house(house)


async def serve_house(house: House, listening: socket.socket, on_ready: Callable[[], None] | None = None) -> None:
    """Serves on `listening` until SIGTERM or SIGINT, then drains within 30 s."""
    config = uvicorn.Config(
        build_app(house),
        loop="none",
        http="httptools",
        ws=VisitorWire,
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,  # kit/client_address judges forwarded headers itself
        server_header=False,
        date_header=False,
        ws_max_size=64 * 1024,
        ws_ping_interval=25.0,
        ws_ping_timeout=25.0,
        ws_per_message_deflate=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=5,
        h11_max_incomplete_event_size=64 * 1024,
    )
    server = Server(config)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    serving = asyncio.create_task(server.serve([listening]))
    while not server.started and not serving.done():
        await asyncio.sleep(0.01)
    # What start-up made lives as long as the process: the collector need not look at it again with every batch.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    if on_ready is not None and not serving.done():
        on_ready()
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait([serving, stopping], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not serving.done():
        await drain(house)
        server.should_exit = True
    with contextlib.suppress(asyncio.CancelledError):
        await serving


async def drain(house: House) -> None:
    """Tells every socket to come back elsewhere, a few at a time, and finishes running answers."""
    house.is_draining = True
    sockets = [*house.sockets, *house.agent_sockets]
    for end in sockets:
        end.outbox.put({"type": "reconnect", "after_ms": random.randint(0, 3000)})
    await asyncio.sleep(0.2)
    with contextlib.suppress(Problem, TimeoutError):
        await asyncio.wait_for(house.desk.close(DRAIN_SECONDS), DRAIN_SECONDS)
    for number, end in enumerate(sockets):
        end.close_soon(4009, "draining")
        if number % 200 == 199:
            await asyncio.sleep(0.05)
    await asyncio.sleep(0.2 if sockets else 0)


async def _ping(house: House) -> None:
    """A frame every 25 s on every socket, so that a page notices a dead line."""
    while True:
        await asyncio.sleep(25)
        for number, end in enumerate([*house.sockets, *house.agent_sockets]):
            end.outbox.put('{"type":"ping"}')
            if number % 500 == 499:
                await asyncio.sleep(0.02)


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; raises the Problem that names the port when it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise Problem(
            500,
            "port_taken",
            f"{host}:{port} 已被别的程序占用。请换一个端口，例如 YINGKE_PORT={port + 1}。",
            f"{host}:{port} is in use ({error.strerror}). Choose another, for example YINGKE_PORT={port + 1}.",
        ) from error
    listening.listen(4096)
    listening.set_inheritable(True)
    return listening
