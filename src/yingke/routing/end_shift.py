"""下班: an agent goes, and what he has goes back to the queue in one action."""

from yingke.conversations.locked import Change, lock_conversation
from yingke.conversations.note import note as add_note
from yingke.kit.db import Transaction
from yingke.routing.put_back import put_back
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller
from yingke.workspaces.presence import choose_presence

MOST = 300


async def end_shift(tx: Transaction, caller: Caller, note: str) -> list[Change]:
    """His open conversations, each with the note, and offline with them, so that nothing comes back to him.

    The conversations are held before the agent's own row, as everywhere: whoever holds an agent waits for nothing else.
    """
    agent_id = caller.agent_id or 0
    rows = await tx.fetch(
        "select id from conversations where workspace_id = $1 and agent_id = $2 and status = 'open'"
        " and handled_by = 'agent' order by id limit $3",
        caller.workspace_id,
        agent_id,
        MOST,
    )
    changes = []
    for found in rows:
        row = await lock_conversation(tx, caller.workspace_id, found["id"])
        if row["status"] != "open" or row["handled_by"] != "agent" or row["agent_id"] != agent_id:
            continue
        if note:
            await add_note(tx, caller.workspace_id, row["id"], agent_id, note)
        changes.append(await put_back(tx, row, "shift_ended"))
    await choose_presence(tx, caller, "offline")
    await record_audit(tx, caller, "shift.ended", f"agent:{agent_id}", {"conversations": len(changes)})
    return changes
