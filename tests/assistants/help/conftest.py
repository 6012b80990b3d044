"""A conversation of the camping shop as it stands when a person gets it."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.assistants.camp import stock_camp
from tests.conftest import Ground
from tests.learning import Learning, caller_of
from tests.no_shops import NoShops
from yingke.assistants.engines.embedded import EmbeddedEngine
from yingke.assistants.team import Team
from yingke.kit.ids import show_id
from yingke.workspaces.caller import Caller


@dataclass
class Talk:
    """Says things straight into the log, as the doors would have stored them."""

    ground: Ground
    engine: EmbeddedEngine
    id: int
    seq: int = 0

    @property
    def caller(self) -> Caller:
        return caller_of(self.ground)

    async def says(self, author: str, text: str | None, **columns: Any) -> int:
        """The seq of the message."""
        self.seq += 1
        names = ["workspace_id", "conversation_id", "seq", "author", "type", "text", *columns]
        values = [self.ground.workspace_id, self.id, self.seq, author, "system" if text is None else "text", text]
        places = ", ".join(f"${place + 1}" for place in range(len(names)))
        async with self.ground.db.transaction(self.ground.workspace_id) as tx:
            await tx.execute(f"insert into messages ({', '.join(names)}) values ({places})", *values, *columns.values())
            is_contact = author == "contact"
            await tx.execute(
                "update conversations set last_seq = $2, last_contact_seq = case when $3 then $2 else last_contact_seq end,"
                " answered_through_seq = case when $3 then answered_through_seq else $2 end where id = $1",
                self.id,
                self.seq,
                is_contact,
            )
        return self.seq

    async def is_now(self, **columns: Any) -> None:
        sets = ", ".join(f"{name} = ${place + 2}" for place, name in enumerate(columns))
        async with self.ground.db.transaction(self.ground.workspace_id) as tx:
            await tx.execute(f"update conversations set {sets} where id = $1", self.id, *columns.values())

    async def link(self, number: str) -> str:
        """The order's id."""
        async with self.ground.db.transaction(self.ground.workspace_id) as tx:
            order_id = await tx.fetchval("select id from orders where number = $1", number)
            await tx.execute(
                "insert into order_links (workspace_id, conversation_id, order_id, how) values ($1, $2, $3, 'by_hand')",
                self.ground.workspace_id,
                self.id,
                order_id,
            )
        return show_id(order_id)


@pytest.fixture
async def talk(ground: Ground, learning: Learning) -> Talk:
    await stock_camp(ground)
    conversation_id, _ = await ground.new_conversation()
    return Talk(ground, EmbeddedEngine(learning.library, Team(ground.db, NoShops(), learning.encoder)), conversation_id)
