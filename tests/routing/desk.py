"""A desk with agents who are there, groups, and customers who wait: what the tests of routing have in common."""

import asyncio
from dataclasses import dataclass
from typing import Any

from tests.conversations.stage import Stage
from yingke.conversations.locked import Change
from yingke.kit.db import Transaction
from yingke.routing.assign import assign_waiting
from yingke.routing.groups import GroupWish, create_group
from yingke.routing.hand_off import hand_off
from yingke.workspaces.caller import Caller
from yingke.workspaces.presence import touch_presence


@dataclass
class Desk:
    """Conversations are given out by themselves once there is a group or `push` was called."""

    stage: Stage

    @property
    def workspace_id(self) -> int:
        return self.stage.workspace_id

    @property
    def admin(self) -> Caller:
        return Caller(self.workspace_id, self.stage.ground.agent_id, None, "owner")

    async def push(self, **settings: Any) -> None:
        values = {"delivery": "push", **settings}
        await self.do(
            "insert into routing_settings (workspace_id) values ($1) on conflict do nothing", self.workspace_id
        )
        for column, value in values.items():
            await self.do(
                f"update routing_settings set {column} = $2 where workspace_id = $1", self.workspace_id, value
            )

    async def do(self, statement: str, *values: Any) -> Any:
        return await self.stage.do(lambda tx: tx.fetch(statement, *values))

    async def agent(self, name: str, most: int | None = None, *, state: str = "online", there: bool = True) -> int:
        agent_id = await self.stage.new_agent(name)
        if most is not None:
            await self.do(
                "insert into agent_loads (workspace_id, agent_id, most_open) values ($1, $2, $3)",
                self.workspace_id,
                agent_id,
                most,
            )
        if there:
            await self.see(agent_id, state=state)
        return agent_id

    async def see(self, agent_id: int, *, state: str | None = None, seconds_ago: float = 0) -> None:
        await touch_presence(self.stage.ground.db, "test", [(self.workspace_id, agent_id, state)])
        await self.do(
            "update agent_presence set last_seen = now() - make_interval(secs => $2) where agent_id = $1",
            agent_id,
            seconds_ago,
        )

    async def group(self, name: str, members: dict[int, int], **wish: Any) -> int:
        async def work(tx: Transaction) -> int:
            return await create_group(tx, self.admin, GroupWish(name, weights=members, **wish))

        return await self.stage.do(work)

    async def waits(
        self,
        reason: str = "asked",
        *,
        intent: str | None = None,
        mood: str | None = None,
        level: str | None = None,
        order_minor: int | None = None,
        minutes: float = 0,
    ) -> int:
        """A conversation in the queue, `minutes` ago."""
        conversation_id, identity_id = await self.stage.waiting_conversation()
        await self.do(
            "update conversations set understood = jsonb_build_object('intent', $2::text, 'mood', $3::text) where id = $1",
            conversation_id,
            intent,
            mood,
        )
        if level is not None:
            await self.do(
                "update contacts set level = $2 where id = (select contact_id from identities where id = $1)",
                identity_id,
                level,
            )
        await self.stage.do(
            lambda tx: hand_off(
                tx,
                self.workspace_id,
                conversation_id,
                generation=1,
                reason=reason,
                through_seq=1,
                order=(order_minor, "QX-D0001") if order_minor is not None else None,
            )
        )
        if minutes:
            await self.do(
                "update conversations set queued_at = queued_at - make_interval(secs => $2 * 60) where id = $1",
                conversation_id,
                minutes,
            )
        return conversation_id

    async def assign(self) -> list[Change]:
        return await self.stage.do(lambda tx: assign_waiting(tx, self.workspace_id))

    async def assign_at_once(self, times: int) -> list[Change]:
        results = await asyncio.gather(*(self.assign() for _ in range(times)))
        return [change for changes in results for change in changes]

    async def owner(self, conversation_id: int) -> int | None:
        found = (await self.stage.state(conversation_id))["agent_id"]
        return int(found) if found is not None else None

    async def loads(self) -> dict[int, int]:
        rows = await self.do(
            "select agent_id, count(*) as has from conversations where workspace_id = $1 and status = 'open'"
            " and handled_by = 'agent' group by 1",
            self.workspace_id,
        )
        return {row["agent_id"]: row["has"] for row in rows}
