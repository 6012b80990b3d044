"""Saved replies pass the same check: when they are saved, and all of them again when the words change."""

from typing import Any

from yingke.conversations.guarding.check_words import check_words
from yingke.conversations.guarding.heard.claims_of import Heard
from yingke.conversations.guarding.load_words import Guarding, WordGuards, read_version
from yingke.kit.db import Database, Transaction
from yingke.kit.jobs import Job, enqueue

KIND = "check_saved_replies"
BATCH = 200


async def check_saved_later(tx: Transaction, workspace_id: int) -> None:
    """In the transaction that changed the words."""
    await enqueue(
        tx, workspace_id, kind=KIND, lane=f"saved-replies:{workspace_id}", ref=str(await read_version(tx, workspace_id))
    )


async def check_saved(guards: WordGuards, db: Database, job: Job) -> None:
    """Looks at every reply that was last looked at under other words. A kill in between costs nothing but time."""
    async with db.transaction(job.workspace_id) as tx:
        guarding = await guards.now(tx, job.workspace_id)
    last = 0
    while True:
        async with db.transaction(job.workspace_id) as tx:
            rows = await tx.fetch(
                "select id, text from saved_replies where workspace_id = $1 and guarded_version is distinct from $2"
                " and id > $4 order by id limit $3",
                job.workspace_id,
                guarding.words.version,
                BATCH,
                last,
            )
        verdicts = [(row, verdict_of(guarding, row["text"], await guards.hear(row["text"]))) for row in rows]
        async with db.transaction(job.workspace_id) as tx:
            for row, verdict in verdicts:
                await _keep(tx, job.workspace_id, row["id"], row["text"], guarding.words.version, verdict)
        if len(rows) < BATCH:
            return
        last = rows[-1]["id"]


async def check_one_saved(
    tx: Transaction, guards: WordGuards, workspace_id: int, reply_id: int, text: str, heard: Heard
) -> dict[str, Any] | None:
    """Right after it was written. `heard` as of `WordGuards.hear`. Returns the verdict that is kept with it."""
    guarding = await guards.now(tx, workspace_id)
    verdict = verdict_of(guarding, text, heard)
    await _keep(tx, workspace_id, reply_id, text, guarding.words.version, verdict)
    return verdict


def verdict_of(guarding: Guarding, text: str, heard: Heard = ()) -> dict[str, Any] | None:
    """{level, found, text}; None when nothing is wrong with it. Measured as on a website, in any shop."""
    checked = check_words(guarding, text, heard=heard)
    return None if checked.is_ok else {"level": checked.level, "found": list(checked.found), "text": checked.text}


async def _keep(
    tx: Transaction, workspace_id: int, reply_id: int, text: str, version: int, verdict: dict[str, Any] | None
) -> None:
    """Nothing for a reply that was written anew meanwhile: that was looked at when it was saved."""
    await tx.execute(
        "update saved_replies set guarded_version = $3, verdict = $4 where workspace_id = $1 and id = $2 and text = $5",
        workspace_id,
        reply_id,
        version,
        verdict,
        text,
    )
