"""What is there of a product, when the rest comes, and on what terms it is sold before."""

from dataclasses import dataclass
from datetime import datetime

from yingke.commerce.finding.find_products import fit_variants
from yingke.commerce.finding.found import FoundProduct, FoundVariant
from yingke.commerce.finding.load_products import load_products
from yingke.commerce.finding.need import read_need
from yingke.commerce.prices.offers import Presale, codes_of
from yingke.commerce.prices.presale_of import presale_of
from yingke.kit.db import Transaction
from yingke.kit.errors import not_found


@dataclass(frozen=True, slots=True)
class StockAnswer:
    """`variants` are those asked for. `as_of` is when the shop told the oldest of these figures."""

    product: FoundProduct
    variants: tuple[FoundVariant, ...]
    presale: Presale | None
    as_of: datetime

    @property
    def is_available(self) -> bool:
        """Can be sent now; a presale is not."""
        return self.presale is None and any(one.is_available for one in self.variants)


async def stock_of(
    tx: Transaction,
    workspace_id: int,
    product_id: int,
    *,
    at: datetime,
    shop_id: int | None = None,
    words: str = "",
) -> StockAnswer:
    """`words` may name a colour or a size: 「沙色的」「L 码」. Raises 404 for a product that is not sold."""
    products = [one for one in await load_products(tx, workspace_id, [product_id]) if one.is_listed and one.variants]
    if not products:
        raise not_found()
    fitted, _ = fit_variants(products, read_need(words))
    product = fitted[0]
    codes = codes_of([product.code, product.external_id, *(one.sku for one in product.variants)])
    presale = await presale_of(tx, workspace_id, codes, shop_id=shop_id, at=at)
    return StockAnswer(product, product.fitting, presale, min(one.seen_at for one in product.fitting))
