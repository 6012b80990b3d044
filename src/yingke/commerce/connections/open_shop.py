"""Opens what stands behind a connection: the provider with the person's keys."""

import time
from collections import OrderedDict

import msgspec

from yingke.commerce.connections.connection import Connection, find_connection
from yingke.commerce.connections.kept_tokens import KeptTokens
from yingke.commerce.connections.registry import find_provider
from yingke.commerce.contract import Provider, ShopDown, Shops, ShopUnauthorised
from yingke.commerce.providers.pieces.connected import Access, Connected
from yingke.commerce.providers.pieces.door import Door
from yingke.kit.db import Database
from yingke.kit.http import Outgoing
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings

KEEP_SECONDS = 10.0
"""A workspace without any connection is believed to have none for so long: its first one is asked that much later."""
MOST_KEPT = 10_000


class ConnectedShops(Shops):
    """One per process. Every `open` reads the connection anew, so a change by a person holds at once."""

    def __init__(self, db: Database, outgoing: Outgoing, secrets: Secrets, settings: Settings) -> None:
        self.db = db
        self.secrets = secrets
        self.settings = settings
        self.door = Door(outgoing, allow_private=settings.allow_private_urls)
        self._without: OrderedDict[int, float] = OrderedDict()

    async def open(self, workspace_id: int, connection_id: int) -> Provider:
        """Raises ShopUnauthorised when it was taken away, ShopDown while it is paused."""
        async with self.db.reading(workspace_id) as tx:
            row = await find_connection(tx, workspace_id, connection_id)
        if row is None:
            raise ShopUnauthorised("gone")
        if row.state == "paused":
            raise ShopDown("paused")
        return self.provider(row)

    async def has_any(self, workspace_id: int) -> bool:
        """Also for connections that were taken away: what they told may still be in the mirror."""
        if self._without.get(workspace_id, 0.0) > time.monotonic():
            return False
        async with self.db.reading(workspace_id) as tx:
            found = await tx.fetchval(
                "select exists (select 1 from shop_connections where workspace_id = $1)", workspace_id
            )
        if not found:
            self._without[workspace_id] = time.monotonic() + KEEP_SECONDS
            self._without.move_to_end(workspace_id)
            if len(self._without) > MOST_KEPT:
                self._without.popitem(last=False)
        return bool(found)

    async def find_carrier(self, workspace_id: int) -> Provider | None:
        if not await self.has_any(workspace_id):
            return None
        async with self.db.reading(workspace_id) as tx:
            ids = await tx.fetch(
                "select id, provider from shop_connections where workspace_id = $1 and deleted_at is null"
                " and state in ('ok', 'failing') order by state desc, id",
                workspace_id,
            )
        for row in ids:
            kind = find_provider(row["provider"])
            if kind is not None and "track" in kind.can:
                return await self.open(workspace_id, row["id"])
        return None

    def provider(self, row: Connection) -> Connected:
        """Of a row that was read already. Raises ShopUnauthorised for a provider that this version does not have."""
        kind = find_provider(row.provider)
        if kind is None:
            raise ShopUnauthorised("no_provider")
        secret = msgspec.json.decode(self.secrets.open(row.secret), type=dict[str, str])
        return kind(
            self.door, Access(row.settings, secret), KeptTokens(self.db, self.secrets, row.workspace_id, row.id)
        )
