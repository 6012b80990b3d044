"""An agent gives a conversation back to the assistant."""

import asyncpg

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
from yingke.workspaces.wake_routing import wake_routing

MOST_TIMES = 2
AFTER_NO_ANSWER = 1


async def hand_back(
    tx: Transaction, workspace_id: int, conversation_id: int, agent_id: int | None, *, force: bool = False
) -> Change:
    """The assistant answers again, at once when the contact is still waiting.

    Raises 404, 409 `taken`, `conversation_closed`, `assistant_off` when the shop's assistant is switched off, and
    `stays_with_people` when it came back for the same reason before; an admin may force that.
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
    await _refuse_loops(tx, row, force)
    seq = row["last_seq"] + 1
    await add_system_message(tx, row, seq, {"code": "handed_back"})
    await tx.execute(
        "update conversations set handled_by = 'assistant', agent_id = null, generation = generation + 1,"
        " last_seq = $2, queued_at = null, hand_off_reason = null, group_id = null, priority = null,"
        " assignment = null, assigned_at = null, overflow = null, hand_backs = hand_backs || jsonb_build_object("
        "coalesce(hand_off_reason, 'own'), coalesce((hand_backs->>coalesce(hand_off_reason, 'own'))::int, 0) + 1)"
        " where id = $1",
        conversation_id,
        seq,
    )
    await owe_answer(tx, row)
    if row["handled_by"] == "agent":
        await wake_routing(tx, workspace_id)
    data = {"agent_id": show_id(agent_id)} if agent_id is not None else {}
    await record_event(tx, workspace_id, "conversation_handed_back", data, conversation_id=conversation_id, seq=seq)
    return Change(conversation_id, "assistant", row["generation"] + 1, seq)


async def _refuse_loops(tx: Transaction, row: asyncpg.Record, force: bool) -> None:
    """Twice for one reason is enough; what the assistant could not answer goes back to it once."""
    found = await tx.fetchrow(
        "select hand_off_reason, coalesce((hand_backs->>hand_off_reason)::int, 0) as times from conversations"
        " where id = $1",
        row["id"],
    )
    most = AFTER_NO_ANSWER if found["hand_off_reason"] == "no_answer" else MOST_TIMES
    if found["hand_off_reason"] is not None and found["times"] >= most and not force:
        raise conflict(
            "stays_with_people",
            "这段会话已因同样的原因再次转回人工，请由人工完成。管理员可以强制交还。",
            "This conversation came back to people for the same reason. Finish it yourself; an admin may force it.",
        )
