"""Somebody notices when an agent goes who has customers."""

from yingke.kit.db import Transaction
from yingke.kit.ids import show_id
from yingke.kit.jobs import enqueue

KIND = "watch_agent"
"""The job that looks after one agent who was seen at work, until he is gone and owns nothing."""


async def watch_agent(tx: Transaction, workspace_id: int, agent_id: int) -> None:
    """Called when he opens the workbench and whenever he gets a conversation: a transfer reaches him without one too."""
    await enqueue(tx, workspace_id, kind=KIND, lane=f"{KIND}:{agent_id}", ref=show_id(agent_id))
