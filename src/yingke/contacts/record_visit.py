"""Pages that a visitor saw, for the person who will help him."""

from yingke.contacts.visitor import Visitor
from yingke.kit.db import Transaction

KEPT = 50


async def record_visit(tx: Transaction, visitor: Visitor, url: str, title: str, referrer: str) -> None:
    """Adds a page view unless it repeats the last one; keeps the newest 50 of a visitor."""
    await tx.execute(
        "insert into visits (workspace_id, identity_id, url, title, referrer)"
        " select $1, $2, $3, $4, $5 where $3 is distinct from"
        " (select url from visits where workspace_id = $1 and identity_id = $2 order by id desc limit 1)",
        visitor.workspace_id,
        visitor.identity_id,
        url,
        title,
        referrer,
    )
    await tx.execute(
        "delete from visits where workspace_id = $1 and identity_id = $2 and id <"
        " (select id from visits where workspace_id = $1 and identity_id = $2 order by id desc offset $3 limit 1)",
        visitor.workspace_id,
        visitor.identity_id,
        KEPT - 1,
    )


async def record_consent(tx: Transaction, visitor: Visitor, purpose: str, version: str, language: str) -> None:
    """That this visitor was shown a notice of this version before he wrote."""
    await tx.execute(
        "insert into consents (workspace_id, identity_id, purpose, version, language) values ($1, $2, $3, $4, $5)"
        " on conflict do nothing",
        visitor.workspace_id,
        visitor.identity_id,
        purpose,
        version,
        language,
    )
