"""What a process that reads strangers' files takes from itself before it opens one."""

import ctypes
import errno
import os
import platform
import resource
import signal
import struct
import sys
from typing import Any

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP = 1, 38, 22
_FILTER_MODE = 2
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EACCES
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
# Numbers of socket, connect, execve, execveat, ptrace and io_uring_setup (asm/unistd.h of each machine).
_FORBIDDEN = {
    "x86_64": (0xC000003E, (41, 42, 59, 322, 101, 425)),
    "aarch64": (0xC00000B7, (198, 203, 221, 281, 117, 425)),
}
_FIRST_OF_X32 = 0x40000000
NICENESS = 10


def limit_process(memory_mb: int, cpu_seconds: float, most_memory_mb: int, most_cpu_seconds: float) -> None:
    """Memory and CPU up to the first pair, which `raise_limits` may raise up to the second; no files, no network.

    `memory_mb` is the whole process, what Python and the parser hold already included.
    """
    os.nice(NICENESS)
    _limit_memory(memory_mb, most_memory_mb)
    most_cpu = int(most_cpu_seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (min(most_cpu, max(1, int(cpu_seconds) + 1)), most_cpu))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGKILL))
    _forbid_network()


def raise_limits() -> None:
    """Up to the second pair of `limit_process`; what text recognition needs."""
    for kind in (resource.RLIMIT_AS, resource.RLIMIT_CPU):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (hard, hard))


def _limit_memory(memory_mb: int, most_memory_mb: int) -> None:
    """Address space already reserved but never touched (libraries) does not count against the file."""
    with open("/proc/self/statm") as statm:
        reserved, resident = (int(pages) * resource.getpagesize() for pages in statm.read().split()[:2])
    untouched = reserved - resident
    soft, hard = (untouched + max(size * 1024 * 1024, resident) for size in (memory_mb, most_memory_mb))
    resource.setrlimit(resource.RLIMIT_AS, (soft, max(soft, hard)))


def _forbid_network() -> None:
    """No socket, no other program, no new file: refused by the kernel where it can, and by Python in any case."""
    sys.addaudithook(_refuse)
    machine = _FORBIDDEN.get(platform.machine())
    if machine is None:
        return
    architecture, numbers = machine
    steps = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, architecture), (_RETURN, 0, 0, _REFUSE), (_LOAD, 0, 0, 0)]
    for at, number in enumerate(numbers):
        steps.append((_EQUAL, len(numbers) - at + 1, 0, number))
    steps += [(_AT_LEAST, 1, 0, _FIRST_OF_X32), (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = struct.pack("HxxxxxxP", len(steps), ctypes.addressof(code))
    libc = ctypes.CDLL(None)
    # A kernel without filters answers with an error; the audit hook remains.
    libc.prctl(_PR_SET_NO_NEW_PRIVS, *map(ctypes.c_ulong, (1, 0, 0, 0)))
    libc.prctl(_PR_SET_SECCOMP, ctypes.c_ulong(_FILTER_MODE), program, *map(ctypes.c_ulong, (0, 0)))


def _refuse(event: str, values: tuple[Any, ...]) -> None:
    if event in ("socket.__new__", "socket.connect", "subprocess.Popen", "os.exec", "os.system", "os.posix_spawn"):
        raise PermissionError(event)
    if event == "open" and values[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        raise PermissionError(event)
