"""Agents, visitors and an assistant who talk through the real verbs."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import asyncpg

from tests.conftest import Ground
from yingke.conversations.history import list_messages
from yingke.conversations.locked import Change
from yingke.conversations.receive import Incoming, Received, Receiver
from yingke.conversations.reply import Answer, Replied, Replier
from yingke.conversations.say import Said, Saying, say
from yingke.conversations.take_over import take_over
from yingke.kit.db import Transaction

T = TypeVar("T")


@dataclass
class Stage:
    """One workspace with everybody in it."""

    ground: Ground
    receiver: Receiver
    replier: Replier

    @property
    def workspace_id(self) -> int:
        return self.ground.workspace_id

    async def do(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Runs `work` in one transaction of the workspace."""
        async with self.ground.db.transaction(self.workspace_id) as tx:
            return await work(tx)

    async def new_agent(self, work_name: str = "小王", role: str = "agent") -> int:
        return int(
            await self.do(
                lambda tx: tx.fetchval(
                    "insert into agents (workspace_id, email, name, work_name, role) values ($1, $2, $3, $3, $4)"
                    " returning id",
                    self.workspace_id,
                    f"{secrets.token_hex(6)}@example.com",
                    work_name,
                    role,
                )
            )
        )

    async def ask(self, conversation_id: int, identity_id: int, text: str = "在吗") -> Received:
        return await self.receiver.receive(
            Incoming(self.workspace_id, conversation_id, identity_id, secrets.token_hex(8), "text", text, None)
        )

    async def answer(
        self, conversation_id: int, through_seq: int, generation: int = 1, text: str = "您好,在的", **more: Any
    ) -> Replied:
        values: dict[str, Any] = {
            "payload": None,
            "generated_by": {"engine": "embedded"},
            "citations": None,
            "degraded_level": 0,
            "trace": None,
            "may_restart": False,
        }
        return await self.replier.reply(
            Answer(
                workspace_id=self.workspace_id,
                conversation_id=conversation_id,
                generation=generation,
                through_seq=through_seq,
                text=text,
                **(values | more),
            )
        )

    async def take(self, conversation_id: int, agent_id: int, *, force: bool = False) -> Change:
        return await self.do(lambda tx: take_over(tx, self.workspace_id, conversation_id, agent_id, force=force))

    async def speak(self, conversation_id: int, agent_id: int, text: str = "我来帮您", key: str = "") -> Said:
        saying = Saying(key or secrets.token_hex(8), "text", text)
        return await self.do(lambda tx: say(tx, self.workspace_id, conversation_id, agent_id, saying))

    async def state(self, conversation_id: int) -> asyncpg.Record:
        return await self.do(lambda tx: tx.fetchrow("select * from conversations where id = $1", conversation_id))

    async def messages(self, conversation_id: int) -> list[asyncpg.Record]:
        page = await self.do(lambda tx: list_messages(tx, self.workspace_id, conversation_id, limit=10_000))
        return page.rows

    async def events(self, conversation_id: int) -> list[str]:
        rows = await self.do(
            lambda tx: tx.fetch("select type from events where conversation_id = $1 order by tx, id", conversation_id)
        )
        return [row["type"] for row in rows]

    async def waiting_conversation(self, texts: int = 1) -> tuple[int, int]:
        """(conversation, identity) in which the contact has said `texts` things that nobody has answered."""
        conversation_id, identity_id = await self.ground.new_conversation()
        for _ in range(texts):
            await self.ask(conversation_id, identity_id)
        return conversation_id, identity_id


def seqs_of(messages: list[asyncpg.Record]) -> list[int]:
    return [message["seq"] for message in messages]
