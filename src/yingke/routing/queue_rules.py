"""How a workspace gives out conversations: by itself or taken, how many at once, who goes first, what a long wait leads to."""

from dataclasses import dataclass
from typing import Any, Literal

from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input, not_found
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller
from yingke.workspaces.wake_routing import wake_routing

Delivery = Literal["push", "pull"]
OverflowTo = Literal["message", "group", "assistant"]
Mark = Literal["danger", "angry", "vip", "complaint", "large_order", "asked"]
MARKS: tuple[Mark, ...] = ("danger", "angry", "vip", "complaint", "large_order", "asked")
_COLUMNS = (
    "delivery", "most_open", "accept_seconds", "marks", "step_minutes", "vip_levels", "large_order_minor",
    "overflow_minutes", "overflow_length", "overflow_to", "overflow_group_id", "unanswered_turns",
)  # fmt: skip


@dataclass(frozen=True)
class QueueRules:
    """`marks` in order of priority: the first is worth the most steps, and a step is worth `step_minutes` of waiting."""

    delivery: Delivery | None = None
    most_open: int = 8
    accept_seconds: int = 60
    marks: tuple[Mark, ...] = MARKS
    step_minutes: int = 5
    vip_levels: tuple[str, ...] = ("vip", "gold", "svip", "黄金", "钻石", "金卡", "黑卡")
    large_order_minor: int | None = None
    overflow_minutes: int = 10
    overflow_length: int | None = None
    overflow_to: OverflowTo = "message"
    overflow_group_id: int | None = None
    unanswered_turns: int = 3
    has_groups: bool = False

    @property
    def pushes(self) -> bool:
        """Until somebody chooses: by itself as soon as there are groups to give to."""
        return self.delivery == "push" or (self.delivery is None and self.has_groups)

    def steps(self, marks: tuple[Mark, ...]) -> int:
        """Priority of a conversation with these marks: that of its strongest; 0 for none."""
        return max((len(self.marks) - self.marks.index(mark) for mark in marks if mark in self.marks), default=0)


async def load_rules(tx: Transaction, workspace_id: int) -> QueueRules:
    """What holds until somebody chooses otherwise, or what was chosen."""
    row = await tx.fetchrow(
        f"select exists (select 1 from agent_groups where workspace_id = $1) as has_groups, {', '.join(_COLUMNS)}"
        " from (select $1::bigint as wanted) x left join routing_settings s on s.workspace_id = x.wanted",
        workspace_id,
    )
    if row["most_open"] is None:
        return QueueRules(has_groups=row["has_groups"])
    values = dict(row)
    return QueueRules(**{**values, "marks": tuple(values["marks"]), "vip_levels": tuple(values["vip_levels"])})


async def change_rules(tx: Transaction, caller: Caller, values: dict[str, Any]) -> None:
    """Column → checked value. Raises 400 for a group to overflow into that is missing, 404 for one that is not ours."""
    if not values:
        return
    await _check(tx, caller.workspace_id, values)
    await tx.execute(
        "insert into routing_settings (workspace_id) values ($1) on conflict do nothing", caller.workspace_id
    )
    for column in _COLUMNS:
        if column in values:
            await tx.execute(
                f"update routing_settings set {column} = $2, updated_at = now() where workspace_id = $1",
                caller.workspace_id,
                values[column],
            )
    if {"marks", "vip_levels", "large_order_minor"} & values.keys():
        await tx.execute(
            "update conversations set priority = null where workspace_id = $1 and status = 'open'"
            " and queued_at is not null",
            caller.workspace_id,
        )
    await record_audit(tx, caller, "routing.changed", "", {"fields": sorted(values)})
    await wake_routing(tx, caller.workspace_id)


async def _check(tx: Transaction, workspace_id: int, values: dict[str, Any]) -> None:
    marks = values.get("marks")
    if marks is not None and len(set(marks)) != len(marks):
        raise bad_input({"marks": "同一项只能出现一次 / each only once"})
    group = values.get("overflow_group_id")
    known = await tx.fetchval("select 1 from agent_groups where workspace_id = $1 and id = $2", workspace_id, group)
    if group is not None and known is None:
        raise not_found()
    if values.get("overflow_to") == "group":
        before = await tx.fetchval(
            "select overflow_group_id from routing_settings where workspace_id = $1", workspace_id
        )
        if group is None and ("overflow_group_id" in values or before is None):
            raise bad_input({"overflow_group_id": "请选择接手的客服组 / choose the group that helps out"})
