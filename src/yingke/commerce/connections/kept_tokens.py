"""The access token of a connection: sealed in the database, renewed by one process at a time."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from yingke.commerce.contract import ShopDown
from yingke.commerce.providers.pieces.connected import Token, Tokens
from yingke.commerce.providers.pieces.door import seconds_left
from yingke.kit.db import Database
from yingke.kit.secrets import Secrets

LEASE_SECONDS = 10
_LOOK_SECONDS = 0.1


class KeptTokens(Tokens):
    def __init__(self, db: Database, secrets: Secrets, workspace_id: int, connection_id: int) -> None:
        self._db = db
        self._secrets = secrets
        self._ids = (workspace_id, connection_id)

    async def get(self) -> str | None:
        async with self._db.transaction(self._ids[0]) as tx:
            sealed = await tx.fetchval(
                "select token from shop_connections where workspace_id = $1 and id = $2 and token_until > now()",
                *self._ids,
            )
        return self._secrets.open(sealed).decode() if sealed is not None else None

    async def renew(self, old: str | None, fetch: Callable[[], Awaitable[Token]]) -> str:
        """Whoever gets the lease asks the platform; the others wait for what he brings. Raises ShopDown when that takes
        too long, and what `fetch` raises."""
        until = time.monotonic() + seconds_left()
        while time.monotonic() < until:
            known = await self.get()
            if known is not None and known != old:
                return known
            if await self._lease():
                try:
                    # Another may have brought one between the look and the lease.
                    known = await self.get()
                    if known is not None and known != old:
                        return known
                    return await self._keep(await fetch())
                finally:
                    await self._release()
            await asyncio.sleep(_LOOK_SECONDS)
        raise ShopDown("token")

    async def _lease(self) -> bool:
        async with self._db.transaction(self._ids[0]) as tx:
            found = await tx.fetchval(
                "update shop_connections set token_lease_until = now() + make_interval(secs => $3)"
                " where workspace_id = $1 and id = $2 and (token_lease_until is null or token_lease_until < now())"
                " returning true",
                *self._ids,
                LEASE_SECONDS,
            )
        return bool(found)

    async def _keep(self, token: Token) -> str:
        async with self._db.transaction(self._ids[0]) as tx:
            await tx.execute(
                "update shop_connections set token = $3, token_until = $4 where workspace_id = $1 and id = $2",
                *self._ids,
                self._secrets.seal(token.value),
                token.until,
            )
        return token.value

    async def _release(self) -> None:
        async with self._db.transaction(self._ids[0]) as tx:
            await tx.execute(
                "update shop_connections set token_lease_until = null where workspace_id = $1 and id = $2", *self._ids
            )
