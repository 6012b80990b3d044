"""A conversation that was closed, perhaps by mistake, goes on."""

import asyncpg

from yingke.conversations.locked import Change, add_system_message, load_face, lock_conversation, owe_answer
from yingke.kit.db import Transaction
from yingke.kit.errors import conflict
from yingke.kit.events import record_event


async def reopen(tx: Transaction, workspace_id: int, conversation_id: int, agent_id: int) -> Change:
    """Whoever had it has it again, except that another agent's conversation goes to the one who reopens it.

    The waiting clock goes on from the oldest unanswered message. Raises 404, and 409 `newer_conversation` when the
    contact has begun another one since.
    """
    row = await lock_conversation(tx, workspace_id, conversation_id)
    face = await load_face(tx, workspace_id, agent_id)
    if row["status"] == "open":
        return Change(conversation_id, row["handled_by"], row["generation"], row["last_seq"], False, face)
    seq = row["last_seq"] + 1
    try:
        await tx.execute(
            "update conversations set status = 'open', closed_at = null, closed_by = null, generation = generation + 1,"
            " agent_id = case when handled_by = 'agent' then $3::bigint end, last_seq = $2,"
            " queued_at = case when handled_by = 'queue' then now() end, waiting_since = (select min(m.created_at)"
            " from messages m where m.conversation_id = $1 and m.author = 'contact' and m.seq > answered_through_seq)"
            " where id = $1",
            conversation_id,
            seq,
            agent_id,
        )
    except asyncpg.UniqueViolationError as error:
        raise conflict(
            "newer_conversation",
            "这位客户已开始新的会话，请到新会话里继续。",
            "This customer has begun a newer conversation. Continue there.",
        ) from error
    await add_system_message(tx, row, seq, {"code": "reopened", "agent": face})
    if row["handled_by"] == "assistant":
        await owe_answer(tx, row)
    data = {"agent_id": face["id"]}
    await record_event(tx, workspace_id, "conversation_reopened", data, conversation_id=conversation_id, seq=seq)
    mine = face if row["handled_by"] == "agent" else None
    return Change(conversation_id, row["handled_by"], row["generation"] + 1, seq, True, mine)
