"""Keys of programs: list and revoke."""

from dataclasses import dataclass
from datetime import datetime

from yingke.kit.db import Transaction, after_commit
from yingke.kit.errors import not_found
from yingke.kit.ids import show_id
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller
from yingke.workspaces.known_callers import forget_api_key


@dataclass(frozen=True)
class ApiKey:
    """`hint` shows the beginning and the end of the key."""

    id: int
    name: str
    hint: str
    scopes: list[str]
    last_used_at: datetime | None
    revoked_at: datetime | None
    created_at: datetime


_SELECT = "select id, name, hint, scopes, last_used_at, revoked_at, created_at from api_keys"


async def list_api_keys(tx: Transaction) -> list[ApiKey]:
    rows = await tx.fetch(_SELECT + " order by revoked_at is not null, id desc limit 500")
    return [ApiKey(**dict(row)) for row in rows]


async def get_api_key(tx: Transaction, key_id: int) -> ApiKey:
    """Raises 404."""
    row = await tx.fetchrow(_SELECT + " where id = $1", key_id)
    if row is None:
        raise not_found()
    return ApiKey(**dict(row))


async def revoke_api_key(tx: Transaction, caller: Caller, key_id: int) -> None:
    """At once in this process, within 20 s in others. Raises 404 for one that is unknown or revoked."""
    if not await tx.fetchval(
        "update api_keys set revoked_at = now() where id = $1 and revoked_at is null returning true", key_id
    ):
        raise not_found()
    after_commit(lambda: forget_api_key(caller.workspace_id, key_id))
    await record_audit(tx, caller, "api_key.revoked", f"api_key:{show_id(key_id)}")
