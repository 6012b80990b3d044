"""The log of everything that happened; written in the transaction of the change itself."""

from dataclasses import dataclass
from typing import Any

from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input


async def record_event(
    tx: Transaction,
    workspace_id: int,
    type: str,
    data: dict[str, Any] | None = None,
    *,
    conversation_id: int | None = None,
    seq: int | None = None,
) -> None:
    """Adds one event. `data` holds ids and small facts, never secrets."""
    await tx.execute(
        "insert into events (workspace_id, type, conversation_id, seq, data) values ($1, $2, $3, $4, $5)",
        workspace_id,
        type,
        conversation_id,
        seq,
        data,
    )


@dataclass(frozen=True, order=True)
class Cursor:
    """A place in the log: everything up to and with this row was seen."""

    tx: int
    id: int

    def show(self) -> str:
        return f"{self.tx}-{self.id}"


def read_cursor(text: str) -> Cursor:
    """Raises the 400 Problem when `text` was not made by `Cursor.show`."""
    tx, dash, row = text.partition("-")
    if not dash or not tx.isdigit() or not row.isdigit() or len(text) > 40:
        raise bad_input({"after": "not a cursor of this list / 不是本列表给出的游标"})
    return Cursor(int(tx), int(row))


async def current_cursor(tx: Transaction) -> Cursor:
    """The newest place below which no running transaction can still add rows."""
    row = await tx.fetchval("select pg_snapshot_xmin(pg_current_snapshot())::text")
    return Cursor(int(row) - 1, 2**62)
