"""A conversation ends."""

from yingke.conversations.locked import (
    Change,
    add_system_message,
    drop_answer,
    load_face,
    lock_conversation,
    refuse_strangers,
)
from yingke.kit.db import Transaction
from yingke.kit.events import record_event
from yingke.workspaces.wake_routing import wake_routing


async def close(
    tx: Transaction, workspace_id: int, conversation_id: int, agent_id: int | None, *, force: bool = False
) -> Change:
    """Ends the conversation; `agent_id` None = a program does. Closing twice is one closing.

    The generation is raised too, so that an answer on its way is refused. Raises 404 and 409 `taken`.
    """
    row = await lock_conversation(tx, workspace_id, conversation_id)
    if row["status"] == "closed":
        return Change(conversation_id, row["handled_by"], row["generation"], row["last_seq"], False)
    await refuse_strangers(tx, row, agent_id, force)
    seq = row["last_seq"] + 1
    by = "agent" if agent_id is not None else "program"
    face = await load_face(tx, workspace_id, agent_id) if agent_id is not None else None
    await add_system_message(tx, row, seq, {"code": "closed", "by": by, **({"agent": face} if face else {})})
    await tx.execute(
        "update conversations set status = 'closed', closed_at = now(), closed_by = $3, generation = generation + 1,"
        " last_seq = $2, waiting_since = null, queued_at = null, overflow = null where id = $1",
        conversation_id,
        seq,
        f"agent:{agent_id}" if agent_id is not None else "program",
    )
    await drop_answer(tx, row)
    data = {"by": by, **({"agent_id": face["id"]} if face else {})}
    await record_event(tx, workspace_id, "conversation_closed", data, conversation_id=conversation_id, seq=seq)
    if row["handled_by"] == "agent":
        await wake_routing(tx, workspace_id)
    return Change(conversation_id, row["handled_by"], row["generation"] + 1, seq, True, face)
