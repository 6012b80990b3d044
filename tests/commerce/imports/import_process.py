"""A worker of its own that reads exported files until it is killed: `python -m … DSN FOLDER`."""

import asyncio
import sys
from functools import partial
from pathlib import Path

from yingke.app.read_tables import SandboxedTables
from yingke.commerce.imports.imports import IMPORT
from yingke.commerce.imports.run_import import run_import
from yingke.kit.db import Database
from yingke.kit.files import Files
from yingke.kit.jobs import Worker


async def main() -> None:
    db = await Database.open(sys.argv[1], 4)
    files = Files(Path(sys.argv[2]) / "files", b"k" * 32)
    await Worker(db, {IMPORT: partial(run_import, db, files, SandboxedTables())}).run()


if __name__ == "__main__":
    asyncio.run(main())
