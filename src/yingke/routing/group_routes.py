"""HTTP: groups of agents, and how much each agent takes."""

from typing import Annotated, Any

from litestar import Request, Response, delete, get, post, put
from msgspec import Meta, Struct

from yingke.kit.db import Database, Transaction
from yingke.kit.errors import not_found
from yingke.kit.ids import read_id, show_id
from yingke.kit.text import clean_line
from yingke.routing.groups import GroupWish, change_group, create_group, delete_group, load_groups
from yingke.routing.judge import Group
from yingke.routing.queue_rules import Mark
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller
from yingke.workspaces.creating import IdempotencyKey, create_once
from yingke.workspaces.require import require
from yingke.workspaces.shapes import Page
from yingke.workspaces.wake_routing import wake_routing

READ = [require(role="agent", scope="conversations:read")]
ADMIN = [require(role="admin")]
TAGS = ["routing"]
Intent = Annotated[str, Meta(pattern="^[a-z_]{1,40}$")]


class MemberView(Struct):
    """`weight`: gets so many times as many conversations as a weight of 1."""

    agent_id: str
    weight: Annotated[int, Meta(ge=1, le=10)] = 1


class GroupBody(Struct):
    """Empty `shop_ids`, `intents` and `marks` ask for nothing. `members` is the whole membership."""

    name: Annotated[str, Meta(min_length=1, max_length=40)]
    members: Annotated[list[MemberView], Meta(max_length=500)] = []
    shop_ids: Annotated[list[str], Meta(max_length=200)] = []
    intents: Annotated[list[Intent], Meta(max_length=50)] = []
    marks: Annotated[list[Mark], Meta(max_length=10)] = []
    is_fallback: bool = False


class GroupView(Struct):
    id: str
    name: str
    members: list[MemberView]
    shop_ids: list[str]
    intents: list[str]
    marks: list[Mark]
    is_fallback: bool


class Capacity(Struct):
    """How many conversations at once; null = the default of the workspace."""

    most_open: Annotated[int, Meta(ge=1, le=200)] | None


class CapacityView(Struct):
    agent_id: str
    most_open: int | None


@get("/v1/groups", guards=READ, tags=TAGS)
async def get_groups(db: Database, caller: Caller) -> Page[GroupView]:
    async with db.transaction(caller.workspace_id) as tx:
        return Page([_view(group) for group in await load_groups(tx, caller.workspace_id)], None)


@post("/v1/groups", guards=ADMIN, tags=TAGS)
async def post_group(
    data: GroupBody,
    request: Request[Any, Any, Any],
    db: Database,
    caller: Caller,
    idempotency_key: IdempotencyKey = None,
) -> Response[GroupView]:
    async def work(tx: Transaction) -> GroupView:
        group_id = await create_group(tx, caller, _wish(data))
        return await _one(tx, caller, group_id)

    return await create_once(db, caller, request, data, GroupView, work)


@put("/v1/groups/{id:str}", guards=ADMIN, tags=TAGS)
async def put_group(id: str, data: GroupBody, db: Database, caller: Caller) -> GroupView:
    group_id = read_id(id)
    async with db.transaction(caller.workspace_id) as tx:
        await change_group(tx, caller, group_id, _wish(data))
        return await _one(tx, caller, group_id)


@delete("/v1/groups/{id:str}", guards=ADMIN, tags=TAGS)
async def remove_group(id: str, db: Database, caller: Caller) -> None:
    async with db.transaction(caller.workspace_id) as tx:
        await delete_group(tx, caller, read_id(id))


@get("/v1/capacities", guards=READ, tags=TAGS)
async def get_capacities(db: Database, caller: Caller) -> Page[CapacityView]:
    """Agents for whom something else than the default holds."""
    async with db.transaction(caller.workspace_id) as tx:
        rows = await tx.fetch(
            "select agent_id, most_open from agent_loads where workspace_id = $1 and most_open is not null"
            " order by agent_id limit 1000",
            caller.workspace_id,
        )
    return Page([CapacityView(show_id(row["agent_id"]), row["most_open"]) for row in rows], None)


@put("/v1/agents/{id:str}/capacity", guards=ADMIN, tags=TAGS)
async def put_capacity(id: str, data: Capacity, db: Database, caller: Caller) -> CapacityView:
    agent_id = read_id(id)
    async with db.transaction(caller.workspace_id) as tx:
        known = await tx.fetchval(
            "select 1 from agents where workspace_id = $1 and id = $2", caller.workspace_id, agent_id
        )
        if known is None:
            raise not_found()
        await tx.execute(
            "insert into agent_loads (workspace_id, agent_id, most_open) values ($1, $2, $3)"
            " on conflict (workspace_id, agent_id) do update set most_open = excluded.most_open",
            caller.workspace_id,
            agent_id,
            data.most_open,
        )
        await record_audit(tx, caller, "agent.capacity_changed", f"agent:{id}", {"most_open": data.most_open})
        await wake_routing(tx, caller.workspace_id)
    return CapacityView(id, data.most_open)


def _wish(data: GroupBody) -> GroupWish:
    return GroupWish(
        clean_line(data.name, 40, field="name", min_chars=1),
        [read_id(one) for one in data.shop_ids],
        data.intents,
        data.marks,
        data.is_fallback,
        {read_id(one.agent_id): one.weight for one in data.members},
    )


async def _one(tx: Transaction, caller: Caller, group_id: int) -> GroupView:
    groups = await load_groups(tx, caller.workspace_id)
    return next(_view(group) for group in groups if group.id == group_id)


def _view(group: Group) -> GroupView:
    return GroupView(
        show_id(group.id),
        group.name,
        [MemberView(show_id(agent_id), weight) for agent_id, weight in group.weights.items()],
        [show_id(shop_id) for shop_id in sorted(group.shop_ids)],
        sorted(group.intents),
        sorted(group.marks),  # type: ignore[arg-type]
        group.is_fallback,
    )


ROUTES = [get_groups, post_group, put_group, remove_group, get_capacities, put_capacity]
