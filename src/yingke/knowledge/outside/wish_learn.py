"""Asks for the passages of a workspace to be given vectors by the model that it chose."""

from yingke.kit.db import Transaction
from yingke.kit.jobs import enqueue

KIND = "learn_space"


async def wish_learn(tx: Transaction, workspace_id: int) -> None:
    """One waiting wish of a workspace is enough; `learn_space` fulfils it."""
    await enqueue(tx, workspace_id, kind=KIND, lane=f"space:{workspace_id}", ref=str(workspace_id), priority=-1)
