"""Tells the golden questions that what answers customers has changed."""

from typing import Literal

from yingke.kit.db import Transaction
from yingke.kit.ids import show_id
from yingke.kit.jobs import enqueue
from yingke.knowledge.golden.want_run import want_run

Cause = Literal["person", "document", "pair", "model", "prompt", "setting"]
PAUSE_SECONDS = 10
"""Changes that follow each other within this time are measured together."""
PRIORITY = -10
"""Below everything that customers or people wait for."""


async def knowledge_changed(tx: Transaction, workspace_id: int, cause: Cause, ref: str, name: str) -> None:
    """Asks for one run over the golden questions soon; of several changes in a row the newest gives its name.

    Call it in the transaction of the change. `ref` is "noun:id", `name` what a person calls it. Does nothing in a
    workspace without golden questions.
    """
    if not await tx.fetchval(
        "select exists (select 1 from golden_questions where workspace_id = $1 and deleted_at is null)", workspace_id
    ):
        return
    run_id = await want_run(tx, workspace_id, cause, ref=ref, name=name)
    await enqueue(
        tx,
        workspace_id,
        kind="golden_run",
        lane=f"golden:{workspace_id}",
        ref=show_id(run_id),
        data={"run_id": show_id(run_id)},
        run_at=await tx.fetchval("select now() + make_interval(secs => $1)", float(PAUSE_SECONDS)),
        priority=PRIORITY,
    )
