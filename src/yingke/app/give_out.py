"""The jobs and the clock behind the queue: give out, pass on, lead on who has waited too long."""

import asyncio
import contextlib

from yingke.app.house import House
from yingke.conversations.announce import announce
from yingke.conversations.link_files import link_files
from yingke.conversations.locked import Change
from yingke.kit.errors import Problem
from yingke.kit.jobs import Job
from yingke.routing.assign import GIVEN_AT_ONCE, assign_waiting
from yingke.routing.overflow import overflow
from yingke.routing.pass_on import pass_on

TEND_SECONDS = 3.0
MOST_WORKSPACES = 1000


async def give_out(house: House, job: Job) -> None:
    """The job `assign`: in steps of a transaction each, so that a kill between them loses nothing."""
    await _give_all(house, job.workspace_id)


async def pass_on_unseen(house: House, job: Job) -> None:
    """The job `pass_on`; `ref` is conversation:generation."""
    conversation, _, generation = job.ref.partition(":")
    async with house.db.transaction(job.workspace_id) as tx:
        change = await pass_on(tx, job.workspace_id, int(conversation), int(generation))
        _announce(house, job.workspace_id, [change] if change is not None else [])


async def tend_queues(house: House) -> None:
    """By the clock, every 3 s: whoever waits longer than he should, and whatever hint was lost."""
    async with house.db.crossing() as tx:
        rows = await tx.fetch("select workspace_id from list_waiting_workspaces($1)", MOST_WORKSPACES)
    for row in rows:
        with contextlib.suppress(Problem):
            async with house.db.transaction(row["workspace_id"]) as tx:
                changes = await overflow(tx, row["workspace_id"])
                _announce(house, row["workspace_id"], changes)
            await _give_all(house, row["workspace_id"])
        await asyncio.sleep(0)


async def _give_all(house: House, workspace_id: int) -> None:
    while True:
        async with house.db.transaction(workspace_id) as tx:
            changes = await assign_waiting(tx, workspace_id)
            _announce(house, workspace_id, changes)
        if len(changes) < GIVEN_AT_ONCE:
            return


def _announce(house: House, workspace_id: int, changes: list[Change]) -> None:
    link = link_files(house.files, house.secrets, workspace_id)
    for change in changes:
        announce(house.hub, change, link)
