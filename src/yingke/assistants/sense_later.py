"""Understands what customers said while no assistant answered: to people, or right before they were called."""

from typing import Any

from yingke.assistants.guarding.danger import danger_of
from yingke.assistants.intents.classify import classify
from yingke.assistants.intents.features import needs_before
from yingke.assistants.mood.dissatisfaction import Line, dissatisfaction
from yingke.assistants.mood.sense import hear, sense
from yingke.assistants.told.judge_soon import judge_soon
from yingke.assistants.told.read_told import read_told
from yingke.assistants.turns import Turn
from yingke.contacts.keep_details import keep_details
from yingke.kit.db import Database, Transaction
from yingke.kit.errors import Problem
from yingke.kit.jobs import Job, enqueue
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.fold import fold
from yingke.knowledge.languages import certain_language, stored_tag

KIND = "sense"
MOST = 40
"""So many messages at once; a conversation has more only after a long outage, and then its last ones tell."""
LONGEST = 1000
TALK = 16
"""So many of the last messages tell how content a talk leaves the customer."""

_TALK = """
select author, text from messages
where conversation_id = $1 and author in ('contact', 'assistant', 'agent') and type = 'text' and text <> ''
  and recalled_at is null order by seq desc limit $2
"""

_CAN_BE_REACHED = """
select k.no_contact_since is null and (coalesce(k.phone, k.email) is not null or exists (
  select from identities o join told_details d on d.workspace_id = o.workspace_id and d.identity_id = o.id
  where o.workspace_id = k.workspace_id and o.contact_id = k.id and d.kind in ('phone', 'wechat', 'email')))
from conversations c join identities i on i.workspace_id = c.workspace_id and i.id = c.identity_id
join contacts k on k.workspace_id = i.workspace_id and k.id = i.contact_id where c.workspace_id = $1 and c.id = $2
"""

_UNHEARD = """
select max(m.seq) from messages m join conversations c on c.id = m.conversation_id
where c.id = $1 and m.author = 'contact' and m.type = 'text' and m.text <> ''
  and m.seq > coalesce((c.understood->>'through')::int, 0)
"""


async def sense_later(db: Database, turn: Turn) -> None:
    """Enqueues the job for a turn that got no answer."""
    async with db.transaction(turn.workspace_id) as tx:
        await _enqueue(tx, turn.workspace_id, turn.conversation_id, turn.last_seq)


async def sense_unheard(tx: Transaction, workspace_id: int, conversation_id: int) -> None:
    """The same where a person was called before the assistant had begun: his last words were heard by nobody."""
    seq = await tx.fetchval(_UNHEARD, conversation_id)
    if seq is not None:
        await _enqueue(tx, workspace_id, conversation_id, seq)


async def _enqueue(tx: Transaction, workspace_id: int, conversation_id: int, seq: int) -> None:
    await enqueue(tx, workspace_id, kind=KIND, lane=f"sense:{conversation_id}", ref=f"{conversation_id}:{seq}")


async def sense_messages(db: Database, encoder: Encoder, job: Job) -> None:
    """The job: senses whatever the contact wrote since the last time. Done twice it changes nothing."""
    conversation_id = int(job.ref.split(":")[0])
    async with db.transaction(job.workspace_id) as tx:
        known, language, rows = await _unsensed(tx, conversation_id)
        talk = await tx.fetch(_TALK, conversation_id, TALK)
    if not rows:
        return
    found = await _understand(encoder, [row["text"][:LONGEST] for row in rows], known, language)
    found[-1]["discontent"] = await _discontent(encoder, talk)
    async with db.transaction(job.workspace_id) as tx:
        for row, one in zip(rows, found, strict=True):
            await _record(tx, conversation_id, row["seq"], one)
            await _keep_told(tx, job.workspace_id, conversation_id, row)
        if await tx.fetchval(_CAN_BE_REACHED, job.workspace_id, conversation_id):
            await judge_soon(tx, job.workspace_id, conversation_id, rows[-1]["seq"])


