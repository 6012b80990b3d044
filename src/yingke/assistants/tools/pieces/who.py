"""Whose conversation this is, as the session knows it."""

from dataclasses import dataclass

from yingke.kit.db import Transaction


@dataclass(frozen=True, slots=True)
class Who:
    """`level` only where the shop itself has vouched for it."""

    identity_id: int | None
    contact_id: int | None
    is_signed_in: bool
    level: str | None


NOBODY = Who(None, None, False, None)


async def who_is(tx: Transaction, workspace_id: int, conversation_id: int) -> Who:
    """NOBODY without a conversation."""
    if not conversation_id:
        return NOBODY
    row = await tx.fetchrow(
        "select i.id, i.contact_id, i.is_verified and i.external_id is not null as is_signed_in,"
        " case when k.claims_verified then k.level end as level"
        " from conversations c join identities i on i.workspace_id = c.workspace_id and i.id = c.identity_id"
        " join contacts k on k.workspace_id = i.workspace_id and k.id = i.contact_id"
        " where c.workspace_id = $1 and c.id = $2",
        workspace_id,
        conversation_id,
    )
    if row is None:
        return NOBODY
    return Who(row["id"], row["contact_id"], row["is_signed_in"], row["level"] if row["is_signed_in"] else None)
