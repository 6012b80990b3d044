"""Draws the line again after each golden run, where a workspace wants that."""

from collections.abc import Awaitable, Callable

from yingke.kit.db import Database
from yingke.kit.ids import read_id
from yingke.kit.jobs import Job
from yingke.knowledge.calibration.calibrate import follow_run


async def tune_after(run: Callable[[Job], Awaitable[None]], db: Database, job: Job) -> None:
    """Does the golden run of the job and then draws the line; both may be repeated."""
    await run(job)
    async with db.transaction(job.workspace_id) as tx:
        await follow_run(tx, job.workspace_id, read_id(str(job.data["run_id"])))
