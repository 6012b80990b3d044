"""Runs a cluster until killed: `python hold.py FOLDER`. Prints one JSON line: what it runs, or why not."""

import asyncio
import json
import sys
from pathlib import Path

from yingke.kit.errors import Problem
from yingke.kit.postgres.leftovers import find_postmaster
from yingke.kit.postgres.run import run_postgres


async def hold(folder: Path) -> None:
    try:
        async with run_postgres(folder) as cluster:
            owner = cluster.data.stat().st_uid
            print(json.dumps({"postmaster": find_postmaster(cluster.data), "uid": owner}), flush=True)
            await asyncio.Event().wait()
    except Problem as problem:
        print(json.dumps({"code": problem.code, "zh": problem.zh, "en": problem.en}), flush=True)


if __name__ == "__main__":
    asyncio.run(hold(Path(sys.argv[1])))
