"""What to do next in a conversation that a person has: by rules, from what is stored now."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from yingke.conversations.follow_ups.recognise import Proposed, recognise
from yingke.kit.db import Transaction
from yingke.kit.ids import show_id

Code = Literal[
    "calm_first", "no_liability", "verify_tail", "ask_which_order", "approve_request", "look_at_request", "make_follow_up",
    "do_follow_up",
]  # fmt: skip
ABOUT_ORDERS = ("logistics_shipping", "order_modify", "order_cancel", "return_exchange", "refund", "aftersales_quality_repair", "invoice")  # fmt: skip
MOST = 3
DISCONTENT = 0.6
"""From here on a whole talk leaves the customer discontent, though his last words may be calm."""
_REQUESTS = """
select id, kind, state from order_requests
where workspace_id = $1 and conversation_id = $2 and state in ('waiting_approval', 'failed', 'uncertain') order by id desc limit 3
"""
_PROMISES = """
select m.id, m.text, m.created_at from messages m
where m.workspace_id = $1 and m.conversation_id = $2 and m.author = 'agent' and m.type = 'text' and m.recalled_at is null
  and not exists (select 1 from follow_ups f where f.workspace_id = $1 and f.message_id = m.id)
order by m.seq desc limit 5
"""
_DUE = """
select id, title, due_at from follow_ups
where workspace_id = $1 and conversation_id = $2 and state in ('open', 'doing', 'waiting') order by due_at nulls last, id limit 1
"""


class NextStepView(Struct):
    """`text`: the order number, the kind of the request, what was promised, or the topic; `id`: of the request or follow-up.

    `message_id` and `due_at` with make_follow_up and do_follow_up.
    """

    code: Code
    text: str = ""
    id: str | None = None
    state: str | None = None
    kind: str | None = None
    message_id: str | None = None
    due_at: datetime | None = None


async def next_steps(
    tx: Transaction, workspace_id: int, conversation_id: int, facts: Mapping[str, Any], zone: str
) -> list[NextStepView]:
    """At most three, the most pressing first. `facts` as of now."""
    steps: list[NextStepView] = []
    reason = facts["reason"] or ""
    if reason.startswith("danger"):
        steps.append(NextStepView("no_liability", reason.partition(":")[2]))
    elif facts["mood"] in ("angry", "disappointed") or (facts.get("discontent") or 0) >= DISCONTENT:
        steps.append(NextStepView("calm_first"))
    steps += await _of_requests(tx, workspace_id, conversation_id)
    steps += _of_orders(facts)
    steps += await _of_promises(tx, workspace_id, conversation_id, zone)
    return steps[:MOST]


def _of_orders(facts: Mapping[str, Any]) -> list[NextStepView]:
    if facts["orders"]:
        return []
    if facts["numbers"]:
        return [NextStepView("verify_tail", facts["numbers"][-1]["number"])]
    return [NextStepView("ask_which_order")] if facts["intent"] in ABOUT_ORDERS else []


async def _of_requests(tx: Transaction, workspace_id: int, conversation_id: int) -> list[NextStepView]:
    rows = await tx.fetch(_REQUESTS, workspace_id, conversation_id)
    codes: dict[str, Code] = {"waiting_approval": "approve_request"}
    return [
        NextStepView(
            codes.get(row["state"], "look_at_request"), id=show_id(row["id"]), kind=row["kind"], state=row["state"]
        )
        for row in rows
    ]


async def _of_promises(tx: Transaction, workspace_id: int, conversation_id: int, zone: str) -> list[NextStepView]:
    """A promise that nobody has noted yet; else the follow-up that is due first."""
    for row in await tx.fetch(_PROMISES, workspace_id, conversation_id):
        promised: Proposed | None = recognise(row["text"] or "", row["created_at"], zone)
        if promised is not None:
            step = NextStepView("make_follow_up", promised.title, kind=promised.kind, due_at=promised.due_at)
            step.message_id = show_id(row["id"])
            return [step]
    due = await tx.fetchrow(_DUE, workspace_id, conversation_id)
    if due is None:
        return []
    return [NextStepView("do_follow_up", due["title"], id=show_id(due["id"]), due_at=due["due_at"])]
