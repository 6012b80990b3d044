"""Finds and ends processes of our own cluster that outlived their starter."""

import asyncio
import os
import signal
from pathlib import Path

from yingke.kit.postgres.place import Place

STEPS = ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))
"""Fast shutdown, immediate shutdown, the end: each with the seconds it gets."""


async def stop_leftovers(place: Place, *, orphans_only: bool = False) -> None:
    """Ends every process of this cluster and removes its stale pid file. The caller holds the folder's lock.

    `orphans_only`: the postmaster is known to be dead, so its children need no checkpoint.
    """
    for number, patience in STEPS[1:] if orphans_only else STEPS:
        if orphans_only and await _all_gone(place, 0.2):
            break
        pids = list_processes(place)
        if not pids:
            break
        # The postmaster alone is asked; it ends its children. Children without one are asked themselves.
        leaders = [pid for pid in pids if _is_postmaster(pid, place.cluster)]
        for pid in leaders or pids:
            _kill(pid, number)
        if await _all_gone(place, patience):
            break
    (place.cluster / "postmaster.pid").unlink(missing_ok=True)


def list_processes(place: Place) -> list[int]:
    """The ids of this cluster's processes, told by user and command line: /proc/N/cwd is closed in many containers."""
    found = []
    for entry in os.scandir("/proc"):
        if not entry.name.isdigit():
            continue
        pid = int(entry.name)
        try:
            if entry.stat().st_uid != place.owner.real_uid():
                continue
            title = _command_line(pid)
        except OSError:
            continue
        if title.startswith(f"postgres: {place.name}:".encode()) or _is_postmaster(pid, place.cluster):
            found.append(pid)
    return found


def find_postmaster(cluster: Path) -> int | None:
    """The process id of a live postmaster of this cluster. None also when the cluster is closed to us."""
    try:
        pid = int((cluster / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    return pid if _is_postmaster(pid, cluster) else None


def _is_postmaster(pid: int, cluster: Path) -> bool:
    try:
        words = _command_line(pid).split(b"\0")
    except OSError:
        return False
    return words[0].endswith(b"/postgres") and words[1:3] == [b"-D", str(cluster).encode()]


def _command_line(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def _kill(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


async def _all_gone(place: Place, patience: float) -> bool:
    end = asyncio.get_running_loop().time() + patience
    while list_processes(place):
        if asyncio.get_running_loop().time() > end:
            return False
        await asyncio.sleep(0.05)
    return True
