"""Gives waiting conversations to agents who have room: the most urgent first, to the one with the least in hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import asyncpg

from yingke.conversations.locked import Change
from yingke.kit.db import Transaction
from yingke.routing.give import give
from yingke.routing.groups import load_groups
from yingke.routing.hands import Hand, choose_hand, load_hands
from yingke.routing.judge import Group
from yingke.routing.queue_rules import QueueRules, load_rules
from yingke.routing.sort_waiting import sort_waiting

LOOKED_AT, GIVEN_AT_ONCE = 300, 50
MOST_PASSES = 2
REST_MINUTES = 3
"""After two agents let it lapse a conversation is not given again for so long; anybody may take it."""
_LOCK = 7391204600

IN_ORDER = "queued_at - make_interval(mins => coalesce(priority, 0) * $2::int), id"
"""A step of priority is a head start of $2 minutes: whoever waits long enough comes first, so nobody starves."""


async def lock_queue(tx: Transaction, workspace_id: int) -> None:
    """One assignment of a workspace at a time. Whoever holds it waits for no conversation (skip locked)."""
    await tx.execute("select pg_advisory_xact_lock($1)", _LOCK * 2**20 + workspace_id)


async def list_due(tx: Transaction, workspace_id: int, rules: QueueRules, limit: int) -> list[asyncpg.Record]:
    """Who waits, in the order in which it is their turn; `passed` are agents who let it lapse a moment ago."""
    rows = await tx.fetch(
        "select id, shop_id, group_id, case when (assignment->>'passed_until')::timestamptz > now()"
        " then assignment->'passed' end as passed from conversations where workspace_id = $1 and status = 'open' and queued_at is not null"
        " and not coalesce((assignment->>'rests_until')::timestamptz > now(), false)"
        f" order by {IN_ORDER} limit $3",
        workspace_id,
        rules.step_minutes,
        limit,
    )
    return list(rows)


async def assign_waiting(tx: Transaction, workspace_id: int) -> list[Change]:
    """Sorts the queue and, where conversations are given out, gives what there is room for: at most 50 a call.

    Never two owners (row locks), never above an agent's limit (counted under his lock). Idempotent.
    """
    await lock_queue(tx, workspace_id)
    rules = await load_rules(tx, workspace_id)
    groups = await load_groups(tx, workspace_id) if rules.has_groups else []
    await sort_waiting(tx, workspace_id, rules, groups)
    if not rules.pushes:
        return []
    hands = await load_hands(tx, workspace_id, rules)
    if not any(hand.has_room for hand in hands):
        return []
    return await _give_out(tx, workspace_id, rules, groups, hands)


async def _give_out(
    tx: Transaction, workspace_id: int, rules: QueueRules, groups: Sequence[Group], hands: list[Hand]
) -> list[Change]:
    by_id = {group.id: group for group in groups}
    fallback = next((group for group in groups if group.is_fallback), None)
    given: list[Change] = []
    for row in await list_due(tx, workspace_id, rules, LOOKED_AT):
        choice = choose_hand(hands, row["shop_id"], by_id.get(row["group_id"]), fallback, row["passed"] or ())
        if choice.hand is None:
            continue
        why = {"by": "push", "of": choice.candidates, "source": choice.source}
        change = await give(tx, workspace_id, row["id"], choice.hand.agent_id, rules, why)
        if change is None:
            continue
        given.append(change)
        hands = [_loaded(hand) if hand.agent_id == choice.hand.agent_id else hand for hand in hands]
        if len(given) >= GIVEN_AT_ONCE or not any(hand.has_room for hand in hands):
            break
    return given


def _loaded(hand: Hand) -> Hand:
    return replace(hand, has=hand.has + 1, given_at=datetime.now(UTC))
