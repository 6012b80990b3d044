"""The job that notes a lead for the sellers: once a conversation, looked at again when more is told."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg

from yingke.assistants.leads.judge_lead import Heard, Lead, judge_lead
from yingke.assistants.told.read_told import mask_detail, read_told
from yingke.conversations.follow_ups.follow_up import ENDED, Item, change_follow_up, open_follow_up
from yingke.kit.db import Database, Transaction
from yingke.kit.jobs import Job
from yingke.kit.redact import mask

WITHIN = {"hot": timedelta(hours=1), "good": timedelta(hours=24)}
MOST_MESSAGES, MOST_PRODUCTS = 60, 3
REACHES = ("phone", "wechat", "email")
UPSET = ("angry", "disappointed")
LONGEST_TITLE = 80
LONGEST_TEXT = 1_000
NAMELESS = "客户留了联系方式"
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]+")
_TALK = """
select i.contact_id, c.understood->>'mood' as mood, c.understood->>'intent' as intent, k.no_contact_since is not null as wants_none,
  coalesce(k.phone, k.email) is not null as is_on_file
from conversations c join identities i on i.workspace_id = c.workspace_id and i.id = c.identity_id
join contacts k on k.workspace_id = i.workspace_id and k.id = i.contact_id
where c.workspace_id = $1 and c.id = $2
"""
_SAID = """
select left(text, $4) as text from messages where workspace_id = $1 and conversation_id = $2 and author = 'contact' and type = 'text'
  and recalled_at is null and text is not null order by seq desc limit $3
"""
_INTENTS = """
select data->'intent'->>0 as label, (data->'intent'->>1)::float as sure from traces
where workspace_id = $1 and conversation_id = $2 and data ? 'intent' order by id desc limit $3
"""
_CARDS = """
select card->>'title' as title from (select payload, seq from messages where workspace_id = $1 and conversation_id = $2
  and author = 'assistant' and payload ? 'cards' order by seq desc limit $3) m
  cross join lateral jsonb_array_elements(m.payload->'cards') card where card->>'kind' = 'product' order by m.seq desc
"""
_TOLD = """
select d.kind, d.reason, d.conversation_id = $3 as is_here from identities i
join told_details d on d.workspace_id = i.workspace_id and d.identity_id = i.id where i.workspace_id = $1 and i.contact_id = $2
"""
_LOCK = "select pg_advisory_xact_lock(hashtextextended($1, 3))"
_THERE = """
select * from follow_ups where workspace_id = $1 and conversation_id = $2 and (lead is not null or kind = 'lead'
  or state in ('open', 'doing', 'waiting') and kind in ('reply', 'call_back') and created_by is null)
order by lead is not null desc, kind = 'lead' desc, id limit 1 for update
"""
_GROUP = """
select id from agent_groups where workspace_id = $1
  and intents && array['product_consult', 'price_promotion', 'stock_availability'] order by cardinality(intents), id limit 1
