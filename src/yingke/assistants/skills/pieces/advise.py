"""Products for a need: the first choice, more of it, cheaper ones, and those that are best at one thing."""

import re
from typing import Any

from yingke.assistants.skills.pieces.focus import speak_of
from yingke.assistants.skills.pieces.pre_words import FOR_SOMEBODY, need_of
from yingke.assistants.skills.pieces.product_words import product_line
from yingke.assistants.skills.pieces.work import Request, Served, Work
from yingke.commerce.finding.measures import Measure, MeasureWish, holds, read_measure, value_of
from yingke.commerce.finding.need import names_a_thing, read_need
from yingke.commerce.words.cut import fold
from yingke.commerce.words.own_words import as_kept
from yingke.kit.expression import expression
from yingke.knowledge.correcting.correct import common_confusions, correct

MOST_SHOWN = 3
MOST_COMPARED = 6
SURE = 0.5
LONGEST_DETAIL = 14
ANYTHING = "*"
"""A need that looks for nothing in particular."""
_ASKS = expression(
    r"多少|几|吗|么|怎|哪|能|会|够|[?？]|什么|啥|[个条把顶件张套只双][^人]?$|\b(?:how|what|which|can|is|do)\b",
    re.IGNORECASE,
)
_ASPECTS = {"hours": "running"}
"""Measures that are called as an aspect of another name is."""
_LETTERS = re.compile(r"(?<![A-Za-z0-9-])[A-Za-z]{5,24}(?![A-Za-z0-9-])")


def searched(work: Work, text: str) -> str:
    """What to search for: without the words around it, and pinyin among Chinese read as Chinese."""
    need = need_of(text)
    if not work.is_chinese or not _LETTERS.search(need):
        return need
    return _LETTERS.sub(lambda match: correct((match[0],), common_confusions())[0][0], need)


async def advise(work: Work, request: Request) -> Served:
    """The knowledge answers where nothing that the shop sells is meant."""
    need = searched(work, request.search)
    wish = read_measure(fold(request.text))
    found = await _find(work, {"need": need, "limit": MOST_COMPARED if wish else MOST_SHOWN, "show": True})
    if found is None:
        return Served(None)
    products = [one for one in found["products"] if one["score"] >= SURE]
    if wish is not None and products and (best := _by_measure(work, products, wish)) is not None:
        return _shown(work, need, best[0], best[1])
    if not products:
        _keep_cards(work, [])
        return Served(work.say("found_none"), offers_person=True) if found["filters"] else Served(None)
    chosen = products[:MOST_SHOWN]
    if relaxed := [one for one in found["relaxed"]]:
        said = work.say("found_near", missing=work.listed(relaxed), products=_lines(work, chosen))
    else:
        said = work.say("found", products=_lines(work, chosen))
    return _shown(work, need, chosen, said)


async def show_some(work: Work, key: str) -> Served:
    """Of everything that is there: for a present, to begin with, to look around. A budget still counts."""
    price = read_need(work.text)
    least, need = price.least_minor, ANYTHING
    if least is not None and price.most_minor is not None:
        need = f"{least / 100:g}-{price.most_minor / 100:g}元"
    most = {"below_minor": price.most_minor + 1} if price.most_minor is not None else {}
    found = await _find(work, {"need": need, "limit": MOST_SHOWN, "show": True, **most})
    if found is None or not found["products"]:
        return Served(None)
    products = found["products"]
    if found["relaxed"]:
        said = work.say("found_near", missing=found["relaxed"][0], products=_lines(work, products))
        return _shown(work, ANYTHING, products, said)
    return _shown(work, ANYTHING, products, work.say(key, products=_lines(work, products)))


async def show_more(work: Work) -> Served:
    """Others for the same need."""
    talk = work.talk
    await _recall(work)
    found = await _find(work, {"need": talk.need, "limit": MOST_SHOWN, "show": True, "without": talk.seen[-20:]})
    products = [one for one in found["products"] if one["score"] >= SURE] if found is not None else []
    if not products:
        _keep_cards(work, [])
        return Served(work.say("found_no_more"))
    return _shown(work, talk.need, products, work.say("found", products=_lines(work, products)))


