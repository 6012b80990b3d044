"""Asks for a workspace to be moved into, or kept in step with, the search of the database."""

from yingke.kit.db import Transaction
from yingke.kit.jobs import enqueue

KIND = "fit_large"
LARGE, SMALL_AGAIN = 10_000, 8_000
"""Above the first a workspace is searched in the database, below the second in memory; between them it stays."""


async def wish_fit(tx: Transaction, workspace_id: int) -> None:
    """One waiting wish of a workspace is enough; `fit_large` fulfils it."""
    await enqueue(tx, workspace_id, kind=KIND, lane=f"large:{workspace_id}", ref=str(workspace_id))
