"""Drops root, ties its life to the parent, then becomes the given program.

Run by path in a bare interpreter (`python -I -S launch.py …`) and so free of every import of this package. A process of
its own instead of a `preexec_fn`: Python code between fork and exec can deadlock once the parent has threads.
"""

import ctypes
import os
import signal
import sys

DISK_TROUBLE = 95
CANNOT_DROP_ROOT = 96
CANNOT_WRITE = 97
CANNOT_EXECUTE = 98
PARENT_IS_GONE = 99

PR_SET_PDEATHSIG = 1


def launch(parent: int, uid: int, gid: int, probe: str, command: list[str]) -> int:
    """Replaces this process by `command` as `uid`:`gid` (-1 = stay who we are); returns an exit status if it cannot.

    `probe` names a folder in which a file is written first, "" for none.
    """
    if uid >= 0:
        try:
            os.setgroups([])
            os.setgid(gid)
            os.setuid(uid)
        except OSError:
            return CANNOT_DROP_ROOT
    # After the change of user: the kernel forgets the wish when credentials change.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGINT))
    if os.getppid() != parent:
        return PARENT_IS_GONE
    os.umask(0o077)
    if probe:
        try:
            _write(os.path.join(probe, f".probe-{os.getpid()}"))
        except PermissionError:
            return CANNOT_WRITE
        except OSError as error:
            print(error.strerror, file=sys.stderr)
            return DISK_TROUBLE
    try:
        os.execv(command[0], command)
    except OSError:
        return CANNOT_EXECUTE


def _write(path: str) -> None:
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    os.unlink(path)


if __name__ == "__main__":
    sys.exit(launch(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5:]))
