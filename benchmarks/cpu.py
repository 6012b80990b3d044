"""Where the processor time of a turn goes: by part of the product, and what the load itself takes."""

import os
import time
from pathlib import Path

from benchmarks.product import Product, family

_TICK = 1_000_000 / os.sysconf("SC_CLK_TCK")
PARTS = ("server", "encoder", "postgres", "load")


def cpu_us(product: Product) -> dict[str, float]:
    """Microseconds of processor time so far, by part; the load is this process."""
    spent = dict.fromkeys(PARTS, 0.0)
    for pid in family(product.process.pid):
        try:
            line = Path(f"/proc/{pid}/cmdline").read_bytes()
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        spent[_part_of(line)] += (int(fields[11]) + int(fields[12])) * _TICK
    spent["load"] = time.process_time() * 1_000_000
    return spent


def _part_of(line: bytes) -> str:
    if b"encoder_child" in line:
        return "encoder"
    return "postgres" if b"postgres" in line.split(b"\0", 1)[0] or line.startswith(b"postgres:") else "server"


def each(before: dict[str, float], after: dict[str, float], turns: int) -> dict[str, int]:
    """Microseconds a turn."""
    return {part: round((after[part] - before[part]) / max(1, turns)) for part in PARTS}
