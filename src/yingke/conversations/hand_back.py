"""An agent gives a conversation back to the assistant."""

from yingke.conversations.locked import (
    Change,
    add_system_message,
    closed_already,
    lock_conversation,
    owe_answer,
    refuse_strangers,
)
from yingke.kit.db import Transaction
from yingke.kit.errors import conflict
from yingke.kit.events import record_event
from yingke.kit.ids import show_id


async def hand_back(
    tx: Transaction, workspace_id: int, conversation_id: int, agent_id: int | None, *, force: bool = False
) -> Change:
    """The assistant answers again, at once when the contact is still waiting.

    Raises 404, 409 `taken`, `conversation_closed`, and `assistant_off` when the shop's assistant is switched off.
    """
    row = await lock_conversation(tx, workspace_id, conversation_id)
    if row["status"] != "open":
        raise closed_already()
    await refuse_strangers(tx, row, agent_id, force)
    if row["handled_by"] == "assistant":
        return Change(conversation_id, "assistant", row["generation"], row["last_seq"], False)
    enabled = await tx.fetchval("select assistant->'enabled' from shops where id = $1", row["shop_id"])
    if enabled is False:
        raise conflict(
            "assistant_off",
            "这家店铺的 AI 客服已停用，请先在店铺设置里打开。",
            "This shop's assistant is switched off. Switch it on in the shop's settings first.",
        )
    seq = row["last_seq"] + 1
    await add_system_message(tx, row, seq, {"code": "handed_back"})
    await tx.execute(
        "update conversations set handled_by = 'assistant', agent_id = null, generation = generation + 1,"
        " last_seq = $2, queued_at = null, hand_off_reason = null where id = $1",
        conversation_id,
        seq,
    )
    await owe_answer(tx, row)
    data = {"agent_id": show_id(agent_id)} if agent_id is not None else {}
    await record_event(tx, workspace_id, "conversation_handed_back", data, conversation_id=conversation_id, seq=seq)
    return Change(conversation_id, "assistant", row["generation"] + 1, seq)
