"""Groups of agents: what each is for and who belongs to it."""

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input, conflict, not_found
from yingke.kit.events import record_event
from yingke.kit.ids import show_id
from yingke.routing.judge import Group
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller
from yingke.workspaces.wake_routing import wake_routing

MOST_GROUPS = 100


@dataclass(frozen=True)
class GroupWish:
    """`weights`: agent → weight, the whole membership."""

    name: str
    shop_ids: Sequence[int] = ()
    intents: Sequence[str] = ()
    marks: Sequence[str] = ()
    is_fallback: bool = False
    weights: dict[int, int] | None = None


async def load_groups(tx: Transaction, workspace_id: int) -> list[Group]:
    """All groups with their members who may work, by id."""
    rows = await tx.fetch(
        "select g.id, g.name, g.shop_ids, g.intents, g.marks, g.is_fallback,"
        " array_agg(a.id order by a.id) filter (where a.id is not null) as agents,"
        " array_agg(m.weight order by a.id) filter (where a.id is not null) as weights from agent_groups g"
        " left join (agent_group_members m join agents a on a.workspace_id = m.workspace_id and a.id = m.agent_id"
        " and a.disabled_at is null) on m.workspace_id = g.workspace_id and m.group_id = g.id"
        " where g.workspace_id = $1 group by g.workspace_id, g.id order by g.id",
        workspace_id,
    )
    return [
        Group(
            row["id"],
            row["name"],
            frozenset(row["shop_ids"]),
            frozenset(row["intents"]),
            frozenset(row["marks"]),
            row["is_fallback"],
            dict(zip(row["agents"] or (), row["weights"] or (), strict=True)),
        )
        for row in rows
    ]


async def create_group(tx: Transaction, caller: Caller, wish: GroupWish) -> int:
    """Returns its id. Raises 400 for a shop or an agent that is not ours, 409 for a name in use or too many groups."""
    count = await tx.fetchval("select count(*) from agent_groups where workspace_id = $1", caller.workspace_id)
    if count >= MOST_GROUPS:
        raise conflict("too_many_groups", f"最多 {MOST_GROUPS} 个客服组。", f"There may be {MOST_GROUPS} groups.")
    await _check(tx, caller.workspace_id, wish)
    try:
        group_id = await tx.fetchval(
            "insert into agent_groups (workspace_id, name, shop_ids, intents, marks) values ($1, $2, $3, $4, $5)"
            " returning id",
            caller.workspace_id,
            wish.name,
            list(wish.shop_ids),
            list(wish.intents),
            list(wish.marks),
        )
    except asyncpg.UniqueViolationError as error:
        raise _name_taken(wish.name) from error
    await _furnish(tx, caller, int(group_id), wish, "group.created")
    return int(group_id)


async def change_group(tx: Transaction, caller: Caller, group_id: int, wish: GroupWish) -> None:
    """Replaces what the group is for and, where given, who belongs to it. Raises 404 and what `create_group` raises."""
    await _check(tx, caller.workspace_id, wish)
    try:
        found = await tx.fetchval(
            "update agent_groups set name = $3, shop_ids = $4, intents = $5, marks = $6, updated_at = now()"
            " where workspace_id = $1 and id = $2 returning id",
            caller.workspace_id,
            group_id,
            wish.name,
            list(wish.shop_ids),
            list(wish.intents),
            list(wish.marks),
        )
    except asyncpg.UniqueViolationError as error:
        raise _name_taken(wish.name) from error
    if found is None:
        raise not_found()
    await _furnish(tx, caller, group_id, wish, "group.changed")


async def delete_group(tx: Transaction, caller: Caller, group_id: int) -> None:
    """Who waits in its queue is judged again. Raises 404."""
    found = await tx.fetchval(
        "delete from agent_groups where workspace_id = $1 and id = $2 returning name", caller.workspace_id, group_id
    )
    if found is None:
        raise not_found()
    await tx.execute(
        "update conversations set group_id = null where workspace_id = $1 and group_id = $2 and status = 'open'",
        caller.workspace_id,
        group_id,
    )
    await record_audit(tx, caller, "group.deleted", f"group:{show_id(group_id)}", {"name": found})
    await _told(tx, caller, group_id)


async def _furnish(tx: Transaction, caller: Caller, group_id: int, wish: GroupWish, action: str) -> None:
    """One group at most is the fallback; the last to be named wins."""
    await tx.execute(
        "update agent_groups set is_fallback = false where workspace_id = $1 and is_fallback and (id = $2 or $3)",
        caller.workspace_id,
        group_id,
        wish.is_fallback,
    )
    if wish.is_fallback:
        await tx.execute(
            "update agent_groups set is_fallback = true where workspace_id = $1 and id = $2",
            caller.workspace_id,
            group_id,
        )
    if wish.weights is not None:
        await tx.execute(
            "delete from agent_group_members where workspace_id = $1 and group_id = $2", caller.workspace_id, group_id
        )
        await tx.execute(
            "insert into agent_group_members (workspace_id, group_id, agent_id, weight)"
            " select $1, $2, * from unnest($3::bigint[], $4::smallint[])",
            caller.workspace_id,
            group_id,
            list(wish.weights),
            list(wish.weights.values()),
        )
    data = {"name": wish.name, "members": len(wish.weights or ())}
    await record_audit(tx, caller, action, f"group:{show_id(group_id)}", data)
    await _told(tx, caller, group_id)


async def _told(tx: Transaction, caller: Caller, group_id: int) -> None:
    await tx.execute(
        "update conversations set priority = null where workspace_id = $1 and status = 'open' and queued_at is not null",
        caller.workspace_id,
    )
    await record_event(tx, caller.workspace_id, "group_updated", {"group_id": show_id(group_id)})
    await wake_routing(tx, caller.workspace_id)


async def _check(tx: Transaction, workspace_id: int, wish: GroupWish) -> None:
    shops = await tx.fetchval(
        "select count(*) from shops where workspace_id = $1 and id = any($2)", workspace_id, list(wish.shop_ids)
    )
    if shops != len(set(wish.shop_ids)):
        raise bad_input({"shop_ids": "没有这家店铺 / no such shop"})
    agents = await tx.fetchval(
        "select count(*) from agents where workspace_id = $1 and id = any($2)", workspace_id, list(wish.weights or ())
    )
    if agents != len(wish.weights or ()):
        raise bad_input({"members": "没有这位客服 / no such agent"})


def _name_taken(name: str) -> Exception:
    return conflict("name_taken", f"已经有名为“{name}”的客服组。", f"There is a group called “{name}” already.")