async def _discontent(encoder: Encoder, talk: list[Any]) -> float:
    """0 (content) … 1: of the whole talk, which one message says less surely."""
    talk = list(reversed(talk))
    own = [row["text"][:LONGEST] for row in talk if row["author"] == "contact"]
    try:
        vectors: list[Any] = list(await encoder.encode([fold(text) for text in own]))
    except Problem:
        vectors = [None] * len(own)
    heard = iter([hear(text, vector) for text, vector in zip(own, vectors, strict=True)])
    lines = [
        Line(True, row["text"], next(heard)) if row["author"] == "contact" else Line(False, row["text"]) for row in talk
    ]
    return round(dissatisfaction(lines), 2)


async def _keep_told(tx: Transaction, workspace_id: int, conversation_id: int, row: Any) -> None:
    """How he can be reached, told while no assistant listened; what a child writes is not kept."""
    told = read_told(row["text"])
    if told.reaches and danger_of(row["text"]) != "minor":
        details = [(one.kind, one.value) for one in told.details]
        await keep_details(tx, workspace_id, conversation_id, row["seq"], details)


async def _unsensed(tx: Transaction, conversation_id: int) -> tuple[dict[str, Any], str, list[Any]]:
    """What was understood so far, the conversation's language, and the contact's texts since, the oldest first."""
    row = await tx.fetchrow("select understood, language from conversations where id = $1", conversation_id)
    if row is None:
        return {}, "", []
    known = row["understood"] or {}
    rows = await tx.fetch(
        "select seq, text from messages where conversation_id = $1 and seq > $2 and author = 'contact' and type = 'text'"
        " and text <> '' order by seq desc limit $3",
        conversation_id,
        known.get("through", 0),
        MOST,
    )
    return known, row["language"], list(reversed(rows))


async def _understand(encoder: Encoder, texts: list[str], known: dict[str, Any], language: str) -> list[dict[str, Any]]:
    """As an answer would have understood each of them; without the encoder by the words alone."""
    try:
        vectors: list[Any] = list(await encoder.encode([fold(text) for text in texts]))
    except Problem:
        vectors = [None] * len(texts)
    found = []
    before, intent = known.get("mood"), known.get("intent")
    for text, vector in zip(texts, vectors, strict=True):
        mood = sense(text, vector, before)
        before = mood.label
        one: dict[str, Any] = {"mood": mood.label, "confidence": round(mood.confidence, 2)}
        # A few words to a person ("这个", "明天") mean what was said before; they change no intent, but the first words of
        # a talk, which silenced the assistant at once, have nothing before them and tell it as well as they can.
        if vector is not None and (intent is None or not needs_before(text)):
            one["intent"] = intent = classify(text, vector).label
        if (spoken := certain_language(text, language)) is not None:
            one["language"] = language = stored_tag(spoken)
        found.append(one)
    return found


async def _record(tx: Transaction, conversation_id: int, seq: int, one: dict[str, Any]) -> None:
    """Refused when an answer understood more meanwhile. The event says only what is new. Who grew angry while he waits
    is given his place in the queue anew (`routing.sort_waiting`)."""
    row = await tx.fetchrow(
        "select workspace_id, understood from conversations where id = $1 for no key update", conversation_id
    )
    if row is None or (row["understood"] or {}).get("through", 0) >= seq:
        return
    await tx.execute(
        "with was as (select $2::jsonb as understood)"
        ", told as (insert into events (workspace_id, type, conversation_id, seq, data)"
        " select $4, 'turn_understood', $1, $5, understood_said(was.understood, $3) from was where is_news(was.understood, $3))"
        " update conversations set understood = understood_after(understood, $3, $5),"
        " priority = case when queued_at is not null and $3->>'mood' = 'angry' then null else priority end,"
        " language = case when $3 ? 'language' then language_after(language, $3->>'language') else language end where id = $1",
        conversation_id,
        row["understood"],
        one,
        row["workspace_id"],
        seq,
    )
