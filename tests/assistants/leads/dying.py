"""Processes that do the job `judge_lead` and are killed in it: `python -m tests.assistants.leads.dying DSN WORKSPACE CONVERSATION HOW`.

HOW `each`: one process after the other, killed before the first, the second … line of the job and of what it calls in
our own code, until one comes through. HOW `together`: four at the same time, none killed. The last line printed is
how many processes there were.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from yingke.assistants.leads import note_lead as job_module
from yingke.assistants.leads.note_lead import note_lead
from yingke.assistants.told.judge_soon import KIND
from yingke.conversations.follow_ups import follow_up as follow_up_module
from yingke.kit import jobs as jobs_module
from yingke.kit.db import Database
from yingke.kit.jobs import Job

WATCHED = {str(Path(str(one.__file__))) for one in (job_module, follow_up_module, jobs_module)}
MOST = 400


def die_at(line: int) -> None:
    """This process ends, as by a power cut, when it is about to run so many lines of the watched files."""
    left = line

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal left
        if frame.f_code.co_filename not in WATCHED:
            return None
        if event == "line":
            left -= 1
            if left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    sys.settrace(trace)


async def work(dsn: str, job: Job, line: int) -> None:
    db = await Database.open(dsn, 1)
    if line:
        die_at(line)
    await note_lead(db, job)
    sys.settrace(None)
    await db.close()


def begin(dsn: str, job: Job, line: int = 0) -> int:
    """Its process id."""
    child = os.fork()
    if child == 0:
        asyncio.run(work(dsn, job, line))
        os._exit(0)
    return child


def survived(child: int) -> bool:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def main(dsn: str, workspace_id: str, conversation_id: str, how: str) -> None:
    job = Job(0, int(workspace_id), f"lead:{conversation_id}", KIND, f"{conversation_id}:1", {}, 1)
    if how == "together":
        children = [begin(dsn, job) for _ in range(4)]
        print(sum(map(survived, children)))
        return
    line = 1
    while line < MOST and not survived(begin(dsn, job, line)):
        line += 1
    print(line)


if __name__ == "__main__":
    main(*sys.argv[1:])
