"""Saved replies pass the same check: when they are saved, and all of them again when the words change."""

from typing import Any

from yingke.conversations.guarding.check_words import check_words
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
    while True:
        async with db.transaction(job.workspace_id) as tx:
            rows = await tx.fetch(
                "select id, text from saved_replies where workspace_id = $1 and guarded_version is distinct from $2"
                " order by id limit $3 for update skip locked",
                job.workspace_id,
                guarding.words.version,
                BATCH,
            )
            for row in rows:
                await _keep(tx, job.workspace_id, row["id"], guarding.words.version, verdict_of(guarding, row["text"]))
        if len(rows) < BATCH:
            return


async def check_one_saved(
    tx: Transaction, guards: WordGuards, workspace_id: int, reply_id: int, text: str
) -> dict[str, Any] | None:
    """Right after it was written. Returns the verdict that is kept with it."""
    guarding = await guards.now(tx, workspace_id)
    verdict = verdict_of(guarding, text)
    await _keep(tx, workspace_id, reply_id, guarding.words.version, verdict)
    return verdict


def verdict_of(guarding: Guarding, text: str) -> dict[str, Any] | None:
    """{level, found, text}; None when nothing is wrong with it. Measured as on a website, in any shop."""
    checked = check_words(guarding, text)
    return None if checked.is_ok else {"level": checked.level, "found": list(checked.found), "text": checked.text}


async def _keep(
    tx: Transaction, workspace_id: int, reply_id: int, version: int, verdict: dict[str, Any] | None
) -> None:
    await tx.execute(
        "update saved_replies set guarded_version = $3, verdict = $4 where workspace_id = $1 and id = $2",
        workspace_id,
        reply_id,
        version,
        verdict,
    )
