"""What the shop's live data adds to an answer out of the knowledge: the day it ships, and the products spoken of."""

import re

from yingke.assistants.consider import Considered
from yingke.assistants.countries import in_chinese, lists_countries, missing_destination, names_place
from yingke.assistants.engine import Reply
from yingke.assistants.skills.pieces.focus import speak_of
from yingke.assistants.skills.pieces.product_words import product_line, stock_line
from yingke.assistants.skills.pieces.ship_day import ship_day
from yingke.assistants.skills.pieces.work import Work
from yingke.commerce.finding.need import names_a_thing, read_need
from yingke.kit.expression import expression

_NOT_BUYING = expression(
    r"退|换货|保修|维修|坏了|碎|破了|收到的|发货|物流|快递|运费|发票|投诉|订单|refund|return|repair|broken|shipping|invoice",
    re.IGNORECASE,
)
_WHEN = expression(
    r"发货|发出|寄出|什么时候|啥时候|几时|几号|来得及|赶得上|多久(?:能|会)?(?:到|发)|几天(?:能|会)?(?:到|发)|能到|\bwhen\b|\bship|\bdeliver|\barrive",
    re.IGNORECASE,
)
SURE = 0.5
SHOWN = 2


async def add_beside(work: Work, considered: Considered, reply: Reply, *, is_first: bool) -> None:
    """Changes `reply` in place; does nothing for an answer without sources. `is_first`: no goods were spoken of before."""
    if not reply.citations:
        return
    _add_destination(work, considered, reply)
    if not await _add_presale(work, reply):
        _add_ship_day(work, reply)
    if is_first and work.belt.has("find_products") and considered.need is None and not _NOT_BUYING.search(work.text):
        await _add_products(work, reply)


def _add_destination(work: Work, considered: Considered, reply: Reply) -> None:
    """A list of countries is no answer to whether one that is not on it is served; nor is what it costs elsewhere."""
    asked = considered.findings[0].ask.text if len(considered.findings) == 1 else work.text
    if not names_place(asked):
        return
    quoted = "\n".join(str(one.get("quote", "")) for one in reply.citations)
    if not lists_countries(quoted):
        quoted = next((hit.entry.text for hit in considered.hits if lists_countries(hit.entry.text)), "")
    country = missing_destination(asked, quoted)
    if country is not None:
        said = work.say("no_destination", country=in_chinese(country) if work.is_chinese else country)
        reply.text = f"{said}\n{reply.text}"


async def _add_presale(work: Work, reply: Reply) -> bool:
    """The rule for what is there already is no answer for what is sold before it is there: its own day goes first."""
    ids = work.talk.product_ids[: work.talk.in_focus]
    if not ids or not _WHEN.search(work.text) or not work.belt.has("find_products"):
        return False
    if work.talk.order_number and not names_a_thing(work.text):
        # An order was looked at: its parcel is asked about, not what may be ordered.
        return False
    found = await work.belt.run("find_products", {"need": work.text, "product_ids": ids, "limit": len(ids)})
    ahead = [one for one in found.data.get("products", []) if "presale" in one]
    if not ahead:
        return False
    said = [stock_line(one, work) for one in ahead]
    reply.text = "\n".join([*said, reply.text])
    reply.facts = (*reply.facts, *found.facts)
    return True


def _add_ship_day(work: Work, reply: Reply) -> None:
    quoted = "\n".join(str(one.get("quote", "")) for one in reply.citations)
    told = ship_day(work.text, quoted, work.belt.session.now, work.tag)
    if told is None:
        return
    key, values = told
    if not work.is_chinese and "day_en" in values:
        values = {"now": values["now"], "cutoff": values["cutoff"], "day_en": values["day_en"]}
    elif "day_en" in values:
        values = {name: value for name, value in values.items() if name != "day_en"}
    line = work.say(key, **values)
    reply.text = f"{reply.text}\n{line}"
    reply.facts = (*reply.facts, line)


async def _add_products(work: Work, reply: Reply) -> None:
    """Once a talk: the product is remembered and shown; to a need of his, not a mere name, one more of its kind is offered."""
    need = read_need(work.text)
    if not need.tokens("t:"):
        return
    found = await work.belt.run("find_products", {"need": work.text, "limit": SHOWN, "show": True})
    products = [one for one in found.data.get("products", []) if one["score"] >= SURE]
    if found.problem is not None or not products:
        return
    speak_of(work, [products[0]["id"]])
    reply.cards = [*found.cards[: len(products)]]
    reply.facts = (*reply.facts, *found.facts)
    if len(products) > 1 and need.tokens("p:", "q:"):
        reply.text = f"{reply.text}\n{work.say('look_at_too', product=product_line(products[1], work))}"
