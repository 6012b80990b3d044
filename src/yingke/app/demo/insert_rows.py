"""Puts many rows into one table in one statement."""

from collections.abc import Sequence
from typing import Any

from yingke.kit.db import Transaction


async def insert_rows(tx: Transaction, table: str, rows: Sequence[dict[str, Any]]) -> None:
    """All rows have the columns of the first. `table` and columns are names of this program, never of a stranger.

    COPY is refused on tables behind row-level security, so the rows travel as one JSON value.
    """
    if rows:
        columns = ", ".join(rows[0])
        await tx.execute(
            f"insert into {table} ({columns}) overriding system value"
            f" select {columns} from jsonb_populate_recordset(null::{table}, $1)",
            list(rows),
        )


async def take_ids(tx: Transaction, table: str, count: int) -> list[int]:
    """So many new ids of a table, ascending."""
    rows = await tx.fetch(
        "select nextval(pg_get_serial_sequence($1, 'id')) as id from generate_series(1, $2)", table, count
    )
    return sorted(row["id"] for row in rows)
