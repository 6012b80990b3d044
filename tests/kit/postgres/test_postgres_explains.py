import errno
import os
from pathlib import Path

import pytest

from yingke.kit.postgres.explain import explain_failure, explain_os_error

STARTING = "2026-01-01 00:00:00.000 UTC [7] LOG:  starting PostgreSQL 18.6\n"


@pytest.mark.parametrize(
    ("line", "code", "word"),
    [
        (
            'FATAL:  could not write to file "pg_wal/xlogtemp.9": No space left on device',
            "postgres_disk_full",
            "磁盘已满",
        ),
        ('PANIC:  could not open file "global/pg_control": Permission denied', "postgres_permission", "权限"),
        ("initdb: error: could not create directory: Read-only file system", "postgres_read_only", "只读"),
        ("FATAL:  could not map anonymous shared memory: Cannot allocate memory", "postgres_memory", "内存不足"),
        ("PANIC:  could not locate a valid checkpoint record at 0/1", "postgres_damaged", "备份"),
        ('FATAL:  unrecognized configuration parameter "x"', "postgres_failed", "unrecognized"),
    ],
)
def test_a_failure_is_told_in_words_with_its_cause(line: str, code: str, word: str) -> None:
    problem = explain_failure(STARTING + line + "\n", Path("/data/postgres.log"))
    assert problem.code == code
    assert word in problem.zh
    assert line.split(": ", 1)[1].split("error: ")[-1].strip() in problem.en
    assert "/data/postgres.log" in problem.zh


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, "postgres_disk_full"), (errno.EROFS, "postgres_read_only"), (errno.EACCES, "data_folder_unusable")],
)
def test_a_failed_system_call_is_told_with_its_file(number: int, code: str) -> None:
    problem = explain_os_error(OSError(number, os.strerror(number), "/data/postgres.lock"), Path("/data"))
    assert problem.code == code
    assert "/data/postgres.lock" in problem.zh
    assert "/data/postgres.lock" in problem.en
