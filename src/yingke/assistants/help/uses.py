"""Which suggestion was put into the composer, and how much of it was left when it was sent."""

import difflib
from dataclasses import dataclass

from yingke.kit.db import Transaction
from yingke.kit.errors import not_found
from yingke.workspaces.caller import Caller


@dataclass(frozen=True, slots=True)
class Used:
    """A suggestion as it was put into the composer. `position` 1..3."""

    through_seq: int
    position: int
    kind: str
    source: str
    is_internal: bool
    text: str


async def keep_use(tx: Transaction, caller: Caller, conversation_id: int, used: Used) -> int:
    """The id of the use; nothing was sent yet."""
    use_id = await tx.fetchval(
        "insert into suggestion_uses (workspace_id, conversation_id, agent_id, through_seq, position, kind, source,"
        " is_internal, text) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id",
        caller.workspace_id,
        conversation_id,
        caller.agent_id,
        used.through_seq,
        used.position,
        used.kind,
        used.source,
        used.is_internal,
        used.text,
    )
    return int(use_id)


async def keep_sent(tx: Transaction, caller: Caller, conversation_id: int, use_id: int, message_id: int) -> float:
    """How much of the suggestion is in the message, 0..1. Raises 404 for another agent's use or another talk's message."""
    row = await tx.fetchrow(
        "select s.text as suggested, m.text as sent from suggestion_uses s"
        " join messages m on m.workspace_id = s.workspace_id and m.conversation_id = s.conversation_id and m.id = $4"
        " where s.workspace_id = $1 and s.conversation_id = $2 and s.id = $3 and s.agent_id is not distinct from $5"
        " and m.author = 'agent'",
        caller.workspace_id,
        conversation_id,
        use_id,
        message_id,
        caller.agent_id,
    )
    if row is None:
        raise not_found()
    likeness = difflib.SequenceMatcher(None, row["suggested"], row["sent"] or "", autojunk=False).ratio()
    await tx.execute(
        "update suggestion_uses set message_id = $3, likeness = $4 where workspace_id = $1 and id = $2",
        caller.workspace_id,
        use_id,
        message_id,
        likeness,
    )
    return round(likeness, 3)
