"""`yingke up` and `yingke demo`: everything in one process."""

import contextlib
import time

import typer

from yingke.app.commands.ground import bring_up_to_date, encoder_socket, run_ground
from yingke.app.first_start import first_start
from yingke.app.running import bind, open_house, serve_house
from yingke.kit.settings import Settings
from yingke.knowledge.encoder import Encoder


async def up(settings: Settings, *, is_demo: bool) -> None:
    began = time.monotonic()
    listening = bind(settings.host, settings.port)
    async with contextlib.AsyncExitStack() as stack:
        ground = await stack.enter_async_context(run_ground(settings))
        encoder = await Encoder.start(encoder_socket(settings), threads=settings.encoder_threads)
        stack.push_async_callback(encoder.close)
        await bring_up_to_date(ground, settings)
        house = await stack.enter_async_context(open_house(settings, ground.app, encoder, works=True, is_alone=True))
        words = await first_start(house, is_demo=is_demo)
        port = listening.getsockname()[1]
        address = settings.public_url or f"http://{settings.host}:{port}"

        def announce() -> None:
            typer.echo(words.format(address=address))
            typer.echo(
                f"迎客已就绪  ready in {time.monotonic() - began:.1f} s  →  {address}/{'demo' if is_demo else 'app/'}"
            )

        await serve_house(house, listening, announce)
