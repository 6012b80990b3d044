"""An agent's machine dies: his waiting customers are back in the queue within a minute, by whichever worker lives."""

import asyncio
import contextlib
from functools import partial
from pathlib import Path
from types import SimpleNamespace

from tests.conftest import Ground
from tests.conversations.stage import Stage
from yingke.app.watch_agent import KIND, look_after
from yingke.conversations.receive import Receiver
from yingke.conversations.reply import Replier
from yingke.kit.files import Files
from yingke.kit.jobs import Worker
from yingke.kit.live import Frame, Hub
from yingke.kit.secrets import Secrets
from yingke.workspaces.presence import touch_presence
from yingke.workspaces.watch_agent import watch_agent


async def test_a_worker_queues_the_customers_of_an_agent_who_died(ground: Ground, tmp_path: Path) -> None:
    stage = Stage(ground, Receiver(ground.db, "test"), Replier(ground.db))
    agent_id = await stage.new_agent()
    conversation_id, _ = await stage.waiting_conversation()
    await stage.take(conversation_id, agent_id)
    await touch_presence(ground.db, "dead-process", [(stage.workspace_id, agent_id, None)])
    await stage.do(lambda tx: watch_agent(tx, stage.workspace_id, agent_id))
    hub, told = Hub(), list[Frame]()
    hub.overhearers.append(lambda _, frame: told.append(frame))
    house = SimpleNamespace(db=ground.db, hub=hub, files=Files(tmp_path, b"k" * 32), secrets=Secrets(b"k" * 32))
    worker = asyncio.create_task(Worker(ground.db, {KIND: partial(look_after, house)}).run())  # type: ignore[arg-type]

    async def pass_time(seconds: int) -> None:
        """The database's clock is the one that counts: what it remembers grows older."""
        await stage.do(
            lambda tx: tx.execute(
                "update agent_presence set last_seen = last_seen - make_interval(secs => $1)", seconds
            )
        )
        await stage.do(lambda tx: tx.execute("update jobs set run_at = now() where kind = $1", KIND))

    try:
        await pass_time(30)
        await asyncio.sleep(2)
        assert (await stage.state(conversation_id))["agent_id"] == agent_id, "half a minute is a reload, not a death"
        await pass_time(16)
        async with asyncio.timeout(15):
            while (await stage.state(conversation_id))["handled_by"] != "queue":
                await asyncio.sleep(0.1)
        await asyncio.sleep(0.2)
    finally:
        worker.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await worker
    assert {"type": "handled_by", "conversation_id": str(conversation_id), "handled_by": "queue"} in told
