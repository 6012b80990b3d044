"""A process that gives out conversations as fast as it can, until somebody kills it: `python -m … DSN WORKSPACE`."""

import asyncio
import sys

from yingke.kit.db import Database
from yingke.kit.errors import Problem
from yingke.routing.assign import assign_waiting


async def run(dsn: str, workspace_id: int) -> None:
    db = await Database.open(dsn, 3)
    print("ready", flush=True)

    async def give_out() -> None:
        while True:
            try:
                async with db.transaction(workspace_id) as tx:
                    await assign_waiting(tx, workspace_id)
            except Problem:
                await asyncio.sleep(0.01)

    await asyncio.gather(give_out(), give_out())


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], int(sys.argv[2])))
