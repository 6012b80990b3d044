"""Shows what parsing has to say of a file: the pages of a scan while they are read, and afterwards what was left out."""

import time
from collections.abc import Awaitable, Callable, Sequence

from yingke.kit.db import Database
from yingke.knowledge.documents import tell_document
from yingke.knowledge.parse_notes import show_notes
from yingke.knowledge.sections import Note

TELL_SECONDS = 1.0


def count_pages(
    db: Database, workspace_id: int, document_id: int, version: int
) -> Callable[[int, int], Awaitable[None]]:
    """For `parse(on_progress=…)`: the share of the pages read, told at most once a second."""
    told = 0.0

    async def tell(done: int, total: int) -> None:
        nonlocal told
        if time.monotonic() - told < TELL_SECONDS:
            return
        told = time.monotonic()
        async with db.transaction(workspace_id) as tx:
            found = await tx.fetchval(
                "update documents set progress = $3, updated_at = now()"
                " where id = $1 and version = $2 and state = 'parsing' and deleted_at is null returning id",
                document_id,
                version,
                done / max(1, total),
            )
            if found is not None:
                await tell_document(tx, workspace_id, document_id)

    return tell


async def remark(db: Database, workspace_id: int, document_id: int, version: int, notes: Sequence[Note]) -> None:
    """Keeps the notes as the reason of a document that is ready all the same."""
    reason = show_notes(notes)
    if reason is None:
        return
    async with db.transaction(workspace_id) as tx:
        found = await tx.fetchval(
            "update documents set reason = $3, updated_at = now()"
            " where id = $1 and version = $2 and state = 'ready' and deleted_at is null returning id",
            document_id,
            version,
            reason,
        )
        if found is not None:
            await tell_document(tx, workspace_id, document_id)
