"""How often in a row the assistant had no answer, and when a person should take over for that."""

from yingke.kit.db import Transaction
from yingke.routing.queue_rules import load_rules

AFTER_HAND_BACK = 2


async def should_hand_over(tx: Transaction, workspace_id: int, conversation_id: int) -> bool:
    """Whether the answer about to be stored, which is none, is one too many.

    The settings say how many turns in a row; after a person has given the conversation back two are enough.
    """
    rules = await load_rules(tx, workspace_id)
    if rules.unanswered_turns == 0:
        return False
    came_back = await tx.fetchval("select hand_backs <> '{}' from conversations where id = $1", conversation_id)
    wanted = min(rules.unanswered_turns, AFTER_HAND_BACK) if came_back else rules.unanswered_turns
    if wanted == 1:
        return True
    rows = await tx.fetch(
        "select coalesce((payload->>'unanswered')::boolean, false) as is_none from messages where conversation_id = $1"
        " and author in ('assistant', 'agent') order by seq desc limit $2",
        conversation_id,
        wanted - 1,
    )
    return len(rows) == wanted - 1 and all(row["is_none"] for row in rows)
