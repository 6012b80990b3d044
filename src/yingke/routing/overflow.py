"""Somebody has waited too long, or too many wait: another group helps out, the assistant fills the time, or word is left."""

from collections.abc import Sequence

import asyncpg

from yingke.conversations.locked import Change, add_message, lock_conversation, owe_answer
from yingke.kit.db import Transaction
from yingke.kit.events import record_event
from yingke.kit.ids import show_id
from yingke.kit.tongues.tongue import in_tongue
from yingke.routing.modes import load_mode, mode_at
from yingke.routing.queue_rules import QueueRules, load_rules
from yingke.routing.staffing import staffing

AT_ONCE = 50
_WORDS = {
    "message": (
        "等待的人较多，您可以继续等，也可以留言，我们会尽快联系您。",
        "It is taking longer than usual. You can keep waiting or leave a message, and we will get back to you.",
    ),
    "assistant": (
        "等待的人较多，AI 客服先继续为您解答；您的排队位置保留，轮到时人工会接入。",
        "It is taking longer than usual. The AI goes on helping; you keep your place, and a person joins when it is your turn.",
    ),
}


async def overflow(tx: Transaction, workspace_id: int) -> list[Change]:
    """What the settings say becomes of long waits, once for each conversation. Returns what changed hands.

    Only while the shop is open: at night everybody waits for the morning and has been told so.
    """
    rules = await load_rules(tx, workspace_id)
    changes = []
    open_shops: dict[int, bool] = {}
    speaking: dict[int, bool] = {}
    for found in await _list_long(tx, workspace_id, rules):
        row = await lock_conversation(tx, workspace_id, found["id"])
        if row["status"] != "open" or row["handled_by"] != "queue" or row["queued_at"] is None:
            continue
        shop = row["shop_id"]
        if shop not in open_shops:
            open_shops[shop] = (await staffing(tx, workspace_id, shop)).is_open
            speaking[shop] = await _may_assistant_speak(tx, workspace_id, shop)
        if open_shops[shop]:
            changes.append(await _lead_on(tx, row, rules, found["has_assistant"] and speaking[shop]))
    return changes


async def _may_assistant_speak(tx: Transaction, workspace_id: int, shop_id: int) -> bool:
    """Not where the assistant only helps people."""
    mode = mode_at(await load_mode(tx, workspace_id, shop_id), await tx.fetchval("select now()"))
    return mode != "assistant_suggests"


async def _list_long(tx: Transaction, workspace_id: int, rules: QueueRules) -> Sequence[asyncpg.Record]:
    rows: Sequence[asyncpg.Record] = await tx.fetch(
        "select id, has_assistant from (select c.id, c.queued_at, c.overflow, c.handled_by,"
        " coalesce(s.assistant->>'enabled', 'true') = 'true' as has_assistant, row_number() over (partition by"
        " c.group_id, case when c.group_id is null then c.shop_id end order by c.queued_at"
        " - make_interval(mins => coalesce(c.priority, 0) * $2::int), c.id) as place from conversations c"
        " join shops s on s.workspace_id = c.workspace_id and s.id = c.shop_id where c.workspace_id = $1"
        " and c.status = 'open' and c.queued_at is not null) w where w.overflow is null and w.handled_by = 'queue'"
        " and (w.queued_at < now() - make_interval(mins => $3::int) or w.place > $4::int) order by w.id limit $5",
        workspace_id,
        rules.step_minutes,
        rules.overflow_minutes,
        rules.overflow_length,
        AT_ONCE,
    )
    return rows


async def _lead_on(tx: Transaction, row: asyncpg.Record, rules: QueueRules, has_assistant: bool) -> Change:
    if rules.overflow_to == "group" and rules.overflow_group_id is not None:
        return await _to_group(tx, row, rules.overflow_group_id)
    kind = "assistant" if rules.overflow_to == "assistant" and has_assistant else "message"
    seq = row["last_seq"] + 1
    text = in_tongue(f"overflow_{kind}", row["language"], *_WORDS[kind])
    payload = {"code": f"overflow_{kind}"}
    await add_message(tx, row, seq, author="system", type="system", text=text, payload=payload)
    await tx.execute(
        "update conversations set last_seq = $2, overflow = $3, handled_by = case when $3 = 'assistant' then 'assistant'"
        " else handled_by end, generation = generation + case when $3 = 'assistant' then 1 else 0 end where id = $1",
        row["id"],
        seq,
        kind,
    )
    await _tell(tx, row, kind, seq)
    if kind == "assistant":
        await owe_answer(tx, row)
        return Change(row["id"], "assistant", row["generation"] + 1, seq)
    return Change(row["id"], "queue", row["generation"], seq)


async def _to_group(tx: Transaction, row: asyncpg.Record, group_id: int) -> Change:
    await tx.execute(
        "update conversations set overflow = 'group', group_id = $2, priority = null,"
        " assignment = coalesce(assignment, '{}') || '{\"is_fixed\": true}' where id = $1",
        row["id"],
        group_id,
    )
    await _tell(tx, row, "group", row["last_seq"], group_id)
    return Change(row["id"], "queue", row["generation"], row["last_seq"], False)


async def _tell(tx: Transaction, row: asyncpg.Record, kind: str, seq: int, group_id: int | None = None) -> None:
    data = {"to": kind, "shop_id": show_id(row["shop_id"])}
    if group_id is not None:
        data["group_id"] = show_id(group_id)
    await record_event(tx, row["workspace_id"], "conversation_overflowed", data, conversation_id=row["id"], seq=seq)
