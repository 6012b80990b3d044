"""The job that translates what was said in a talk, message by message, by the workspace's own model."""

import re

from yingke.conversations.translation.talk_translations import STAFF, list_untranslated
from yingke.kit.db import Database, Transaction
from yingke.kit.events import record_event
from yingke.kit.jobs import Job, RetryJob, enqueue
from yingke.models.switchboard import Switchboard
from yingke.models.translate import translate

KIND = "translate_talk"
TRIES = 3
PAUSE_SECONDS = 30.0
_HAN = re.compile(r"[\u3400-\u9fff]")
_OTHER = re.compile(r"[^\W\d_\u3400-\u9fff]")


async def translate_later(tx: Transaction, workspace_id: int, conversation_id: int) -> None:
    await enqueue(
        tx, workspace_id, kind=KIND, lane=f"translate:{conversation_id}", ref=str(conversation_id), priority=-1
    )


async def translate_talk(db: Database, switchboard: Switchboard, job: Job) -> None:
    """Killed at any line it goes on with what is missing. Where no model answers it gives up after a few tries."""
    conversation_id = int(job.ref)
    async with db.transaction(job.workspace_id) as tx:
        rows = await list_untranslated(tx, job.workspace_id, conversation_id)
    for row in rows:
        if not needs_translation(row["text"]):
            continue
        text = await translate(switchboard, job.workspace_id, row["text"], STAFF)
        if text is None:
            if job.attempts < TRIES:
                raise RetryJob(PAUSE_SECONDS, "no model answered")
            break
        async with db.transaction(job.workspace_id) as tx:
            await _keep(tx, job.workspace_id, conversation_id, row["seq"], text)


async def _keep(tx: Transaction, workspace_id: int, conversation_id: int, seq: int, text: str) -> None:
    await tx.execute(
        "insert into message_translations (workspace_id, conversation_id, seq, language, text) values ($1, $2, $3, $4, $5)"
        " on conflict do nothing",
        workspace_id,
        conversation_id,
        seq,
        STAFF,
        text,
    )
    await record_event(tx, workspace_id, "message_translated", conversation_id=conversation_id, seq=seq)


def needs_translation(text: str) -> bool:
    """False for what agents read anyway: Chinese, numbers, emoji."""
    han, other = len(_HAN.findall(text)), len(_OTHER.findall(text))
    return other > 1 and other > 2 * han
