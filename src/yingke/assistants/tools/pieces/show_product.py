"""A product as skills, models and cards are given it: ids as strings, amounts as people write them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from yingke.assistants.tools.contract import Session
from yingke.commerce.finding.found import FoundProduct, FoundVariant
from yingke.commerce.money import show_money
from yingke.commerce.prices.offers import Presale, Promotion, codes_of
from yingke.commerce.product_names import NAMING, is_foreign_to, name_for
from yingke.commerce.words.kinds import kind_in, kind_in_english
from yingke.kit.tongues.tongue import day_in

MOST_VARIANTS = 20
MOST_POINTS = 4


def show_product(product: FoundProduct, session: Session, offers: Sequence[Promotion]) -> dict[str, Any]:
    """`low` and `high` are of the variants that fit, `others` those that do not and are there; `presale` when it is sold
    before it is there. Attributes that a foreign customer cannot read are left out of `points`."""
    prices = [variant.price_minor for variant in product.fitting] or [0]
    presale = find_presale(product, offers, session.now)
    shown: dict[str, Any] = {
        "id": str(product.id),
        "title": show_title(product, session.language),
        "name": product.title,
        "code": product.code,
        "category": product.category,
        "low": show_money(min(prices), product.currency, session.language),
        "high": show_money(max(prices), product.currency, session.language),
        "low_minor": min(prices),
        "in_stock": _in_stock(product),
        "attributes": {name: value for name, value in product.attributes.items() if name.lower() not in NAMING},
        "points": _points(product, session.language),
        "variants": [_variant(one, product, session) for one in product.fitting[:MOST_VARIANTS]],
        "others": [
            _variant(one, product, session)
            for one in product.variants[:MOST_VARIANTS]
            if one not in product.fitting and one.is_available
        ],
    }
    if presale is not None:
        shown["presale"] = {
            "deposit": show_money(presale.deposit_minor, product.currency, session.language),
            "counts_as": show_money(presale.counts_as_minor, product.currency, session.language),
            "balance": show_day(presale.balance_at, session),
            "ships": show_day(presale.ships_at, session),
        }
    return shown


def show_title(product: FoundProduct, language: str) -> str:
    """As the shop calls it in that language; else what kind of thing it is, with its own name."""
    name = name_for(language, product.title, product.attributes)
    if not is_foreign_to(language, name):
        return name
    called = f"{product.title} {product.category}"
    kind = kind_in(called, language) or kind_in_english(called).capitalize()
    return f"{kind} “{name}”" if kind else f"“{name}”"


def _points(product: FoundProduct, language: str) -> list[str]:
    told = [f"{name} {value}" for name, value in product.attributes.items() if name.lower() not in NAMING]
    return [one for one in told if not is_foreign_to(language, one)][:MOST_POINTS]


def product_card(product: FoundProduct, shown: dict[str, Any]) -> dict[str, Any]:
    """What the customer sees beside the words. Price and stock are as of now; the page decides."""
    return {
        "kind": "product",
        "product_id": shown["id"],
        "title": shown["title"],
        "price": shown["low"] if shown["low"] == shown["high"] else f"{shown['low']}–{shown['high']}",
        "url": product.url,
        "picture_url": product.picture_url,
        "in_stock": shown["in_stock"],
        "presale_ships": shown["presale"]["ships"] if "presale" in shown else None,
    }


def find_presale(product: FoundProduct, offers: Sequence[Promotion], now: datetime) -> Presale | None:
    codes = codes_of([product.code, product.external_id, *(one.sku for one in product.variants)])
    for offer in offers:
        scope = offer.scope
        is_open = (scope.starts_at is None or scope.starts_at <= now) and (scope.ends_at is None or now < scope.ends_at)
        if isinstance(offer.terms, Presale) and is_open and scope.holds(codes):
            return offer.terms
    return None


def show_day(moment: datetime, session: Session) -> str:
    """The day in the shop's time zone: 11月25日, 11월 25일, 25 Nov, 25 de noviembre."""
    local = moment.astimezone(session.now.tzinfo)
    if session.language.startswith("zh"):
        return f"{local.month}月{local.day}日"
    return day_in(local.month, local.day, session.language) or f"{local.day} {local:%b}"


def _variant(variant: FoundVariant, product: FoundProduct, session: Session) -> dict[str, Any]:
    return {
        "title": variant.title,
        "sku": variant.sku,
        "price": show_money(variant.price_minor, product.currency, session.language),
        "stock": variant.stock,
        "restock": show_day(variant.restock_at, session) if variant.restock_at is not None else None,
    }


def _in_stock(product: FoundProduct) -> bool | None:
    """None where the shop does not tell."""
    told = [variant.stock for variant in product.fitting if variant.stock is not None]
    return any(stock > 0 for stock in told) if told else None
