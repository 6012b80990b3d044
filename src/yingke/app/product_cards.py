"""Product cards for agents, filled from the shop when they are sent."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from yingke.assistants.tools.contract import Session
from yingke.assistants.tools.pieces.show_product import product_card, show_product
from yingke.commerce.contract import Shops
from yingke.commerce.finding.load_products import load_products
from yingke.commerce.prices.load_offers import load_offers
from yingke.conversations.card_source import CardSource
from yingke.kit.db import Database, Transaction
from yingke.kit.errors import bad_input

_TALK = """
select c.shop_id, coalesce(c.language, 'zh-CN') as language, w.time_zone
from conversations c join workspaces w on w.id = c.workspace_id where c.workspace_id = $1 and c.id = $2
"""
_SOLD_HERE = """
select id from products
where workspace_id = $1 and id = any($2) and is_listed and (shop_ids is null or $3::bigint = any(shop_ids))
"""


class ProductCards(CardSource):
    def __init__(self, db: Database, shops: Shops) -> None:
        self._db = db
        self._shops = shops

    async def product_cards(
        self, tx: Transaction, workspace_id: int, conversation_id: int, product_ids: Sequence[int]
    ) -> list[dict[str, Any]]:
        talk = await tx.fetchrow(_TALK, workspace_id, conversation_id)
        sold = await tx.fetch(_SOLD_HERE, workspace_id, list(product_ids), talk["shop_id"]) if talk is not None else []
        if len(sold) != len(set(product_ids)) or talk is None:
            raise bad_input({"cards": "这个店铺没有在卖这件商品 / this shop does not sell this product"})
        session = Session(
            db=self._db,
            shops=self._shops,
            workspace_id=workspace_id,
            shop_id=talk["shop_id"],
            conversation_id=conversation_id,
            through_seq=0,
            language=talk["language"],
            now=datetime.now(UTC).astimezone(ZoneInfo(talk["time_zone"])),
        )
        found = {one.id: one for one in await load_products(tx, workspace_id, list(product_ids))}
        offers = await load_offers(tx, workspace_id, shop_id=session.shop_id, at=session.now)
        return [product_card(found[id], show_product(found[id], session, offers.promotions)) for id in product_ids]
