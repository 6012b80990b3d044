"""How far an agent has read a conversation."""

from yingke.kit.db import Transaction
from yingke.kit.errors import not_found
from yingke.kit.events import record_event
from yingke.kit.ids import show_id


async def mark_read(tx: Transaction, workspace_id: int, conversation_id: int, agent_id: int, seq: int) -> bool:
    """Everything through `seq` is read; never moves backwards. True when that changed something. Raises 404."""
    row = await tx.fetchrow(
        "select last_seq, last_contact_seq, contact_messages from conversations where workspace_id = $1 and id = $2",
        workspace_id,
        conversation_id,
    )
    if row is None:
        raise not_found()
    seq = min(seq, row["last_seq"])
    read = row["contact_messages"]
    if seq < row["last_contact_seq"]:
        read -= await tx.fetchval(
            "select count(*) from messages where conversation_id = $1 and seq > $2 and seq <= $3"
            " and author = 'contact'",
            conversation_id,
            seq,
            row["last_contact_seq"],
        )
    if not await keep_read(tx, workspace_id, conversation_id, agent_id, seq, read):
        return False
    data = {"agent_id": show_id(agent_id), "seq": seq}
    await record_event(tx, workspace_id, "conversation_read", data, conversation_id=conversation_id)
    return True


async def keep_read(
    tx: Transaction, workspace_id: int, conversation_id: int, agent_id: int, seq: int, contact_messages: int
) -> bool:
    """Writes the mark alone; `contact_messages` = how many messages of the contact lie at or before `seq`."""
    done = await tx.execute(
        "insert into conversation_reads (workspace_id, agent_id, conversation_id, read_seq, read_contact_messages)"
        " values ($1, $2, $3, $4, $5) on conflict (workspace_id, agent_id, conversation_id) do update"
        " set read_seq = excluded.read_seq, read_contact_messages = excluded.read_contact_messages"
        " where conversation_reads.read_seq < excluded.read_seq",
        workspace_id,
        agent_id,
        conversation_id,
        seq,
        contact_messages,
    )
    return not done.endswith(" 0")
