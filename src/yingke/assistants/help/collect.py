"""What is known of a conversation when a person gets it: read from what is stored, by rules, without a model."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, get_args

from yingke.assistants.mood.labels import Label
from yingke.commerce.order_numbers import find_order_numbers, number_key
from yingke.commerce.orders.load_orders import load_orders
from yingke.commerce.orders.open_order import open_orders
from yingke.kit.db import Transaction

MOODS = get_args(Label)
"""The worst last."""
MOST_MESSAGES = 200
MOST_QUESTIONS = 3
MOST_ORDERS = 5
MOST_PRODUCTS = 5
_SHORTEST_QUESTION = 2

_MESSAGES = """
select seq, author, type, text, payload, trace_id, recalled_at is not null as is_recalled from messages
where workspace_id = $1 and conversation_id = $2 order by seq desc limit $3
"""
_STARTS = """
select coalesce(max(seq), 0) from messages
where workspace_id = $1 and conversation_id = $2 and author = 'system' and payload->>'code' in ('handed_back', 'reopened')
"""
_LINKED = """
select order_id from order_links where workspace_id = $1 and conversation_id = $2 and how <> 'bought_after'
order by created_at desc limit 10
"""
_TRACES = "select data->'tools' as tools from traces where workspace_id = $1 and id = any($2)"


@dataclass(frozen=True, slots=True)
class Collected:
    """`through_seq`: the last message that was read. `facts` as in the column."""

    generation: int
    through_seq: int
    starts_after: int
    facts: dict[str, Any]


async def collect(tx: Transaction, workspace_id: int, conversation_id: int) -> Collected | None:
    """The facts as of now; None for a conversation that is not there.

    {intent, questions: [seq], orders: [{id, how}], numbers: [{number, seq}], products: [{id, title, seq}], answers,
    unanswered: [seq], tools: [{name, outcome, times}], mood, discontent (0..1 or None), trend, reason, open: [seq]}
    """
    talk = await tx.fetchrow(
        "select generation, last_seq, answered_through_seq, understood, hand_off_reason from conversations"
        " where workspace_id = $1 and id = $2",
        workspace_id,
        conversation_id,
    )
    if talk is None:
        return None
    starts_after = await tx.fetchval(_STARTS, workspace_id, conversation_id)
    rows = await tx.fetch(_MESSAGES, workspace_id, conversation_id, MOST_MESSAGES)
    rows.reverse()
    said = [row for row in rows if row["author"] == "contact" and not row["is_recalled"]]
    answers = [row for row in rows if row["author"] == "assistant"]
    orders, numbers = await _orders(tx, workspace_id, conversation_id, said)
    understood = talk["understood"] or {}
    facts = {
        "intent": understood.get("intent"),
        "questions": _questions(said),
        "orders": orders,
        "numbers": numbers,
        "products": _products(rows),
        "answers": len(answers),
        "unanswered": _unanswered(rows),
        "tools": await _tools(tx, workspace_id, answers),
        "mood": understood.get("mood"),
        "discontent": understood.get("discontent"),
        "trend": trend([label for _, label in understood.get("moods", [])]),
        "reason": talk["hand_off_reason"],
        "open": [row["seq"] for row in said if row["seq"] > talk["answered_through_seq"]][-MOST_QUESTIONS:],
    }
    return Collected(talk["generation"], talk["last_seq"], starts_after, facts)


def trend(moods: list[str]) -> str | None:
    """Whether the last message sounds better or worse than the worst or best before it; None with nothing to compare."""
    if len(moods) < 2:
        return None
    places = [MOODS.index(one) for one in moods if one in MOODS]
    if len(places) < 2:
        return None
    before, now = sum(places[:-1]) / (len(places) - 1), places[-1]
    if abs(now - before) < 0.5:
        return "same"
    return "worse" if now > before else "better"


def _questions(said: list[Any]) -> list[int]:
    """The last things asked; a bare 好的 or a phone's tail is no question, unless nothing else was said."""
    texts = [row for row in said if row["type"] == "text" and row["text"]]
    telling = [row for row in texts if _is_telling(row["text"])]
    return [row["seq"] for row in (telling or texts)[-MOST_QUESTIONS:]]


def _is_telling(text: str) -> bool:
    letters = [mark for mark in text if mark.isalpha()]
    return len(letters) > _SHORTEST_QUESTION and text.strip() not in _BARE


_BARE = frozenset(("你好", "您好", "在吗", "好的", "谢谢", "转人工", "人工", "人工客服", "嗯嗯", "hello", "thanks"))


async def _orders(
    tx: Transaction, workspace_id: int, conversation_id: int, said: list[Any]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Orders that are open here or linked by hand, and numbers the customer named that are none of them."""
    opened = await open_orders(tx, workspace_id, conversation_id)
    linked_ids = [row["order_id"] for row in await tx.fetch(_LINKED, workspace_id, conversation_id)]
    linked = await load_orders(tx, workspace_id, linked_ids)
    named = {
        number_key(number): (number, row["seq"]) for row in said for number in find_order_numbers(row["text"] or "")
    }
    shown = {one.id: "linked" for one in linked}
    keys = {number_key(one.number): one.id for one in [*opened, *linked]}
    spoken_of = [keys[key] for key in named if key in keys]
    of_customer = [one.id for one in opened]
    wanted = list(dict.fromkeys([*spoken_of, *shown, *of_customer]))[: MOST_ORDERS if spoken_of or shown else 1]
    numbers = [{"number": number, "seq": seq} for key, (number, seq) in named.items() if key not in keys]
    return [{"id": one, "how": shown.get(one, "open")} for one in wanted], numbers[-MOST_ORDERS:]


def _products(rows: list[Any]) -> list[dict[str, Any]]:
    """What was shown as cards, the newest first."""
    found: dict[str, dict[str, Any]] = {}
    for row in reversed(rows):
        for card in (row["payload"] or {}).get("cards") or []:
            if card.get("kind") == "product":
                one = {"id": card["product_id"], "title": card["title"], "seq": row["seq"]}
                found.setdefault(card["product_id"], one)
    return list(found.values())[:MOST_PRODUCTS]


def _unanswered(rows: list[Any]) -> list[int]:
    """Messages of the contact right before an answer that was none."""
    found = []
    last = None
    for row in rows:
        if row["author"] == "contact":
            last = row["seq"]
        elif row["author"] == "assistant" and (row["payload"] or {}).get("unanswered") and last is not None:
            found.append(last)
    return found[-MOST_QUESTIONS:]


async def _tools(tx: Transaction, workspace_id: int, answers: list[Any]) -> list[dict[str, Any]]:
    traces = [row["trace_id"] for row in answers if row["trace_id"] is not None]
    counts: Counter[tuple[str, str]] = Counter()
    for row in await tx.fetch(_TRACES, workspace_id, traces):
        counts.update((one[0], one[1]) for one in row["tools"] or [])
    return [{"name": name, "outcome": outcome, "times": times} for (name, outcome), times in counts.items()]
