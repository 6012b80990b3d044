"""The first message of a conversation: conversation and message in one transaction and one round trip."""

from dataclasses import dataclass
from typing import Any

from yingke.conversations.receive import LEASE_SECONDS, Incoming, Received
from yingke.kit.db import CUT, OVERLOADED, Database, Transaction
from yingke.kit.errors import busy, not_found
from yingke.kit.live import Hub

_STATEMENT = "select * from open_conversation($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"


@dataclass(frozen=True)
class Opening:
    """Who opens, where, on which page; `subject` None = the page he saw last."""

    workspace_id: int
    shop_id: int
    channel_account_id: int
    identity_id: int
    language: str
    subject: dict[str, Any] | None


async def find_open_conversation(tx: Transaction, workspace_id: int, identity_id: int) -> int | None:
    found = await tx.fetchval(
        "select id from conversations where workspace_id = $1 and identity_id = $2 and status = 'open'",
        workspace_id,
        identity_id,
    )
    return int(found) if found is not None else None


async def open_conversation(db: Database, hub: Hub, owner: str, opening: Opening, message: Incoming) -> Received | int:
    """Stores the message as seq 1 of a new conversation, or returns the id of the one to receive it in: open already,
    reopened within the shop's hours, or the one that holds this very message. Raises 404, 503."""
    values = (
        opening.workspace_id, opening.shop_id, opening.channel_account_id, opening.identity_id, message.client_message_id,
        message.type, message.text, message.payload, opening.language, opening.subject, owner, LEASE_SECONDS,
    )  # fmt: skip
    try:
        async with db.pool.acquire(timeout=3) as connection:
            row = await connection.fetchrow(_STATEMENT, *values)
    except (*CUT, *OVERLOADED) as error:
        raise busy() from error
    if row["outcome"] == "missing":
        raise not_found()
    conversation_id = int(row["conversation_id"])
    if row["outcome"] == "elsewhere":
        return conversation_id
    hub.hint(conversation_id)
    return Received(
        conversation_id, row["message_id"], 1, row["created_at"], True, row["generation"], row["handled_by"],
        row["answered_through"], opening.shop_id, row["knowledge_version"],
    )  # fmt: skip
