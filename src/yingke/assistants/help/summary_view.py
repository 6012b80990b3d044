"""The summary as an agent reads it: places in the talk become words, ids become orders, what is gone is left out."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from yingke.assistants.help.collect import collect
from yingke.assistants.help.next_steps import NextStepView, next_steps
from yingke.assistants.help.summarise import Summary, ensure_summary
from yingke.assistants.help.told_before import ToldView, told_before
from yingke.commerce.money import show_money
from yingke.commerce.orders.load_orders import load_orders
from yingke.kit.db import Transaction
from yingke.kit.errors import not_found
from yingke.kit.ids import show_id

LONGEST_SAID = 120


class SaidView(Struct):
    """A message of the contact, shortened."""

    seq: int
    text: str


class SummaryOrder(Struct):
    """`how`: open (shown to be the customer's, or his own) or linked by hand. `items`: the first articles."""

    id: str
    number: str
    state: str
    total: str
    items: list[str]
    how: str


class SummaryNumber(Struct):
    """An order number that the contact named and nobody has verified."""

    number: str
    seq: int


class SummaryProduct(Struct):
    id: str
    title: str
    seq: int


class SummaryTool(Struct):
    """`outcome`: ok, or the code of what went wrong."""

    name: str
    outcome: str
    times: int


class SummaryView(Struct):
    """`is_kept` false: the assistant has the conversation, this is a look at it. `words`: two sentences by a model, or
    empty. Intent, mood and its `trend` (better, worse, same) as of now: the last message is understood a moment later. `has_phone` and `has_email`: on the contact. Codes as elsewhere."""

    conversation_id: str
    through_seq: int
    is_kept: bool
    created_at: datetime | None
    reason: str | None
    intent: str | None
    questions: list[SaidView]
    orders: list[SummaryOrder]
    numbers: list[SummaryNumber]
    products: list[SummaryProduct]
    collected: list[ToldView]
    level: str | None
    has_phone: bool
    has_email: bool
    answers: int
    unanswered: list[SaidView]
    tools: list[SummaryTool]
    mood: str | None
    trend: str | None
    open: list[SaidView]
    words: str
    note: str
    noted_by: str | None
    next_steps: list[NextStepView]


async def view_summary(tx: Transaction, workspace_id: int, conversation_id: int, language: str) -> SummaryView:
    """Makes it if nobody has; amounts as the reader's `language` writes them. The next steps are as of now. Raises 404."""
    made = await ensure_summary(tx, workspace_id, conversation_id)
    now = await collect(tx, workspace_id, conversation_id)
    if made is None or now is None:
        raise not_found()
    facts = made.facts
    said = await _said(tx, workspace_id, conversation_id, made)
    contact = await _contact(tx, workspace_id, conversation_id)
    name = await tx.fetchval(
        "select work_name from agents where workspace_id = $1 and id = $2", workspace_id, made.noted_by
    )
    steps = await next_steps(tx, workspace_id, conversation_id, now.facts, contact["time_zone"])
    return SummaryView(
        conversation_id=show_id(conversation_id),
        through_seq=made.through_seq,
        is_kept=made.created_at is not None,
        created_at=made.created_at,
        reason=facts["reason"],
        intent=now.facts["intent"],
        questions=[said[seq] for seq in facts["questions"] if seq in said],
        orders=await _orders(tx, workspace_id, now.facts["orders"], language),
        numbers=[SummaryNumber(**one) for one in now.facts["numbers"]],
        products=[SummaryProduct(**one) for one in facts["products"]],
        collected=await told_before(tx, workspace_id, conversation_id),
        level=contact["level"],
        has_phone=bool(contact["phone"]),
        has_email=bool(contact["email"]),
        answers=facts["answers"],
        unanswered=[said[seq] for seq in facts["unanswered"] if seq in said],
        tools=[SummaryTool(**one) for one in facts["tools"]],
        mood=now.facts["mood"],
        trend=now.facts["trend"],
        open=[said[seq] for seq in facts["open"] if seq in said],
        words=made.words,
        note=made.note,
        noted_by=name,
        next_steps=steps,
    )


async def _said(tx: Transaction, workspace_id: int, conversation_id: int, made: Summary) -> dict[int, SaidView]:
    places = {*made.facts["questions"], *made.facts["unanswered"], *made.facts["open"]}
    rows = await tx.fetch(
        "select seq, text, type from messages where workspace_id = $1 and conversation_id = $2 and seq = any($3)"
        " and recalled_at is null",
        workspace_id,
        conversation_id,
        sorted(places),
    )
    return {row["seq"]: SaidView(row["seq"], (row["text"] or f"[{row['type']}]")[:LONGEST_SAID]) for row in rows}


async def _contact(tx: Transaction, workspace_id: int, conversation_id: int) -> Any:
    return await tx.fetchrow(
        "select k.level, k.phone, k.email, w.time_zone from conversations c"
        " join identities i on i.workspace_id = c.workspace_id and i.id = c.identity_id"
        " join contacts k on k.workspace_id = i.workspace_id and k.id = i.contact_id"
        " join workspaces w on w.id = c.workspace_id where c.workspace_id = $1 and c.id = $2",
        workspace_id,
        conversation_id,
    )


async def _orders(tx: Transaction, workspace_id: int, known: list[dict[str, Any]], language: str) -> list[SummaryOrder]:
    how = {one["id"]: one["how"] for one in known}
    return [
        SummaryOrder(
            id=show_id(one.id),
            number=one.number,
            state=one.state,
            total=show_money(one.total_minor, one.currency, language),
            items=[f"{item.title} ×{item.quantity}" for item in one.items[:3]],
            how=how[one.id],
        )
        for one in await load_orders(tx, workspace_id, list(how))
    ]
