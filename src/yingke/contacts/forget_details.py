"""A customer takes back what he told, or wants to be left alone."""

from yingke.kit.db import Transaction
from yingke.kit.events import record_event
from yingke.kit.ids import show_id

_CONTACT = (
    "select i.contact_id from conversations c join identities i on i.workspace_id = c.workspace_id and i.id = c.identity_id"
    " where c.workspace_id = $1 and c.id = $2"
)


async def forget_details(tx: Transaction, workspace_id: int, conversation_id: int) -> int:
    """Deletes everything that the contact of this conversation told, from wherever he wrote; how many it were."""
    contact_id = await tx.fetchval(_CONTACT, workspace_id, conversation_id)
    gone = await tx.fetch(
        "delete from told_details d using identities i where d.workspace_id = $1 and i.workspace_id = $1"
        " and i.id = d.identity_id and i.contact_id = $2 returning d.id",
        workspace_id,
        contact_id,
    )
    if gone:
        await record_event(tx, workspace_id, "contact_updated", {"contact_id": show_id(contact_id)})
    return len(gone)


async def leave_alone(tx: Transaction, workspace_id: int, conversation_id: int) -> None:
    """Nobody asks this contact for details any more; the first time counts."""
    contact_id = await tx.fetchval(_CONTACT, workspace_id, conversation_id)
    changed = await tx.fetchval(
        "update contacts set no_contact_since = now() where workspace_id = $1 and id = $2 and no_contact_since is null"
        " returning id",
        workspace_id,
        contact_id,
    )
    if changed is not None:
        await record_event(tx, workspace_id, "contact_updated", {"contact_id": show_id(contact_id)})
