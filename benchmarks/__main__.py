"""`make bench`: every row, or those named; JSON under benchmarks/results/ with commit and command."""

import argparse
import asyncio
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from benchmarks.angry import measure_angry
from benchmarks.embedded import measure_embedded
from benchmarks.learn import measure_learn
from benchmarks.neighbours import measure_neighbours
from benchmarks.other_rows import (
    measure_full_database,
    measure_idle,
    measure_start,
    measure_streaming,
)
from benchmarks.product import LIMITS
from benchmarks.search import measure_search
from benchmarks.surge import measure_surge
from benchmarks.turns import measure_turns

RESULTS = Path(__file__).parent / "results"


async def _turns(seconds: float) -> dict[str, Any]:
    return {f"processes_{count}": await measure_turns(count, seconds) for count in (1, 2)}


async def _start(_: float) -> dict[str, Any]:
    folder = Path(tempfile.mkdtemp(prefix="yk-bench-"))
    folder.chmod(0o711)
    try:
        return await measure_start(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _surge(seconds: float) -> dict[str, Any]:
    return {"one_workspace": await measure_surge(seconds), "two_workspaces": await measure_neighbours(seconds)}


def _row(name: str, wish: argparse.Namespace) -> Coroutine[Any, Any, dict[str, Any]]:
    seconds = wish.seconds
    rows = {
        "turns": lambda: _turns(seconds),
        "embedded": lambda: measure_embedded(seconds),
        "angry": lambda: measure_angry(),
        "streaming": lambda: measure_streaming(seconds),
        "idle": lambda: measure_idle(wish.idle),
        "full": lambda: measure_full_database(wish.millions),
        "start": lambda: _start(seconds),
        "search": lambda: measure_search(wish.workspaces, wish.passages),
        "surge": lambda: _surge(max(20.0, seconds)),
        "learn": lambda: measure_learn(wish.files, wish.rows_of_book),
    }
    return rows[name]()


NAMES = ["turns", "embedded", "angry", "streaming", "idle", "full", "start", "search", "learn", "surge"]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "rows", nargs="*", default=NAMES, choices=[*NAMES, []], help="which rows; all when none is named"
    )
    parser.add_argument("--seconds", type=float, default=12.0)
    parser.add_argument("--idle", type=int, default=5000)
    parser.add_argument("--millions", type=float, default=5.0)
    parser.add_argument("--workspaces", type=int, default=1000, help="row search: workspaces of 500 passages")
    parser.add_argument("--passages", type=int, default=100_000, help="row search: passages of the large workspace")
    parser.add_argument("--files", type=int, default=1000, help="row learn: files of ten pages in one zip")
    parser.add_argument("--rows-of-book", type=int, default=10_000, help="row learn: lines of the workbook")
    wish = parser.parse_args()
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout
    for name in wish.rows or NAMES:
        began = time.time()
        figures = asyncio.run(_row(name, wish))
        result = {
            "row": name,
            "figures": figures,
            "commit": commit.strip(),
            "command": "python -m benchmarks " + " ".join(sys.argv[1:]),
            "machine": {
                "cores": os.cpu_count(),
                "python": platform.python_version(),
                "load_before": os.getloadavg()[0],
            },
            "raised_limits": LIMITS,
            "took_s": round(time.time() - began),
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        }
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / f"{name}.json").write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n")
        print(json.dumps({name: figures}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
