"""What an operator wants to know about the embedded database."""

import os
from pathlib import Path

from yingke.kit.postgres.leftovers import find_postmaster
from yingke.kit.postgres.lock import find_holder
from yingke.kit.postgres.place import find_cluster_folder


def describe(data_dir: Path) -> dict[str, str | int | bool | None]:
    """Facts without touching anything; works while the server is up and while it is not.

    `cluster`: its folder; `elsewhere`: whether that is outside the data folder; `major`: version that wrote it, None
    before the first start or when it is closed to us; `postmaster` and `holder`: process ids or None; `since`:
    when the holder started, ISO 8601 UTC; `socket_dir`: None unless up; `bytes`: size of the cluster;
    `log`: the server's log file.
    """
    data_dir = data_dir.expanduser().absolute()
    cluster = find_cluster_folder(data_dir)
    holder = find_holder(data_dir) or {}
    return {
        "cluster": str(cluster),
        "elsewhere": data_dir not in cluster.parents,
        "major": _major(cluster),
        "postmaster": find_postmaster(cluster),
        "holder": holder.get("pid"),
        "since": holder.get("since"),
        "socket_dir": holder.get("socket_dir"),
        "bytes": _size(cluster),
        "log": str(data_dir / "postgres.log"),
    }


def _major(cluster: Path) -> str | None:
    try:
        return (cluster / "PG_VERSION").read_text().strip()
    except OSError:
        return None


def _size(cluster: Path) -> int:
    """Bytes on disk; files that vanish while we look count nothing."""
    total = 0
    for folder, _, names in os.walk(cluster):
        for name in names:
            try:
                total += os.lstat(os.path.join(folder, name)).st_blocks * 512
            except FileNotFoundError:
                continue
    return total
