"""The lists of a workspace: one is live, one may be a draft, every list that was live stays to go back to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from yingke.kit.db import JsonList, Transaction
from yingke.kit.errors import bad_input, conflict, not_found
from yingke.kit.events import record_event
from yingke.kit.ids import show_id
from yingke.routing.rules.rule import Rule, Rules
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller

_COLUMNS = "id, number, state, rules, note, made_by, made_at, live_at"


@dataclass(frozen=True)
class Listed:
    id: int
    number: int
    state: str
    rules: list[Rule]
    note: str
    made_by: int | None
    made_at: datetime
    live_at: datetime | None


async def live_rules(tx: Transaction, workspace_id: int) -> list[Rule]:
    """Empty while nothing was ever switched on."""
    stored = await tx.fetchval("select rules from rule_lists where workspace_id = $1 and state = 'live'", workspace_id)
    return read_rules(stored or [])


async def find_list(tx: Transaction, workspace_id: int, state: str) -> Listed | None:
    """The live one, or the draft."""
    row = await tx.fetchrow(
        f"select {_COLUMNS} from rule_lists where workspace_id = $1 and state = $2", workspace_id, state
    )
    return _listed(row) if row is not None else None


async def list_lists(tx: Transaction, workspace_id: int, limit: int = 50) -> list[Listed]:
    """The newest first; the draft is not among them."""
    rows = await tx.fetch(
        f"select {_COLUMNS} from rule_lists where workspace_id = $1 and state <> 'draft' order by number desc limit $2",
        workspace_id,
        limit,
    )
    return [_listed(row) for row in rows]


async def save_draft(tx: Transaction, caller: Caller, rules: list[Rule]) -> Listed:
    """Replaces the draft, or begins one. Raises 400 for a group that is not there and for two rules of one id."""
    await _check(tx, caller.workspace_id, rules)
    row = await tx.fetchrow(
        "insert into rule_lists (workspace_id, number, state, rules, made_by)"
        " select $1, coalesce(max(number), 0) + 1, 'draft', $2, $3 from rule_lists where workspace_id = $1"
        " on conflict (workspace_id) where state = 'draft'"
        f" do update set rules = excluded.rules, made_by = excluded.made_by, made_at = now() returning {_COLUMNS}",
        caller.workspace_id,
        JsonList(msgspec.to_builtins(rules)),
        caller.agent_id,
    )
    assert row is not None
    return _listed(row)


async def drop_draft(tx: Transaction, caller: Caller) -> None:
    """What is live stays as it is."""
    await tx.execute("delete from rule_lists where workspace_id = $1 and state = 'draft'", caller.workspace_id)


async def go_live(tx: Transaction, caller: Caller, note: str = "") -> Listed:
    """The draft takes over; holds in every process within five seconds. Raises 409 without a draft."""
    draft = await find_list(tx, caller.workspace_id, "draft")
    if draft is None:
        raise conflict("no_draft", "没有可以启用的草稿。", "There is no draft to switch on.")
    await _check(tx, caller.workspace_id, draft.rules)
    return await _switch(tx, caller, draft.id, note)


async def roll_back(tx: Transaction, caller: Caller, list_id: int) -> Listed:
    """An earlier list is live again, as a list of its own. Raises 404."""
    row = await tx.fetchrow(
        "select rules, number from rule_lists where workspace_id = $1 and id = $2 and state <> 'draft'",
        caller.workspace_id,
        list_id,
    )
    if row is None:
        raise not_found()
    new_id = await tx.fetchval(
        "insert into rule_lists (workspace_id, number, state, rules, made_by)"
        " select $1, max(number) + 1, 'past', $2, $3 from rule_lists where workspace_id = $1 returning id",
        caller.workspace_id,
        JsonList(row["rules"]),
        caller.agent_id,
    )
    return await _switch(tx, caller, new_id, f"← {row['number']}")


async def _switch(tx: Transaction, caller: Caller, list_id: int, note: str) -> Listed:
    await tx.execute(
        "update rule_lists set state = 'past' where workspace_id = $1 and state = 'live'", caller.workspace_id
    )
    row = await tx.fetchrow(
        f"update rule_lists set state = 'live', live_at = now(), note = $3, made_by = $4"
        f" where workspace_id = $1 and id = $2 returning {_COLUMNS}",
        caller.workspace_id,
        list_id,
        note[:200],
        caller.agent_id,
    )
    assert row is not None
    data = {"list_id": show_id(list_id), "number": row["number"]}
    await record_audit(tx, caller, "rules.changed", f"rules:{list_id}", data)
    await record_event(tx, caller.workspace_id, "rules_changed", data)
    return _listed(row)


async def _check(tx: Transaction, workspace_id: int, rules: list[Rule]) -> None:
    ids = [rule.id for rule in rules]
    if len(ids) != len(set(ids)):
        raise bad_input({"rules": "规则编号重复 / two rules of one id"})
    groups = {rule.group_id for rule in rules if rule.group_id is not None}
    if not groups:
        return
    if not all(one.isdecimal() for one in groups):
        raise bad_input({"rules": "没有这个客服组 / no such group"})
    known = await tx.fetch(
        "select id from agent_groups where workspace_id = $1 and id = any($2)",
        workspace_id,
        [int(one) for one in groups],
    )
    if len(known) < len(groups):
        raise bad_input({"rules": "没有这个客服组 / no such group"})


def read_rules(stored: list[Any]) -> list[Rule]:
    """What this release understands; a condition of a later one switches its rule off instead of breaking all."""
    found = []
    for one in stored:
        try:
            found.append(msgspec.convert(one, Rule))
        except msgspec.ValidationError:
            continue
    return found


def check_rules(given: Any) -> list[Rule]:
    """Raises the 400 Problem that names what is wrong."""
    try:
        return msgspec.convert(given, Rules)
    except msgspec.ValidationError as error:
        raise bad_input({"rules": f"规则不完整 / {error}"}) from error


def _listed(row: Any) -> Listed:
    return Listed(**{**dict(row), "rules": read_rules(row["rules"])})
