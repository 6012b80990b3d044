"""The door out for assistants: one answer per turn, refused when a person has taken the conversation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yingke.kit.batcher import Batcher
from yingke.kit.db import Database, JsonList

_STATEMENT = "select * from reply_batch($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)"


@dataclass(frozen=True, slots=True)
class Answer:
    """What an assistant wants to say for the turn that ends with `through_seq`.

    `generation` is the one read when the turn began; `may_restart` asks to be told ('newer') instead of stored when
    the contact has written more since.
    """

    workspace_id: int
    conversation_id: int
    generation: int
    through_seq: int
    text: str
    payload: dict[str, Any] | None
    generated_by: dict[str, Any]
    citations: list[dict[str, Any]] | None
    degraded_level: int
    trace: dict[str, Any] | None
    may_restart: bool
    gap: str | None = None
    """The question that the knowledge did not answer, for the list of gaps."""
    understood: dict[str, Any] | None = None
    """{intent, mood, confidence, moods, through, language}: the whole of what is understood of the talk from now on."""
    talk: dict[str, Any] | None = None
    """What the assistants remember of the talk from now on; None leaves it."""


@dataclass(frozen=True, slots=True)
class Replied:
    """`outcome`: stored | stale (a person has it) | answered (somebody was first) | newer (start again) | missing."""

    outcome: str
    message_id: int | None
    seq: int | None
    created_at: datetime | None
    trace_id: int | None
    last_contact_seq: int


class Replier:
    """The group commit of answers in one process."""

    def __init__(self, db: Database, lanes: int = 1) -> None:
        self._db = db
        self.batcher: Batcher[Answer, Replied] = Batcher(self._flush, lanes=lanes)

    async def reply(self, answer: Answer) -> Replied:
        """Returns after COMMIT; raises the 503 Problem when the database does not take it."""
        return await self.batcher.submit(answer.conversation_id, answer)

    async def _flush(self, items: Sequence[Answer], wait: bool) -> list[Replied | None]:
        columns = list(zip(*((
            item.workspace_id, item.conversation_id, item.generation, item.through_seq, item.text, item.payload,
            item.generated_by, JsonList(item.citations) if item.citations else None, item.degraded_level,
            item.trace, item.may_restart, item.gap, item.understood, item.talk,
        ) for item in items), strict=True))  # fmt: skip
        async with self._db.pool.acquire(timeout=3) as connection:
            if wait:
                async with connection.transaction():
                    await connection.execute("set local lock_timeout = '2s'")
                    rows = await connection.fetch(_STATEMENT, *columns, True)
            else:
                rows = await connection.fetch(_STATEMENT, *columns, False)
        return [None if row[1] == "busy" else Replied(*tuple(row)[1:]) for row in rows]
