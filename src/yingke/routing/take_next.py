"""An agent takes whoever is due next among those he may serve."""

from yingke.conversations.locked import Change
from yingke.kit.db import Transaction
from yingke.kit.errors import conflict
from yingke.routing.assign import list_due, lock_queue
from yingke.routing.give import give, lock_hand
from yingke.routing.groups import load_groups
from yingke.routing.queue_rules import load_rules
from yingke.routing.sort_waiting import sort_waiting

LOOKED_AT = 500


async def take_next(tx: Transaction, workspace_id: int, agent_id: int, shops: list[int] | None) -> Change | None:
    """None when nobody waits for him. Conversations of his groups first, then those of no group in `shops` (None = all).

    Those of groups that are not his are left to them, unless none of theirs may be named: a group without members.
    Raises 409 `at_cap` when he has as many as he may.
    """
    await lock_queue(tx, workspace_id)
    rules = await load_rules(tx, workspace_id)
    groups = await load_groups(tx, workspace_id)
    await sort_waiting(tx, workspace_id, rules, groups)
    room = await lock_hand(tx, workspace_id, agent_id, rules)
    if room is None or room[0] >= room[1]:
        has = room[0] if room is not None else 0
        raise conflict(
            "at_cap",
            f"您手上已有 {has} 个会话，达到上限。先结束或转出一个再接。",
            f"You have {has} conversations, which is your limit. Close or transfer one first.",
        )
    his = {group.id for group in groups if agent_id in group.weights}
    staffed = {group.id for group in groups if group.weights}
    due = [
        row for row in await list_due(tx, workspace_id, rules, LOOKED_AT) if shops is None or row["shop_id"] in shops
    ]
    mine = [row for row in due if row["group_id"] in his]
    free = [row for row in due if row["group_id"] not in staffed]
    for row in mine + free:
        change = await give(tx, workspace_id, row["id"], agent_id, rules, {"by": "next"})
        if change is not None:
            return change
    return None
