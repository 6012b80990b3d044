"""Products that fit a need, told in somebody's own words."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from yingke.commerce.finding.found import Filter, Found, FoundProduct, FoundVariant
from yingke.commerce.finding.load_products import COLUMNS, with_variants
from yingke.commerce.finding.need import Need, read_need
from yingke.commerce.money import plain_amount
from yingke.commerce.words.cut import class_tokens, fold, size_tokens
from yingke.commerce.words.own_words import OwnWords, as_kept, own_words
from yingke.kit.db import Transaction

CANDIDATES = 24
IN_TITLE, ELSEWHERE = 1.0, 0.7
_SOLD_OUT = 0.75
_LEAST_SHARE = 0.34


async def find_products(
    tx: Transaction,
    workspace_id: int,
    need: Need | str,
    *,
    shop_id: int | None = None,
    limit: int = 6,
    only_available: bool = False,
) -> Found:
    """Listed products of the shop. A thing that is named must be it; a price must hold; the rest decides the order.

    What would leave nothing is let go and said so. Without anything to look for: what is in stock, the newest first.
    """
    asked = read_need(need) if isinstance(need, str) else need
    products, filters = await _search(tx, workspace_id, asked, shop_id)
    return choose(products, filters, asked, limit, only_available=only_available)


def choose(
    products: list[FoundProduct], filters: list[Filter], asked: Need, limit: int, *, only_available: bool = False
) -> Found:
    """The best of what a search gave."""
    fitted, more = fit_variants(products, asked)
    filters = [*filters, *more]
    if only_available and any(one.is_available for one in fitted):
        fitted = [one for one in fitted if one.is_available]
        filters.append(Filter("stock", "有货", "In stock"))
    ranked = sorted(fitted, key=lambda one: _place(one, asked))
    best = ranked[0].score if ranked else 0.0
    kept = [one for one in ranked if one.score >= best * _LEAST_SHARE]
    return Found(tuple(kept[:limit]), tuple(filters))


async def _search(
    tx: Transaction, workspace_id: int, need: Need, shop_id: int | None
) -> tuple[list[FoundProduct], list[Filter]]:
    """With the things and the price as they are, then with the price let go, then with the things let go."""
    things = need.tokens("t:")
    for keeps_things, keeps_price in tries_of(need):
        rows = await _candidates(tx, workspace_id, need, shop_id, things if keeps_things else [], keeps_price)
        if rows:
            products = await with_variants(tx, workspace_id, rows)
            return [one for one in products if one.variants], filters_of(need, keeps_things, keeps_price)
    return [], filters_of(need, True, True)


def tries_of(need: Need) -> list[tuple[bool, bool]]:
    """(keeps the things, keeps the price), one after the other until something is found."""
    is_priced = need.least_minor is not None or need.most_minor is not None
    tries = [(True, True)] + [(True, False)] * is_priced + [(False, is_priced)] * bool(need.tokens("t:"))
    return list(dict.fromkeys(tries))


def told_by(need: Need) -> list[str]:
    """The words that a product is looked up by where no thing is named."""
    return [one.token for one in need.concepts if one.weight >= 1.0] or [one.token for one in need.concepts]


async def _candidates(
    tx: Transaction, workspace_id: int, need: Need, shop_id: int | None, things: list[str], keeps_price: bool
) -> Sequence[Any]:
    values: list[Any] = [workspace_id]

    def given(value: Any, type: str) -> str:
        values.append(value)
        return f"${len(values)}::{type}"

    where = ["workspace_id = $1", "is_listed"]
    if shop_id is not None:
        where.append(f"(shop_ids is null or {given(shop_id, 'bigint')} = any(shop_ids))")
    if things:
        # Named in the title or as its kind: a lamp "for the tent" is no tent.
        where.append(f"search @@ {given(_any_of(things, ':AB'), 'tsquery')}")
    elif need.concepts:
        where.append(f"search @@ {given(_any_of(told_by(need)), 'tsquery')}")
    if keeps_price and need.most_minor is not None:
        where.append(f"price_from_minor <= {given(need.most_minor, 'bigint')}")
    if keeps_price and need.least_minor is not None:
        where.append(f"price_to_minor >= {given(need.least_minor, 'bigint')}")
    parts = []
    for one in need.concepts:
        anywhere, in_title = given(_quoted(one.token), "tsquery"), given(_quoted(one.token) + ":A", "tsquery")
        weight = given(one.weight, "float8")
        parts.append(
            f"{weight} * case when not search @@ {anywhere} then 0::float8 when search @@ {in_title}"
            f" then {IN_TITLE}::float8 else {ELSEWHERE}::float8 end"
        )
    score = " + ".join(parts) or "0.0::float8"
    statement = (
        f"select {COLUMNS}, {score} as score from products where {' and '.join(where)}"
        f" order by score desc, (coalesce(stock_total, 1) > 0) desc, id desc limit {CANDIDATES}"
    )
    rows: Sequence[Any] = await tx.fetch(statement, *values)
    return rows


def fit_variants(products: list[FoundProduct], need: Need) -> tuple[list[FoundProduct], list[Filter]]:
    """Leaves the variants of the colour and size asked for; lets go of what no product has."""
    filters: list[Filter] = []
    for kind, prefix in (("colour", "c:"), ("size", "z:")):
        tokens = set(need.tokens(prefix))
        if not tokens:
            continue
        fitted = [one.with_fitting(_having(one, tokens, prefix)) for one in products]
        fitted = [one for one in fitted if one.fitting]
        words = "、".join(dict.fromkeys(one.said for one in need.concepts if one.token in tokens))
        filters.append(Filter(kind, words, words, is_relaxed=not fitted))  # type: ignore[arg-type]
        products = fitted or products
    if need.most_minor is not None:
        affordable = [one.with_fitting(_affordable(one, need)) for one in products]
        products = [one for one in affordable if one.fitting] or products
    return products, filters


def _having(product: FoundProduct, tokens: set[str], prefix: str) -> tuple[FoundVariant, ...]:
    """A product that tells its variants apart by something else is judged by its own words."""
    words = own_words()
    own = {one.id: _read(f"{one.title} {' '.join(one.attributes.values())}", prefix, words) for one in product.fitting}
    if not any(own.values()):
        said = _read(f"{product.title} {' '.join(product.attributes.values())}", prefix, words)
        return product.fitting if said & tokens else ()
    # 深蓝 is a blue as 浅蓝 is, and the one that was asked for.
    most = max(len(said & tokens) for said in own.values())
    return tuple(one for one in product.fitting if most and len(own[one.id] & tokens) == most)


@lru_cache(maxsize=8192)
def _read(text: str, prefix: str, own: OwnWords | None) -> frozenset[str]:
    """The tokens of that prefix; variants are called the same over and over."""
    folded = fold(text)
    tokens = size_tokens(folded) if prefix == "z:" else class_tokens(folded)
    return frozenset(token for token in tokens if token.startswith(prefix))


def _affordable(product: FoundProduct, need: Need) -> tuple[FoundVariant, ...]:
    most = need.most_minor
    return tuple(one for one in product.fitting if most is None or one.price_minor <= most)


def _place(product: FoundProduct, need: Need) -> tuple[float, ...]:
    score = product.score * (1.0 if product.is_available else _SOLD_OUT)
    cheapest = min(one.price_minor for one in product.fitting)
    return (cheapest, -score) if need.cheapest_first else (-score, not product.is_available, -product.id)


def filters_of(need: Need, keeps_things: bool, keeps_price: bool) -> list[Filter]:
    """What was searched by, and what was let go."""
    made = []
    for kind, prefix, kept in (("thing", "t:", keeps_things), ("people", "p:", True), ("trait", "q:", True)):
        words = "、".join(dict.fromkeys(one.said for one in need.concepts if one.token.startswith(prefix)))
        if words:
            made.append(Filter(kind, words, words, is_relaxed=not kept))  # type: ignore[arg-type]
    least, most = need.least_minor, need.most_minor
    if least is not None and most is not None:
        zh = en = f"{plain_amount(least)}–{plain_amount(most)}"
        made.append(Filter("price", zh, en, not keeps_price))
    elif most is not None:
        made.append(Filter("price", f"不超过 {plain_amount(most)}", f"Up to {plain_amount(most)}", not keeps_price))
    elif least is not None:
        made.append(Filter("price", f"{plain_amount(least)} 以上", f"From {plain_amount(least)}", not keeps_price))
    return made


def _any_of(tokens: Sequence[str], where: str = "") -> str:
    return " | ".join(_quoted(token) + where for token in tokens)


def _quoted(token: str) -> str:
    kept = as_kept(token).replace("\0", "").replace("\\", "\\\\").replace("'", "''")
    return f"'{kept}'"
