"""The short folder of the Unix socket: a path of more than 107 bytes cannot be bound."""

import os
import shutil
import stat
from pathlib import Path

from yingke.kit.errors import Problem
from yingke.kit.postgres.place import Place

ROOT = Path("/tmp")


def make_socket_dir(place: Place) -> Path:
    """A fresh, empty 0700 folder of the database's user. Somebody else's folder of that name is left alone."""
    for suffix in ("", "-2", "-3", "-4", "-5"):
        folder = ROOT / f"{place.name}{suffix}"
        if _is_ours(folder, place):
            shutil.rmtree(folder)
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            continue
        place.owner.give(folder)
        return folder
    raise Problem(
        500,
        "postgres_socket_folder",
        f"无法创建 {ROOT}/{place.name}：已被其他用户占用。请删除它再启动。",
        f"{ROOT}/{place.name} belongs to somebody else. Delete it and start again.",
    )


def _is_ours(folder: Path, place: Place) -> bool:
    try:
        facts = folder.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISDIR(facts.st_mode) and facts.st_uid in {place.owner.real_uid(), os.geteuid()}
