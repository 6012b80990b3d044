"""Where the assistant only helps people, its suggestions are ready when the agent looks."""

from collections.abc import Awaitable, Callable

from yingke.assistants.engine import Engine
from yingke.assistants.help.suggest import prepare
from yingke.commerce.contract import Shops
from yingke.kit.db import Database
from yingke.kit.jobs import Job
from yingke.routing.modes import load_mode, mode_at

_WAITING = """
select shop_id from conversations where workspace_id = $1 and id = $2 and status = 'open' and handled_by <> 'assistant'
  and waiting_since is not null
"""


async def suggest_ahead(
    sense: Callable[[Job], Awaitable[None]], db: Database, engine: Engine, shops: Shops, job: Job
) -> None:
    """The job `sense` ({conversation}:{seq}, each message to a person), and after it the suggestions. Done twice it
    changes nothing."""
    await sense(job)
    conversation_id = int(job.ref.split(":")[0])
    async with db.transaction(job.workspace_id) as tx:
        shop_id = await tx.fetchval(_WAITING, job.workspace_id, conversation_id)
        if shop_id is None:
            return
        mode = mode_at(await load_mode(tx, job.workspace_id, shop_id), await tx.fetchval("select now()"))
    if mode == "assistant_suggests":
        await prepare(db, engine, shops, job.workspace_id, conversation_id)
