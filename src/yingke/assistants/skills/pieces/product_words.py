"""Products, prices and stock in words."""

import re
from typing import Any

from yingke.assistants.skills.pieces.work import Work
from yingke.commerce.words.cut import fold, size_tokens
from yingke.commerce.words.kinds import kind_in, kind_in_english

MOST_ROWS = 8
SIZES = ("XXS", "XS", "S", "M", "L", "XL", "XXL", "XXXL", "4XL", "5XL")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LAST_SIZE = re.compile(r"最[小大](?:的)?(?:码|号)|smallest|largest|biggest", re.IGNORECASE)


def product_line(product: dict[str, Any], work: Work, first: str = "") -> str:
    """名称　价格　要点　库存. `first` is the property that decides here."""
    parts = [product["title"], _span(product), first]
    parts += [one for one in product.get("points", []) if one != first][: 1 if first else 2]
    parts.append(_short_stock(product, work))
    return "　".join(part for part in parts if part) if work.is_chinese else " · ".join(part for part in parts if part)


def price_line(product: dict[str, Any], work: Work) -> str:
    if product["low"] != product["high"]:
        return work.say("price_from", name=_name(work, product), low=product["low"], high=product["high"])
    return work.say("price_one", name=_name(work, product), price=product["low"])


def stock_line(product: dict[str, Any], work: Work) -> str:
    """What is there of the variant that was asked for, or of each."""
    if product.get("presale"):
        return work.say("stock_presale", name=_name(work, product), ships=product["presale"]["ships"])
    variants = product["variants"]
    if not variants or len(variants) > MOST_ROWS:
        return (
            work.say("stock_some", name=_name(work, product))
            if product["in_stock"]
            else work.say("stock_no", name=_name(work, product))
        )
    return "\n".join(_variant_stock(product, variant, work) for variant in variants)


def at_the_end(product: dict[str, Any], text: str) -> dict[str, Any]:
    """「最小码」: of the sizes the first, or the last for 「最大码」; the product itself where neither is asked for."""
    if not (match := _LAST_SIZE.search(text)):
        return product
    sized = [(SIZES.index(size), one) for one in product["variants"] if (size := size_in(str(one["title"])))]
    if not sized:
        return product
    wants_small = match[0].startswith(("最小", "small"))
    end = (min if wants_small else max)(place for place, _ in sized)
    return product | {"variants": [one for place, one in sized if place == end]}


def size_in(title: str) -> str:
    """M of 「白 M」; empty where the title of a variant tells no size in letters."""
    found = [token[2:].upper() for token in size_tokens(fold(title))]
    return next((one for one in found if one in SIZES), "")


def enough_line(product: dict[str, Any], wanted: int, work: Work) -> str:
    """Whether so many are there; nothing where the shop does not count them."""
    told = [one["stock"] for one in product["variants"] if one["stock"] is not None]
    if not told or product.get("presale"):
        return ""
    key = "enough" if sum(told) >= wanted else "not_enough"
    return work.say(key, name=_name(work, product), count=sum(told), wanted=wanted)


def out_of_stock_line(product: dict[str, Any], work: Work) -> str:
    """What of the same product is there instead, and that one can be told when it is back."""
    others = [one for one in product["others"] if one["title"] and one["stock"]]
    if not others:
        return work.say("ask_notice")
    listed = work.listed(
        f"{one['title']} {one['stock']} 件" if work.is_chinese else f"{one['title']} ({one['stock']})"
        for one in others[:6]
    )
    return work.say("stock_others", others=listed)


def _variant_stock(product: dict[str, Any], variant: dict[str, Any], work: Work) -> str:
    name = _name(work, product, variant)
    if variant["stock"] is None:
        return work.say("stock_some", name=name)
    if variant["stock"] > 0:
        return work.say("stock_yes", name=name, count=variant["stock"])
    if variant.get("restock"):
        return work.say("stock_no_until", name=name, date=variant["restock"])
    return work.say("stock_no", name=name)


def as_called(words: str, work: Work) -> str:
    """What was heard in Chinese, as the customer calls it: 睡袋 is a Schlafsack."""
    return (
        words
        if work.is_chinese or not _HAN.search(words)
        else kind_in(words, work.tag) or kind_in_english(words) or words
    )


def quote_lines(quote: dict[str, Any], work: Work) -> list[str]:
    """Each article, then each step with what is left after it."""
    lines = [f"· {line['title']} {line['price']} ×{line['quantity']} = {line['amount']}" for line in quote["lines"]]
    lines.append(f"· {work.word('goods_total', '商品合计', 'Goods')} {quote['goods']}")
    for step in quote["steps"]:
        said = step["zh"] if work.is_chinese else work.phrase(step["en"])
        if step["amount_minor"]:
            sign = "−" if step["amount_minor"] < 0 else "+"
            lines.append(f"· {said} {sign}{step['amount']} → {step['left']}")
        else:
            lines.append(f"· {said}")
    if quote.get("deposit"):
        deposit = quote["deposit"]
        said = work.word(
            "deposit_line",
            "现在付定金 {now}，{balance_at} 付尾款 {later}，{ships_at} 起发货",
            "Deposit now {now}, balance {later} on {balance_at}, ships from {ships_at}",
        )
        lines.append(f"· {said.format(**deposit)}")
    return lines


def compare_rows(compared: dict[str, Any], work: Work) -> list[str]:
    """A row an attribute; what is the same in all is left out by the tool."""
    names = [product["title"] for product in compared["products"]]
    rows = ["｜".join(["", *names])] if work.is_chinese else [" | ".join(["", *names])]
    joint = "｜" if work.is_chinese else " | "
    rows += [joint.join([row["name"], *row["values"]]) for row in compared["rows"][:MOST_ROWS]]
    if any(product.get("presale") for product in compared["products"]):
        ahead = [_short_stock(product, work) or "–" for product in compared["products"]]
        rows.append(joint.join([work.word("stock", "现货", "stock"), *ahead]))
    return rows


def _name(work: Work, product: dict[str, Any], variant: dict[str, Any] | None = None) -> str:
    if variant is None or not variant["title"] or variant["title"] == product["title"]:
        return str(product["title"])
    title, name = variant["title"], product["title"]
    return f"{name}（{title}）" if work.is_chinese else f"{name} ({title})"


def _span(product: dict[str, Any]) -> str:
    return product["low"] if product["low"] == product["high"] else f"{product['low']}–{product['high']}"


def _short_stock(product: dict[str, Any], work: Work) -> str:
    if product.get("presale"):
        ships = product["presale"]["ships"]
        return work.word("presale_from", "预售，{ships}起发货", "pre-sale, ships from {ships}").format(ships=ships)
    if product["in_stock"] is None:
        return ""
    if product["in_stock"]:
        return work.word("in_stock", "有货", "in stock")
    return work.word("out_of_stock", "暂时没货", "out of stock")
