"""Stores what contacts say. Acked is stored; sent twice is stored once; one dense order per conversation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yingke.kit.batcher import Batcher
from yingke.kit.db import Database
from yingke.kit.errors import Problem, conflict, not_found

LEASE_SECONDS = 10
_STATEMENT = "select * from receive_batch($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message of a contact, checked already. `client_message_id` is never empty."""

    workspace_id: int
    conversation_id: int
    identity_id: int
    client_message_id: str
    type: str
    text: str | None
    payload: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Received:
    """What was stored; `is_new` is False when this very message had been stored before."""

    conversation_id: int
    message_id: int
    seq: int
    created_at: datetime
    is_new: bool
    generation: int
    handled_by: str
    answered_through: int
    shop_id: int
    knowledge_version: int


class ConversationClosed(Problem):
    """The conversation was closed meanwhile; the message belongs into a new one."""

    def __init__(self) -> None:
        super().__init__(
            409, "conversation_closed", "这段会话已结束，请重新发送。", "This conversation has ended. Send again."
        )


class Receiver:
    """The group commit of one process. `owner` names the process on the answers it owes."""

    def __init__(self, db: Database, owner: str, lanes: int = 1) -> None:
        self._db = db
        self._owner = owner
        self.batcher: Batcher[Incoming, tuple[Any, ...]] = Batcher(self._flush, lanes=lanes)

    async def receive(self, message: Incoming) -> Received:
        """Returns after COMMIT. Raises 404 (not his conversation), 409 (same id, other body; closed), 503 (try again)."""
        row = await self.batcher.submit(message.conversation_id, message)
        outcome = row[1]
        if outcome == "again":
            # Its twin in the same batch is stored now, so this one finds it.
            row = await self.batcher.submit(message.conversation_id, message)
            outcome = row[1]
        if outcome in ("stored", "known"):
            conversation_id, message_id, seq, created_at = row[2:6]
            generation, handled_by, answered_through, shop_id, knowledge_version = row[6:]
            is_new = outcome == "stored"
            return Received(
                conversation_id, message_id, seq, created_at, is_new, generation, handled_by, answered_through, shop_id,
                knowledge_version,
            )  # fmt: skip
        if outcome == "conflict":
            raise conflict(
                "idempotency_conflict",
                "同一个消息编号已用于另一条内容。",
                "This message id was used for another text already.",
            )
        if outcome == "closed":
            raise ConversationClosed
        raise not_found()

    async def _flush(self, items: Sequence[Incoming], wait: bool) -> list[tuple[Any, ...] | None]:
        columns = list(zip(*((
            item.workspace_id, item.conversation_id, item.identity_id, item.client_message_id, item.type, item.text,
            item.payload,
        ) for item in items), strict=True))  # fmt: skip
        async with self._db.pool.acquire(timeout=3) as connection:
            if wait:
                async with connection.transaction():
                    await connection.execute("set local lock_timeout = '2s'")
                    rows = await connection.fetch(_STATEMENT, *columns, self._owner, LEASE_SECONDS, True)
            else:
                rows = await connection.fetch(_STATEMENT, *columns, self._owner, LEASE_SECONDS, False)
        return [None if row[1] == "busy" else tuple(row) for row in rows]
