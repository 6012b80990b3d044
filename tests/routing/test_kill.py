"""Processes that give out conversations die at any moment: nobody gets two owners, too many, or lost (I16)."""

import asyncio
import random
import signal
import sys
from contextlib import suppress

from tests.routing.desk import Desk
from yingke.conversations.close import close
from yingke.kit.errors import Problem
from yingke.kit.postgres.run import Cluster
from yingke.routing.release_agent import release_agent

MOST, AGENTS, TALKS = 4, 5, 60


async def _start(cluster: Cluster, desk: Desk) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.routing.assign_child",
        cluster.dsn("yingke_app"),
        str(desk.workspace_id),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    await process.stdout.readline()
    return process


async def _look(desk: Desk) -> None:
    """What must hold at every moment, as a stranger reads it."""
    rows = await desk.do(
        "select id, handled_by, agent_id, queued_at, status from conversations where workspace_id = $1 and status = 'open'",
        desk.workspace_id,
    )
    for row in rows:
        has_agent, waits = row["agent_id"] is not None, row["queued_at"] is not None
        assert (row["handled_by"] == "agent") == has_agent, dict(row)
        assert has_agent != waits, "an open conversation has an agent or stands in the queue"
    assert all(has <= MOST for has in (await desk.loads()).values())


async def test_killed_processes_leave_no_conversation_without_owner_or_queue_and_nobody_above_his_limit(
    cluster: Cluster, desk: Desk
) -> None:
    await desk.push(most_open=MOST)
    agents = [await desk.agent(f"客服{number}") for number in range(AGENTS)]
    for _ in range(TALKS):
        await desk.waits()
    chance = random.Random(7)
    closed = 0
    for _ in range(6):
        children = [await _start(cluster, desk) for _ in range(2)]
        for _ in range(8):
            await asyncio.sleep(chance.uniform(0.005, 0.06))
            await _look(desk)
            for row in await desk.do(
                "select id, agent_id from conversations where workspace_id = $1 and handled_by = 'agent' and status = 'open'"
                " order by random() limit 3",
                desk.workspace_id,
            ):
                with suppress(Problem):
                    await desk.stage.do(lambda tx, it=row: close(tx, desk.workspace_id, it["id"], it["agent_id"]))
                    closed += 1
            for agent in agents:
                await desk.see(agent)
        for child in children:
            child.send_signal(signal.SIGKILL)
            await child.wait()
        await _look(desk)
    while await desk.assign():
        await _look(desk)
    loads = await desk.loads()
    assert sum(loads.values()) == min(TALKS - closed, MOST * AGENTS)
    assert await desk.do("select 1 from jobs where kind = 'pass_on' limit 1"), "somebody looks whether they are opened"


async def test_what_a_dead_agent_had_goes_to_the_next_within_a_minute(desk: Desk) -> None:
    await desk.push()
    dead, alive = await desk.agent("甲"), await desk.agent("乙", state="busy")
    talks = [await desk.waits() for _ in range(3)]
    await desk.assign()
    assert await desk.loads() == {dead: 3}
    # The last sign of life was 46 s ago, by the database's clock; a look follows at most 10 s later.
    await desk.see(dead, seconds_ago=46)
    await desk.see(alive, state="online")
    await desk.stage.do(lambda tx: release_agent(tx, desk.workspace_id, dead))
    woken = await desk.do("select count(*) from jobs where kind = 'assign' and run_at <= now()")
    assert woken[0]["count"] >= 1
    await desk.assign()
    assert {await desk.owner(talk) for talk in talks} == {alive}
    assert (await desk.stage.state(talks[0]))["hand_off_reason"] == "agent_gone"
