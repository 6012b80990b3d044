"""Decides where the cluster lies, who runs it and with which programs, and proves that it can work."""

import hashlib
import json
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

from yingke.kit.errors import Problem
from yingke.kit.postgres import launch
from yingke.kit.postgres.binaries import find_binaries
from yingke.kit.postgres.copy_binaries import SPARE_ROOT, copy_binaries, ensure_spare_root
from yingke.kit.postgres.explain import explain_failure
from yingke.kit.postgres.owner import Owner, child_environment, find_owner, launch_command

NOTE_NAME = "postgres.elsewhere.json"


@dataclass(frozen=True)
class Place:
    """`bin`: folder of the programs; `cluster`: PostgreSQL's own data folder; `version`: such as "18.6"."""

    bin: Path
    cluster: Path
    owner: Owner
    version: str = ""

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    @property
    def name(self) -> str:
        """Short, unique on this machine: for the socket's folder and the process titles."""
        return f"yk-{_hash(self.cluster)}"

    @property
    def is_initialised(self) -> bool:
        return (self.cluster / "PG_VERSION").exists()


def ensure_data_dir(data_dir: Path) -> Path:
    """The absolute data folder. One that is made here is 0711, so that the database's user can pass through it."""
    data_dir = data_dir.expanduser().absolute()
    if not data_dir.is_dir():
        data_dir.mkdir(parents=True)
        data_dir.chmod(0o711)
    return data_dir.resolve()


def find_cluster_folder(data_dir: Path) -> Path:
    """Where the cluster of this data folder lies or will be tried first."""
    try:
        return Path(json.loads((data_dir / NOTE_NAME).read_text())["cluster"])
    except FileNotFoundError:
        return data_dir / "postgres"


def choose_place(data_dir: Path, postgres_bin: str) -> Place:
    """Tries the data folder and the given programs as the database's user; moves what that user cannot reach.

    Raises a Problem when nothing works or when the cluster is of another major version.
    """
    cluster = find_cluster_folder(data_dir)
    place = Place(find_binaries(postgres_bin), cluster, find_owner(cluster))
    _ensure_folder(place)
    status, output = _probe(place)
    if status == launch.CANNOT_WRITE:
        place = _move_cluster(place, data_dir)
        status, output = _probe(place)
    if status == launch.CANNOT_EXECUTE and place.owner.uid >= 0:
        place = replace(place, bin=copy_binaries(place.bin, _version_as_ourselves(place.bin)))
        status, output = _probe(place)
    if status != 0:
        raise _unusable(place, status, output)
    place = replace(place, version=_parse_version(output))
    _check_major(place)
    return place


def _probe(place: Place) -> tuple[int, str]:
    """Writes a file in the cluster and asks `postgres` for its version, both as the database's user."""
    command = launch_command(place.owner, [str(place.bin / "postgres"), "--version"], probe=place.cluster)
    done = subprocess.run(command, cwd="/", env=child_environment(), capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def _version_as_ourselves(folder: Path) -> str:
    command = [str(folder / "postgres"), "--version"]
    done = subprocess.run(command, cwd="/", env=child_environment(), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise explain_failure(done.stderr)
    return _parse_version(done.stdout)


def _parse_version(output: str) -> str:
    return output.split(")", 1)[1].split()[0]


def _ensure_folder(place: Place) -> None:
    if not place.cluster.is_dir():
        place.cluster.mkdir(mode=0o700)
        place.owner.give(place.cluster)


def _move_cluster(place: Place, data_dir: Path) -> Place:
    if place.owner.uid < 0 or place.is_initialised:
        return place
    ensure_spare_root()
    moved = replace(place, cluster=_free_folder(data_dir))
    _ensure_folder(moved)
    note = {"cluster": str(moved.cluster), "reason": f"{data_dir} is closed to the user that runs the database"}
    (data_dir / NOTE_NAME).write_text(json.dumps(note, indent=1))
    place.cluster.rmdir()
    return moved


def _free_folder(data_dir: Path) -> Path:
    """A folder no other cluster uses: the same path may have been deleted and made anew, leaving its cluster behind."""
    first = SPARE_ROOT / _hash(data_dir)
    folder, number = first, 1
    while folder.exists():
        number += 1
        folder = first.with_name(f"{first.name}-{number}")
    return folder


def _hash(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:12]


def _unusable(place: Place, status: int, output: str) -> Problem:
    if status == launch.CANNOT_WRITE:
        return Problem(
            500,
            "postgres_folder_closed",
            f"数据库的运行用户无法写入 {place.cluster}。请检查该目录及其上级目录的属主和权限。",
            f"The database's user cannot write {place.cluster}. Check the owner and mode of it and of its parents.",
        )
    if status == launch.CANNOT_EXECUTE:
        return Problem(
            500,
            "postgres_not_executable",
            f"数据库的运行用户无法执行 {place.bin}/postgres。请检查目录权限，以及磁盘是否以 noexec 挂载。",
            f"The database's user cannot execute {place.bin}/postgres. Check the folders' modes and noexec mounts.",
        )
    if status == launch.CANNOT_DROP_ROOT:
        return Problem(
            500,
            "postgres_cannot_drop_root",
            "以 root 启动，但无法切换到普通用户。请改用普通用户启动，或允许容器切换用户（CAP_SETUID、CAP_SETGID）。",
            "Started as root but may not change to another user. Start as a plain user, or "
            "grant CAP_SETUID and CAP_SETGID.",
        )
    return explain_failure(output)


def _check_major(place: Place) -> None:
    if place.major < 17:
        raise Problem(
            500,
            "postgres_too_old",
            f"{place.bin} 中的 PostgreSQL 是 {place.version}，内置数据库至少需要 17。请更换 YINGKE_POSTGRES_BIN。",
            f"PostgreSQL in {place.bin} is {place.version}; the embedded database needs 17 or later. "
            "Change YINGKE_POSTGRES_BIN.",
        )
    if not place.is_initialised:
        return
    written_by = (place.cluster / "PG_VERSION").read_text().strip()
    if written_by != str(place.major):
        raise Problem(
            500,
            "postgres_other_major",
            f"数据由 PostgreSQL {written_by} 写成，当前程序是 {place.version}。请用原来的版本启动迎客并备份，"
            "再用新版本在空的数据目录中恢复备份。原数据未被改动。",
            f"The data was written by PostgreSQL {written_by}, but the programs are {place.version}. Start Yingke with "
            "the former version, back up, and restore into an empty data folder with the new one. Nothing was changed.",
        )