async def show_cheaper(work: Work) -> Served:
    """Cheaper than the one that was shown first."""
    talk = work.talk
    await _recall(work)
    found = await _find(
        work, {"need": talk.need, "limit": MOST_SHOWN, "show": True, "below_minor": max(talk.first_minor, 1)}
    )
    fits = found is not None and not found["relaxed"]
    products = [one for one in found["products"] if one["score"] >= SURE] if found is not None and fits else []
    products = [one for one in products if one["low_minor"] < talk.first_minor]
    if not products:
        _keep_cards(work, [])
        return await _cheapest_is(work)
    products.sort(key=lambda one: one["low_minor"])
    return _shown(work, talk.need, products, work.say("found_cheaper", products=_lines(work, products)))


async def show_available(work: Work) -> Served:
    """Of the same kind, what is there now."""
    await _recall(work)
    found = await _find(work, {"need": work.talk.need or ANYTHING, "limit": MOST_COMPARED, "show": True, "live": True})
    there = [one for one in found["products"] if one["in_stock"] and "presale" not in one] if found is not None else []
    if not there:
        _keep_cards(work, [])
        return Served(work.say("found_no_more"))
    chosen = there[:MOST_SHOWN]
    return _shown(work, work.talk.need, chosen, work.say("found_available", products=_lines(work, chosen)))


async def _cheapest_is(work: Work) -> Served:
    found = await _find(work, {"need": work.talk.need, "limit": MOST_COMPARED, "show": False})
    products = [one for one in found["products"] if one["score"] >= SURE] if found is not None else []
    if not products:
        return Served(None)
    cheapest = min(products, key=lambda one: one["low_minor"])
    return Served(work.say("found_cheapest", product=product_line(cheapest, work)))


async def refine(work: Work) -> Served:
    """What was looked for, with what the customer has told since: for how many, for how much, for what nights."""
    talk = work.talk
    talk.need = f"{talk.need} {work.text}"[-80:]
    told = read_need(talk.need)
    most = {"below_minor": told.most_minor + 1} if told.most_minor is not None else {}
    found = await _find(work, {"need": talk.need, "limit": MOST_SHOWN, "show": True, **most})
    if found is None or not found["products"] or found["relaxed"]:
        return await show_some(work, "found_some")
    products = found["products"]
    return _shown(work, talk.need, products, work.say("found", products=_lines(work, products)))


async def show_dearer(work: Work) -> Served:
    """Above the one that was shown first, the nearest to its price first."""
    talk = work.talk
    await _recall(work)
    found = await _find(work, {"need": talk.need or ANYTHING, "limit": MOST_COMPARED, "show": True})
    products = [one for one in found["products"] if one["low_minor"] > talk.first_minor] if found is not None else []
    if not products:
        found = await _find(work, {"need": ANYTHING, "limit": MOST_COMPARED, "show": True})
        products = [one for one in found["products"] if one["low_minor"] > talk.first_minor] if found else []
    if not products:
        _keep_cards(work, [])
        return Served(work.say("found_no_more"))
    chosen = sorted(products, key=lambda one: int(one["low_minor"]))[:MOST_SHOWN]
    return _shown(work, talk.need, chosen, work.say("found_dearest", products=_lines(work, chosen[::-1])))


async def by_price(work: Work, request: Request, *, dearest: bool) -> Served:
    """The cheapest or dearest of a kind: the one that is named or spoken of; of all there is where there is none."""
    need = searched(work, request.search)
    if not names_a_thing(request.text):
        await _recall(work)
        need = work.talk.need if work.talk.product_ids and names_a_thing(work.talk.need) else ANYTHING
    found = await _find(work, {"need": need, "limit": MOST_COMPARED, "show": True})
    products = [one for one in found["products"] if one["score"] >= SURE] if found is not None else []
    if not products:
        _keep_cards(work, [])
        return Served(None)
    products.sort(key=lambda one: one["low_minor"], reverse=dearest)
    chosen = products[:MOST_SHOWN]
    key = "found_dearest" if dearest else "found_by_price"
    return _shown(work, need, chosen, work.say(key, products=_lines(work, chosen)))


async def _recall(work: Work) -> None:
    """Where another skill showed the product, its kind is what was looked for."""
    talk = work.talk
    focus = talk.product_ids[0] if talk.product_ids else ""
    if not focus or (talk.need and focus in talk.seen):
        return
    found = await _find(work, {"need": ANYTHING, "product_id": focus, "limit": 1, "show": False})
    if found is None or not found["products"]:
        return
    product = found["products"][0]
    tokens = read_need(product["name"]).tokens("t:")
    talk.need = as_kept(tokens[-1]).removeprefix("t:") if tokens else product["name"]
    talk.first_minor, talk.seen = product["low_minor"], talk.product_ids[: talk.in_focus]


