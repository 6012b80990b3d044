"""What is on offer, gifts, bargaining, and questions about prices that nobody can promise anything on."""

from typing import Any

from yingke.assistants.skills.pieces.going_on import OFFERS
from yingke.assistants.skills.pieces.work import Served, Work

MOST = 8
_SUBJECTS = ("券", "满", "赠", "会员", "预售", "coupon")


async def tell_offers(work: Work) -> Served:
    """What is on today; nothing where the shop keeps no offers."""
    lines = await _lines(work)
    work.talk.about = OFFERS
    return Served(work.say("offers", offers="\n".join(lines))) if lines else Served(None)


async def tell_of_offers(work: Work, wish: str, text: str, product_id: str = "") -> Served:
    """Until when they are on, what the coupon is, or which of them count for one product."""
    found = await work.belt.run("current_offers", {"product_id": product_id} if product_id else {})
    offers = [one for one in found.data.get("offers", []) if found.problem is None and one["kind"] != "shipping"]
    if wish == "coupon":
        offers = [one for one in offers if one["kind"] == "coupon"]
    if wish == "until":
        offers = [one for one in offers if one["until"] is not None]
        about = [one for one in offers if any(word in text and word in one["text"] for word in _SUBJECTS)]
        offers = about or offers
    if not offers:
        return Served(None)
    work.talk.about = OFFERS
    return Served(work.say("offers", offers="\n".join(_line(one, work) for one in offers[:MOST])))


async def tell_gift(work: Work, product: dict[str, Any] | None) -> Served:
    """Of one product, or of all."""
    found = await work.belt.run("current_offers", {"product_id": product["id"]} if product is not None else {})
    offers = found.data.get("offers", [])
    if found.problem is not None or not offers:
        return Served(None)
    gifts = [_line(one, work) for one in offers if one["kind"] == "gift"]
    if gifts:
        return Served("\n".join(gifts))
    return Served(work.say("no_gift", name=product["title"])) if product is not None else Served(None)


async def bargain(work: Work) -> Served:
    """Published rules are the same for everybody; which of them count is told."""
    lines = await _lines(work)
    said = [work.say("bargain")]
    if lines:
        said.append(work.say("offers", offers="\n".join(lines)))
    return Served("\n".join(said), offers_person=not lines)


async def no_promise(work: Work, key: str, *, with_offers: bool = False) -> Served:
    """What the material does not say is not said either."""
    lines = await _lines(work) if with_offers else []
    said = [work.say(key)]
    if lines:
        said.append(work.say("offers", offers="\n".join(lines)))
    return Served("\n".join(said), offers_person=not lines)


async def _lines(work: Work) -> list[str]:
    found = await work.belt.run("current_offers", {})
    offers = found.data.get("offers", []) if found.problem is None else []
    return [_line(one, work) for one in offers if one["kind"] != "shipping"][:MOST]


def _line(offer: dict[str, Any], work: Work) -> str:
    until = offer["until"]
    if until is None:
        return f"· {work.phrase(offer['text'])}"
    return (
        f"· {work.phrase(offer['text'])}{work.word('until', '（到 {until}）', ' (until {until})').format(until=until)}"
    )
