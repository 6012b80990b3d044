"""The summary of a hand-over: made once, by a job right after it or by the first who looks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yingke.assistants.help.collect import Collected, collect
from yingke.assistants.help.phrase import phrase
from yingke.assistants.sense_later import sense_unheard
from yingke.kit.db import Database, Transaction
from yingke.kit.errors import conflict
from yingke.kit.jobs import Job
from yingke.kit.text import clean_text
from yingke.models.switchboard import Switchboard

LONGEST_NOTE = 1000
_LATEST = """
select generation, through_seq, facts, words, note, noted_by, created_at from summaries
where workspace_id = $1 and conversation_id = $2 order by generation desc limit 1
"""


@dataclass(frozen=True, slots=True)
class Summary:
    """`created_at` None: the assistant has the conversation, and this is only shown, not kept."""

    through_seq: int
    facts: dict[str, Any]
    words: str
    note: str
    noted_by: int | None
    created_at: datetime | None


async def summarise_later(db: Database, switchboard: Switchboard, job: Job) -> None:
    """The job: {conversation}:{generation}. Done twice it changes nothing; a model only adds its two sentences."""
    conversation_id = int(job.ref.split(":")[0])
    async with db.transaction(job.workspace_id) as tx:
        made = await ensure_summary(tx, job.workspace_id, conversation_id)
        language = await tx.fetchval("select language from conversations where id = $1", conversation_id)
        material = await _material(tx, job.workspace_id, conversation_id, made) if made is not None else ""
        await sense_unheard(tx, job.workspace_id, conversation_id)
    if made is None or made.created_at is None or made.words:
        return
    words = await phrase(switchboard, job.workspace_id, made.facts, material, language)
    if not words:
        return
    async with db.transaction(job.workspace_id) as tx:
        await tx.execute(
            "update summaries set words = $4 where workspace_id = $1 and conversation_id = $2 and through_seq = $3"
            " and words = ''",
            job.workspace_id,
            conversation_id,
            made.through_seq,
            words,
        )


async def ensure_summary(tx: Transaction, workspace_id: int, conversation_id: int) -> Summary | None:
    """The one of this hand-over, made now if nobody has; None for a conversation that is not there."""
    found = await collect(tx, workspace_id, conversation_id)
    if found is None:
        return None
    row = await tx.fetchrow(_LATEST, workspace_id, conversation_id)
    if row is not None and row["through_seq"] > found.starts_after:
        return Summary(*tuple(row)[1:])
    handled_by = await tx.fetchval("select handled_by from conversations where id = $1", conversation_id)
    if handled_by == "assistant":
        return Summary(found.through_seq, found.facts, "", "", None, None)
    await _keep(tx, workspace_id, conversation_id, found)
    row = await tx.fetchrow(_LATEST, workspace_id, conversation_id)
    assert row is not None
    return Summary(*tuple(row)[1:])


async def write_note(tx: Transaction, workspace_id: int, conversation_id: int, agent_id: int | None, note: str) -> None:
    """What an agent adds to the summary of this hand-over. Raises 409 where the assistant still has the conversation."""
    made = await ensure_summary(tx, workspace_id, conversation_id)
    if made is None or made.created_at is None:
        raise conflict(
            "not_handed_over",
            "AI 还在接待，接管之后再补充小结。",
            "The assistant still has this conversation. Take it over before you add to its summary.",
        )
    await tx.execute(
        "update summaries set note = $4, noted_by = $5 where workspace_id = $1 and conversation_id = $2 and through_seq = $3",
        workspace_id,
        conversation_id,
        made.through_seq,
        clean_text(note, LONGEST_NOTE, field="note").strip(),
        agent_id,
    )


async def _keep(tx: Transaction, workspace_id: int, conversation_id: int, found: Collected) -> None:
    await tx.execute(
        "insert into summaries (workspace_id, conversation_id, generation, through_seq, facts) values ($1, $2, $3, $4, $5)"
        " on conflict do nothing",
        workspace_id,
        conversation_id,
        found.generation,
        found.through_seq,
        found.facts,
    )


async def _material(tx: Transaction, workspace_id: int, conversation_id: int, made: Summary) -> str:
    """The customer's own questions, for a model to put in short."""
    rows = await tx.fetch(
        "select text from messages where workspace_id = $1 and conversation_id = $2 and seq = any($3)"
        " and recalled_at is null and text is not null order by seq",
        workspace_id,
        conversation_id,
        made.facts["questions"],
    )
    return "\n".join(row["text"][:500] for row in rows)
