"""The job that looks after agents who have opened the workbench: their customers are not left alone."""

from yingke.app.house import House
from yingke.conversations.announce import announce
from yingke.conversations.link_files import link_files
from yingke.kit.jobs import Job, RetryJob
from yingke.routing.release_agent import LOOK_SECONDS, release_agent
from yingke.workspaces.watch_agent import KIND as KIND


async def look_after(house: House, job: Job) -> None:
    """`ref` is the agent's id. Comes back every 10 s until he has gone and owns nothing."""
    async with house.db.transaction(job.workspace_id) as tx:
        release = await release_agent(tx, job.workspace_id, int(job.ref))
        for change in release.changes:
            announce(house.hub, change, link_files(house.files, house.secrets, job.workspace_id))
    if release.look_again:
        raise RetryJob(LOOK_SECONDS)