"""


async def note_lead(db: Database, job: Job) -> None:
    """The job, for the conversation that its `ref` begins with. Done twice it changes nothing; what people are done with,
    or say is no lead, is left."""
    conversation_id = int(job.ref.split(":")[0])
    async with db.transaction(job.workspace_id) as tx:
        # Before anything is read: of two at once the later one knows more.
        await tx.execute(_LOCK, f"{job.workspace_id}:{conversation_id}")
        talk = await tx.fetchrow(_TALK, job.workspace_id, conversation_id)
        if talk is None:
            return
        heard = await _hear(tx, job.workspace_id, conversation_id, talk)
        if heard is None:
            await _drop(tx, job.workspace_id, conversation_id)
            return
        lead = await asyncio.to_thread(judge_lead, heard)
        if lead is None:
            return
        row = await tx.fetchrow(_THERE, job.workspace_id, conversation_id)
        if row is None:
            row = await _open(tx, job.workspace_id, conversation_id, heard, lead)
        if row["state"] not in ENDED and (row["lead"] is None or row["kind"] == "lead"):
            await _mark(tx, row, heard, lead)


async def _drop(tx: Transaction, workspace_id: int, conversation_id: int) -> None:
    """He took back what he told, or wants no calls: nobody is to look for him because of what was thought before."""
    row = await tx.fetchrow(_THERE, workspace_id, conversation_id)
    if row is None or row["lead"] is None or row["kind"] != "lead" or row["created_by"] is not None:
        return
    if row["state"] not in ENDED:
        await change_follow_up(tx, row, {"state": "dropped"}, None)


async def _hear(tx: Transaction, workspace_id: int, conversation_id: int, talk: asyncpg.Record) -> Heard | None:
    """None where he cannot be reached, or does not wish it. What he told in an earlier conversation reaches him, and says
    nothing of this one."""
    if talk["wants_none"]:
        return None
    told = await tx.fetch(_TOLD, workspace_id, talk["contact_id"], conversation_id)
    if not talk["is_on_file"] and not any(row["kind"] in REACHES for row in told):
        return None
    said = await tx.fetch(_SAID, workspace_id, conversation_id, MOST_MESSAGES, LONGEST_TEXT)
    intents = await tx.fetch(_INTENTS, workspace_id, conversation_id, MOST_MESSAGES)
    cards = await tx.fetch(_CARDS, workspace_id, conversation_id, MOST_MESSAGES)
    return Heard(
        texts=[row["text"] for row in reversed(said)],
        intents=[(row["label"], row["sure"] or 0.0) for row in intents] or [(talk["intent"] or "", 1.0)],
        details=frozenset(row["kind"] for row in told if row["is_here"]),
        products=list(dict.fromkeys(row["title"] for row in cards if row["title"]))[:MOST_PRODUCTS],
        wishes=frozenset(row["reason"] for row in told if row["is_here"] and row["reason"]),
        is_upset=talk["mood"] in UPSET,
    )


async def _open(tx: Transaction, workspace_id: int, conversation_id: int, heard: Heard, lead: Lead) -> asyncpg.Record:
    item = Item(
        conversation_id=conversation_id,
        kind="lead",
        title=_title(heard),
        group_id=await tx.fetchval(_GROUP, workspace_id),
        due_at=datetime.now(UTC) + WITHIN[lead.grade],
    )
    return await open_follow_up(tx, workspace_id, item, None)


def _title(heard: Heard) -> str:
    """What he was shown, or the longest of what he wrote, without the number in it."""
    title = "、".join(heard.products) or _without_details(max(heard.texts, key=len, default=""))
    title = " ".join(_CONTROLS.sub(" ", title).split())
    return (title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…") or NAMELESS


def _without_details(text: str) -> str:
    told = read_told(text)
    # Where they stand counts in half width; as long as nothing moved by that, his own punctuation stays.
    plain = text if len(text) == len(told.text) else told.text or text
    for one in sorted(told.reaches, key=lambda one: -one.start):
        plain = f"{plain[: one.start]}{mask_detail(one.kind, one.value)}{plain[one.end :]}"
    return mask(plain)


async def _mark(tx: Transaction, row: asyncpg.Record, heard: Heard, lead: Lead) -> None:
    """The grade never falls: what made it hot was said."""
    was: dict[str, Any] = row["lead"] or {}
    grade = "hot" if was.get("grade") == "hot" else lead.grade
    judged = {"grade": grade, "reasons": list(lead.reasons), "products": list(heard.products)}
    if was == judged:
        return
    await tx.execute(
        "update follow_ups set lead = $3 where workspace_id = $1 and id = $2", row["workspace_id"], row["id"], judged
    )
    changes: dict[str, Any] = {"kind": "lead"}
    if row["due_at"] is None or (grade == "hot" != was.get("grade", grade) and row["created_by"] is None):
        changes["due_at"] = row["created_at"] + WITHIN[grade]
    if row["agent_id"] is None and row["group_id"] is None:
        changes["group_id"] = await tx.fetchval(_GROUP, row["workspace_id"])
    await change_follow_up(tx, row, changes, None)
