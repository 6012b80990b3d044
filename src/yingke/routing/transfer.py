"""A conversation goes from whoever has it to a certain agent or group, with a note for them."""

from dataclasses import dataclass

from yingke.conversations.locked import Change, closed_already, lock_conversation, refuse_strangers
from yingke.conversations.note import note as add_note
from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input, conflict, not_found
from yingke.kit.events import record_event
from yingke.kit.ids import show_id
from yingke.routing.assign import lock_queue
from yingke.routing.give import give
from yingke.routing.put_back import put_back
from yingke.routing.queue_rules import load_rules
from yingke.workspaces.wake_routing import wake_routing


@dataclass(frozen=True)
class Target:
    """Exactly one of the two."""

    agent_id: int | None = None
    group_id: int | None = None


async def transfer(
    tx: Transaction,
    workspace_id: int,
    conversation_id: int,
    by_agent_id: int | None,
    target: Target,
    note: str,
    *,
    force: bool = False,
) -> Change:
    """To an agent at once, to a group by its queue. The note is for the staff alone.

    Raises 404 for a conversation, agent or group that is not ours, 409 `taken`, `conversation_closed`, `at_cap` (the
    colleague has as many as he may) and `already_there`.
    """
    if target.agent_id is not None:
        # Before the conversation, as whoever gives out: the other way round two of them wait for each other.
        await lock_queue(tx, workspace_id)
    row = await lock_conversation(tx, workspace_id, conversation_id)
    if row["status"] != "open":
        raise closed_already()
    await refuse_strangers(tx, row, by_agent_id, force)
    if note and by_agent_id is not None:
        await add_note(tx, workspace_id, conversation_id, by_agent_id, note)
    if target.agent_id is not None:
        if row["handled_by"] == "agent" and row["agent_id"] == target.agent_id:
            raise conflict("already_there", "这段会话就在这位客服手上。", "This agent has the conversation already.")
        change = await _to_agent(tx, workspace_id, conversation_id, row["shop_id"], target.agent_id)
    elif target.group_id is not None:
        await _check_group(tx, workspace_id, target.group_id)
        change = await put_back(tx, row, "transferred", group_id=target.group_id)
    else:
        raise bad_input({"agent_id": "请选择同事或客服组 / choose a colleague or a group"})
    data = {
        "from_agent_id": show_id(row["agent_id"]) if row["agent_id"] is not None else None,
        "agent_id": show_id(target.agent_id) if target.agent_id is not None else None,
        "group_id": show_id(target.group_id) if target.group_id is not None else None,
    }
    await record_event(tx, workspace_id, "conversation_transferred", data, conversation_id=conversation_id)
    await wake_routing(tx, workspace_id)
    return change


async def _to_agent(tx: Transaction, workspace_id: int, conversation_id: int, shop_id: int, agent_id: int) -> Change:
    known = await tx.fetchrow(
        "select work_name, role in ('owner', 'admin') or exists (select 1 from shops s where s.workspace_id = $1"
        " and s.id = $3 and (s.all_agents or exists (select 1 from shop_agents x where x.workspace_id = $1"
        " and x.shop_id = s.id and x.agent_id = a.id))) as serves from agents a"
        " where a.workspace_id = $1 and a.id = $2 and a.disabled_at is null",
        workspace_id,
        agent_id,
        shop_id,
    )
    if known is None:
        raise not_found()
    name = known["work_name"]
    if not known["serves"]:
        raise conflict(
            "not_in_shop",
            f"{name} 不负责这家店铺，看不到这段会话。",
            f"{name} does not serve this shop and cannot see it.",
        )
    rules = await load_rules(tx, workspace_id)
    change = await give(tx, workspace_id, conversation_id, agent_id, rules, {"by": "transfer"}, must_wait=False)
    if change is None:
        raise conflict(
            "at_cap",
            f"{name} 手上的会话已达上限，请换一位或转给客服组。",
            f"{name} has as many conversations as allowed. Choose somebody else or a group.",
        )
    return change


async def _check_group(tx: Transaction, workspace_id: int, group_id: int) -> None:
    if not await tx.fetchval("select 1 from agent_groups where workspace_id = $1 and id = $2", workspace_id, group_id):
        raise not_found()
