"""What agents write for each other; no visitor ever sees it."""

from yingke.kit.db import Transaction
from yingke.kit.errors import not_found
from yingke.kit.events import record_event
from yingke.kit.ids import show_id

LONGEST = 5000


async def note(tx: Transaction, workspace_id: int, conversation_id: int, agent_id: int, text: str) -> int:
    """Adds a note after the newest message; returns its id. `text` is checked. Raises 404."""
    row = await tx.fetchrow(
        "insert into notes (workspace_id, conversation_id, agent_id, after_seq, text)"
        " select workspace_id, id, $3, last_seq, $4 from conversations where workspace_id = $1 and id = $2"
        " returning id, after_seq",
        workspace_id,
        conversation_id,
        agent_id,
        text,
    )
    if row is None:
        raise not_found()
    data = {"note_id": show_id(row["id"]), "agent_id": show_id(agent_id), "after_seq": row["after_seq"]}
    await record_event(tx, workspace_id, "note_created", data, conversation_id=conversation_id)
    return int(row["id"])
