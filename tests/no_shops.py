"""A house in which no platform is connected: the shop's own tables are all there is."""

from yingke.commerce.contract import Provider, Shops, ShopUnauthorised


class NoShops(Shops):
    async def open(self, workspace_id: int, connection_id: int) -> Provider:
        raise ShopUnauthorised
