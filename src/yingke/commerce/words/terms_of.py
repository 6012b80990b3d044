"""The words of a product as PostgreSQL keeps them for finding: title A, kind and variants B, attributes C, description D."""

from collections.abc import Iterable

from yingke.commerce.shapes import Product
from yingke.commerce.words.cut import (
    class_tokens,
    fold,
    measure_tokens,
    pair_tokens,
    people_tokens,
    plain_tokens,
    size_tokens,
)

MOST_DESCRIPTION = 4_000


def terms_of(product: Product) -> str:
    """A tsvector as text. About 0.2 ms."""
    variants = " ".join(f"{one.title} {' '.join(one.attributes.values())}" for one in product.variants)
    attributes = " ".join(f"{name} {value}" for name, value in product.attributes.items())
    codes = [product.code, product.external_id, *(one.sku for one in product.variants)]
    weights: dict[str, str] = {}
    for weight, tokens in (
        ("A", [*_tokens(product.title), *pair_tokens(fold(product.title)), *(fold(code) for code in codes if code)]),
        ("B", [*_tokens(product.category), *_tokens(variants)]),
        ("C", _tokens(attributes)),
        ("D", _tokens(product.description[:MOST_DESCRIPTION])),
    ):
        for token in tokens:
            weights.setdefault(token, weight)
    return " ".join(f"{_quoted(token)}:1{weight}" for token, weight in weights.items() if token.strip())


def _tokens(text: str) -> Iterable[str]:
    folded = fold(text)
    return (
        *class_tokens(folded),
        *people_tokens(folded),
        *measure_tokens(folded),
        *size_tokens(folded),
        *plain_tokens(folded),
    )


def _quoted(token: str) -> str:
    kept = token[:100].replace("\0", "").replace("\\", "\\\\").replace("'", "''")
    return f"'{kept}'"
