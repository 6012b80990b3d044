"""Announces that a conversation touches a danger topic."""

from yingke.kit.db import Transaction
from yingke.kit.events import record_event


async def raise_danger(tx: Transaction, workspace_id: int, conversation_id: int, topic: str, seq: int | None) -> None:
    """The event `danger_raised` {topic}, in the transaction that hands the conversation over."""
    await record_event(tx, workspace_id, "danger_raised", {"topic": topic}, conversation_id=conversation_id, seq=seq)
