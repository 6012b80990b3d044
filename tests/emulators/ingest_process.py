"""A process of its own that learns documents, made to be killed: `python -m tests.emulators.ingest_process …`."""

import asyncio
import sys
from functools import partial
from pathlib import Path

from yingke.kit.db import Database
from yingke.kit.files import Files
from yingke.kit.jobs import Worker
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.ingest import run_ingest
from yingke.knowledge.library import Library


async def work(dsn: str, folder: Path, encoder_path: Path) -> None:
    db = await Database.open(dsn, 4)
    encoder = await Encoder.connect(encoder_path)
    await Worker(db, {"ingest": partial(run_ingest, db, Files(folder, b"k" * 32), Library(db, encoder))}).run()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))