def is_advising(work: Work) -> bool:
    """Something is being looked for, so that a mere detail is one of it."""
    return bool(work.talk.need) and work.talk.skill in ("goods", "pre_sales") and work.talk.asked is None


def is_detail(text: str) -> bool:
    """For how many, for which season, for what price, and hardly a word more."""
    need = read_need(text)
    told = need.tokens("p:") or need.most_minor is not None or need.least_minor is not None
    return bool(told) and len(text) <= LONGEST_DETAIL and not names_a_thing(text) and not _ASKS.search(text)


def is_budget(text: str) -> bool:
    """A price and nothing else: 「一百五左右」, 「两百以内」."""
    need = read_need(text)
    return (need.most_minor is not None or need.least_minor is not None) and len(text) <= 16 and is_bare(text)


def is_bare(text: str) -> bool:
    """A price, and hardly a word of what it should be."""
    return any(all(one.weight < 1.0 for one in read_need(said).concepts) for said in (text, need_of(text)))


def for_somebody(text: str) -> bool:
    """A present, and nothing else is said of what it should be."""
    return bool(FOR_SOMEBODY.search(text)) and not read_need(need_of(text)).tokens("t:")


async def _find(work: Work, arguments: dict[str, Any]) -> dict[str, Any] | None:
    found = await work.belt.run("find_products", arguments)
    return found.data if found.problem is None else None


def _by_measure(
    work: Work, products: list[dict[str, Any]], wish: MeasureWish
) -> tuple[list[dict[str, Any]], str] | None:
    """The best first, with the figure that decides; None where the shop gives no such figure."""
    measure = wish.measure
    told = [(one, figure) for one in products if (figure := value_of(measure, one["attributes"])) is not None]
    if not told:
        return None
    told.sort(key=lambda one: one[1][0], reverse=not measure.less_is_more)
    fitting = [one for one in told if holds(wish, one[1][0])]
    limit = _limit(work, wish)
    if wish.limit is not None and len(told) == 1:
        product, (_, name, value) = told[0]
        values = {"name": product["title"], "fact": f"{name} {value}", "limit": limit}
        return [product], work.say("measure_fits" if fitting else "measure_not", **values)
    chosen = (fitting or told)[:MOST_SHOWN]
    lines = "\n".join(
        f"{place}. {product_line(product, work, f'{name} {value}')}"
        for place, (product, (_, name, value)) in enumerate(chosen, 1)
    )
    shown = [product for product, _ in chosen]
    if wish.limit is not None and not fitting:
        return shown[:1], work.say("found_short", limit=limit, products=lines.split("\n")[0])
    if len({figure[0] for _, figure in chosen}) == 1 and len(chosen) > 1:
        return shown, work.say("found_same", measure=_called(measure, work), products=lines)
    return shown, work.say("found_by", measure=_called(measure, work), products=lines)


def _called(measure: Measure, work: Work) -> str:
    return work.word(f"aspect_{_ASPECTS.get(measure.key, measure.key)}", measure.zh, measure.en)


def _limit(work: Work, wish: MeasureWish) -> str:
    if wish.limit is None:
        return ""
    unit = next(iter(wish.measure.units))
    return f"{_called(wish.measure, work)} {wish.limit:g}{unit}"


def _lines(work: Work, products: list[dict[str, Any]]) -> str:
    return "\n".join(f"{place}. {product_line(one, work)}" for place, one in enumerate(products, 1))


def _shown(work: Work, need: str, products: list[dict[str, Any]], said: str) -> Served:
    """What was shown is remembered: for 「还有别的吗」, 「便宜点的」, 「第二个」."""
    talk = work.talk
    ids = [one["id"] for one in products]
    talk.need, talk.first_minor = need[:80], products[0]["low_minor"]
    talk.seen = list(dict.fromkeys([*talk.seen, *ids]))[-20:]
    speak_of(work, ids)
    _keep_cards(work, ids)
    return Served(said)


def _keep_cards(work: Work, ids: list[str]) -> None:
    """Of what was found only what is spoken of, in that order."""
    cards = {card.get("product_id"): card for card in work.belt.cards if card.get("kind") == "product"}
    others = [card for card in work.belt.cards if card.get("kind") != "product"]
    work.belt.cards[:] = [*others, *(cards[id] for id in ids if id in cards)]
