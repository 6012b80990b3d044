"""Turns what PostgreSQL printed before it gave up into a sentence that says what to do."""

import errno
from pathlib import Path

from yingke.kit.errors import Problem

CAUSES = (
    (
        ("No space left on device", "Disk quota exceeded"),
        "postgres_disk_full",
        "磁盘已满，数据库无法写入。请清理磁盘空间后重新启动，已保存的数据不受影响。",
        "The disk is full and the database cannot write. Free some space and start again; stored data is safe.",
    ),
    (
        ("Read-only file system",),
        "postgres_read_only",
        "数据所在的磁盘是只读的。请检查磁盘或重新以可写方式挂载。",
        "The disk that holds the data is read-only. Check it, or mount it writable.",
    ),
    (
        ("Permission denied", "Operation not permitted", "has wrong ownership", "has invalid permissions"),
        "postgres_permission",
        "数据库没有权限读写自己的目录。请检查目录的属主和权限。",
        "The database may not read or write its own folder. Check the folder's owner and mode.",
    ),
    (
        ("Cannot allocate memory", "could not map anonymous shared memory", "out of memory"),
        "postgres_memory",
        "内存不足，数据库无法启动。请释放内存或提高内存上限。",
        "There is not enough memory to start the database. Free some or raise the limit.",
    ),
    (
        ("valid checkpoint record", "pg_control", "invalid page", "page verification failed"),
        "postgres_damaged",
        "数据库文件已损坏。请不要删除任何文件，从最近的备份恢复。",
        "The database's files are damaged. Delete nothing, and restore the latest backup.",
    ),
)


def explain_failure(output: str, log: Path | None = None) -> Problem:
    """A Problem for a program that ended badly; `output` is the end of what it wrote, `log` where the rest is."""
    place_zh, place_en = (f"日志：{log}", f"Log: {log}") if log else ("", "")
    for signs, code, zh, en in CAUSES:
        if any(sign in output for sign in signs):
            line = _telling_line([line for line in output.splitlines() if any(sign in line for sign in signs)])
            return Problem(503, code, f"{zh}原因：{line}。{place_zh}", f"{en} Cause: {line}. {place_en}".strip())
    line = _telling_line(output.splitlines())
    return Problem(
        503,
        "postgres_failed",
        f"数据库启动失败：{line}。{place_zh}",
        f"The database did not start: {line}. {place_en}".strip(),
    )


def explain_os_error(error: OSError, data_dir: Path) -> Problem:
    """A Problem for a system call that failed while the data folder was made ready."""
    cause = f"{error.strerror}: {error.filename}" if error.filename else str(error.strerror)
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EROFS}:
        return explain_failure(cause)
    return Problem(
        500,
        "data_folder_unusable",
        f"数据目录 {data_dir} 无法使用（{cause}）。请检查权限，或用 YINGKE_DATA_DIR 换一个目录。",
        f"The data folder {data_dir} cannot be used ({cause}). Check permissions, or choose another YINGKE_DATA_DIR.",
    )


def _telling_line(output: list[str]) -> str:
    lines = [line.strip() for line in output if line.strip()]
    for sign in ("PANIC:", "FATAL:", "error:", "ERROR:"):
        for line in reversed(lines):
            if sign in line:
                return line.split(sign, 1)[1].strip()
    return lines[-1] if lines else "no output"
