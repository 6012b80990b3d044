"""Puts whoever has come into the queue since the last look into a group, with a priority and why."""

from collections.abc import Mapping, Sequence
from typing import Any

from yingke.kit.db import Transaction
from yingke.routing.groups import load_groups
from yingke.routing.judge import Facts, Group, Judgement, judge
from yingke.routing.queue_rules import QueueRules, load_rules

AT_ONCE = 500


async def sort_waiting(
    tx: Transaction, workspace_id: int, rules: QueueRules | None = None, groups: Sequence[Group] | None = None
) -> int:
    """Judges the conversations that wait unjudged (`priority` null); returns how many. A group that a person chose stays."""
    rows = await tx.fetch(
        "select c.id, c.shop_id, c.hand_off_reason, c.group_id, c.assignment, c.understood,"
        " t.level from conversations c join identities i on i.workspace_id = c.workspace_id and i.id = c.identity_id"
        " join contacts t on t.workspace_id = c.workspace_id and t.id = i.contact_id"
        " where c.workspace_id = $1 and c.status = 'open' and c.queued_at is not null and c.priority is null"
        " order by c.id limit $2 for no key update of c skip locked",
        workspace_id,
        AT_ONCE,
    )
    if not rows:
        return 0
    rules = rules or await load_rules(tx, workspace_id)
    groups = groups if groups is not None else await load_groups(tx, workspace_id)
    by_id = {group.id: group for group in groups}
    for row in rows:
        before: dict[str, Any] = row["assignment"] or {}
        found = judge(facts_of(row), groups, rules)
        group = by_id.get(row["group_id"]) if before.get("is_fixed") else found.group
        await tx.execute(
            "update conversations set group_id = $2, priority = $3, assignment = $4 where id = $1",
            row["id"],
            group.id if group is not None else None,
            found.priority,
            {**before, **describe(found, group)},
        )
    return len(rows)


def facts_of(row: Mapping[str, Any]) -> Facts:
    """`understood` = {intent, mood, …} of the last turn, as far as an assistant has read one."""
    understood = row["understood"] or {}
    order = (row["assignment"] or {}).get("order_minor")
    return Facts(
        row["shop_id"],
        row["hand_off_reason"] or "",
        understood.get("intent"),
        understood.get("mood"),
        row["level"],
        order,
    )


def describe(found: Judgement, group: Group | None) -> dict[str, Any]:
    """What is stored of a judgement: codes and names, never sentences."""
    return {
        "marks": list(found.marks),
        "intent": found.intent,
        "group": group.name if group is not None else None,
    }
