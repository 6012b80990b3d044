"""A person gets a conversation of the assistant: what he has to know is put together right after."""

from yingke.kit.db import Transaction
from yingke.kit.jobs import enqueue

KIND = "summarise"


async def ask_for_summary(tx: Transaction, workspace_id: int, conversation_id: int, generation: int) -> None:
    """One job for this change of hands, in the transaction of the change."""
    await enqueue(
        tx,
        workspace_id,
        kind=KIND,
        lane=f"summarise:{conversation_id}",
        ref=f"{conversation_id}:{generation}",
    )
