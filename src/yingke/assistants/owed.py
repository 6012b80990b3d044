"""Answers that are owed: those of processes that died are taken over, the leases of slow ones of our own are renewed."""

import time
from collections.abc import Iterable
from typing import Any

from yingke.assistants.open_turn import OpenTurn
from yingke.assistants.turns import Turn
from yingke.conversations.receive import LEASE_SECONDS
from yingke.kit.db import Database

MOST_AT_ONCE = 200


class Owed:
    """`owner` is the name under which this process owes answers."""

    def __init__(self, db: Database, owner: str) -> None:
        self._db = db
        self._owner = owner

    async def claim(self) -> list[Turn]:
        """What nobody answers any more and is now ours, to be read from the log; what a person has is no longer owed."""
        async with self._db.system() as tx:
            rows = await tx.fetch(f"select * from claim_answers($1, $2, {MOST_AT_ONCE})", self._owner, LEASE_SECONDS)
            with_people = [row["conversation_id"] for row in rows if row["handled_by"] != "assistant"]
            if with_people:
                await tx.execute("select drop_owed_answers($1)", with_people)
        return [_turn(row) for row in rows if row["handled_by"] == "assistant"]

    async def renew(self, turns: Iterable[OpenTurn]) -> None:
        old = [one.turn.conversation_id for one in turns if time.monotonic() - one.started > LEASE_SECONDS / 4]
        if old:
            async with self._db.crossing() as tx:
                await tx.execute("select renew_answers($1, $2, $3)", self._owner, old, LEASE_SECONDS)

    async def drop(self, conversation_id: int) -> None:
        async with self._db.crossing() as tx:
            await tx.execute("select drop_owed_answers($1)", [conversation_id])


def _turn(row: Any) -> Turn:
    turn = Turn(
        workspace_id=row["workspace_id"],
        conversation_id=row["conversation_id"],
        shop_id=row["shop_id"],
        generation=row["generation"],
        knowledge_version=row["knowledge_version"],
        is_partial=True,
    )
    turn.through_seq = row["through_seq"]
    return turn
