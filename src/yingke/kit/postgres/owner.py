"""As which system user PostgreSQL runs, and the command that gets it there."""

import os
import pwd
import sys
from dataclasses import dataclass
from pathlib import Path

from yingke.kit.errors import Problem

LAUNCH = Path(__file__).with_name("launch.py")


@dataclass(frozen=True)
class Owner:
    """A system user; `uid` -1 means: whoever we are already."""

    uid: int = -1
    gid: int = -1

    def give(self, path: Path) -> None:
        """Makes `path` belong to this user."""
        if self.uid >= 0:
            os.chown(path, self.uid, self.gid)

    def real_uid(self) -> int:
        return self.uid if self.uid >= 0 else os.geteuid()


def find_owner(cluster: Path) -> Owner:
    """The user of an existing cluster, else `yingke`, else `nobody`; ourselves when we are not root.

    PostgreSQL refuses to run as root and refuses a folder of somebody else.
    """
    if os.geteuid() != 0:
        return Owner()
    if (cluster / "PG_VERSION").exists() and (made_by := cluster.stat()).st_uid != 0:
        return Owner(made_by.st_uid, made_by.st_gid)
    for name in ("yingke", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Owner(entry.pw_uid, entry.pw_gid)
    raise Problem(
        500,
        "postgres_no_user",
        "数据库不能以 root 身份运行。请新建系统用户 yingke（useradd --system yingke）后再启动。",
        "The database cannot run as root. Create the system user yingke (useradd --system yingke) and start again.",
    )


def launch_command(owner: Owner, command: list[str], probe: Path | None = None) -> list[str]:
    """The command line that runs `command` as `owner` and lets it die with this process.

    Start it from a thread that lives as long as the child should: the kernel signals when the forking *thread* ends.
    """
    numbers = [str(os.getpid()), str(owner.uid), str(owner.gid)]
    return [sys.executable, "-I", "-S", str(LAUNCH), *numbers, str(probe or ""), *command]


def child_environment() -> dict[str, str]:
    """What PostgreSQL gets to see: nothing of ours, so that no secret leaks into another user's process."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "LC_ALL": "C.UTF-8", "LC_MESSAGES": "C", "TZ": "UTC"}
