"""Facts, comparisons and advice in sentences that a shop assistant would say."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from yingke.assistants.goods.aspects import Aspect
from yingke.assistants.goods.measured import measured
from yingke.assistants.goods.shelf import Fact, Good
from yingke.assistants.skills.pieces.product_words import compare_rows, price_line, product_line, stock_line
from yingke.assistants.skills.pieces.work import Work

_FIGURES = re.compile(r"[a-zA-Z0-9][^\u3400-\u9fff，。；、,;]*")
_FIGURE_OR_NAME = re.compile(r"\d|[A-Z]\w*-?[A-Za-z]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_UNITS = {
    "年": "year(s)",
    "个月": "month(s)",
    "天": "day(s)",
    "小时": "hours",
    "分钟": "minutes",
    "秒": "seconds",
    "升": "l",
    "人": "people",
}
_COUNTED = re.compile(rf"(\d)\s*({'|'.join(_UNITS)})")


def told(
    work: Work, facts: Sequence[Fact], aspects: Sequence[Aspect], names: dict[int, str], text: str = ""
) -> str | None:
    """「两人三季帐：重量 2.1kg，双门。」, a line a good; which of two is lighter where that was asked.

    Who reads no Chinese is told figures with an English word for what they are, and `names`; None where nothing can be.
    """
    lines: dict[str, list[str]] = {}
    for fact in facts:
        if (line := _readable(work, fact, aspects)) is not None:
            title = fact.good.title if work.is_chinese else names.get(fact.good.id, fact.good.title)
            known = lines.setdefault(title, [])
            if not any(fact.line.text in one for one in known):
                known.append(line)
    colon, comma, stop = ("：", "，", "。") if work.is_chinese else (": ", ", ", ".")
    said = [f"{title}{colon}{comma.join(parts)}{stop}" for title, parts in lines.items()]
    if not said:
        return None
    winner = winner_of(facts, aspects, text)
    if winner is not None:
        said.append(work.say("compare_winner", name=winner.title))
    return "\n".join(said)


def compared(work: Work, data: dict[str, Any], *, only_price: bool) -> str:
    if only_price:
        return "\n".join(price_line(one, work) for one in data["products"])
    return work.say("compare", rows="\n".join(compare_rows(data, work)))


def described(work: Work, products: Sequence[dict[str, Any]], *, with_stock: bool) -> str:
    if with_stock:
        return "\n".join(stock_line(one, work) for one in products)
    return work.say("have_these", products="\n".join(product_line(one, work) for one in products))


def advised(work: Work, products: Sequence[dict[str, Any]]) -> str:
    """One is looked at, several are a choice."""
    if len(products) == 1:
        return work.say("advise_one", product=product_line(products[0], work))
    lines = [f"{place}. {product_line(one, work)}" for place, one in enumerate(products, 1)]
    return work.say("advise", products="\n".join(lines))


def _readable(work: Work, fact: Fact, aspects: Sequence[Aspect]) -> str | None:
    """As the shop writes it, to whom reads that; of the rest only figures, where it is clear what they mean."""
    if work.is_chinese or not _HAN.search(fact.line.whole):
        return fact.line.whole
    about = next((one for one in aspects if fact.line.name and one.names.search(fact.line.name)), None)
    if about is None:
        return None
    text = _COUNTED.sub(lambda found: f"{found[1]} {_UNITS[found[2]]}", fact.line.text)
    figures = [_in_words(work, part.strip()) for part in _FIGURES.findall(text) if _FIGURE_OR_NAME.search(part)]
    figures += [work.word(f"value_{one}", one, said) for one, said in _values().items() if one in fact.line.text]
    return f"{work.word(f'aspect_{about.name}', about.en, about.en)} {work.listed(figures)}" if figures else None


@cache
def _values() -> dict[str, str]:
    """What is often written of goods without a figure: Chinese → English."""
    return tomllib.loads(files("yingke.assistants.skills.pieces").joinpath("values.toml").read_text("utf-8"))


def _in_words(work: Work, figure: str) -> str:
    """With the unit as the customer's language has it."""
    for chinese, english in _UNITS.items():
        if figure.endswith(f" {english}"):
            return f"{figure.removesuffix(english)}{work.word(f'unit_{chinese}', chinese, english)}"
    return figure


def winner_of(facts: Sequence[Fact], aspects: Sequence[Aspect], text: str) -> Good | None:
    """The good at the end of the scale that is asked for; None where the words or the figures do not say."""
    if len({fact.good.id for fact in facts}) < 2 or not aspects:
        return None
    aspect = aspects[0]
    wants_less = aspect.less is not None and aspect.less.search(text) is not None
    wants_more = aspect.more is not None and aspect.more.search(text) is not None
    values = [(value, fact.good) for fact in facts if (value := measured(fact.line.text)) is not None]
    if wants_less == wants_more or len(values) < len(facts) or len({value for value, _ in values}) < 2:
        return None
    return (min if wants_less else max)(values, key=lambda one: one[0])[1]
