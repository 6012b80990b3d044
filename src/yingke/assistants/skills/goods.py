"""About the goods themselves: which one suits a need, what is written of it, how two of them differ."""

import re
from typing import Any, ClassVar

from yingke.assistants.goods.aspects import instead_of, meant_of
from yingke.assistants.goods.shelf import Fact
from yingke.assistants.skills.contract import Skill
from yingke.assistants.skills.pieces.focus import speak_of
from yingke.assistants.skills.pieces.going_on import STOCK
from yingke.assistants.skills.pieces.goods_read import PRICES, Read, about_it, read_asked
from yingke.assistants.skills.pieces.goods_words import advised, compared, described, told, winner_of
from yingke.assistants.skills.pieces.product_words import price_line
from yingke.assistants.skills.pieces.work import Request, Served, Work
from yingke.commerce.words.cut import fold
from yingke.commerce.words.in_chinese import things_in

NEAR_LINE = 0.42
"""From which nearness on the line that stands first is what was asked, in other words."""
MOST_ASKED = 16
_CLAUSES = re.compile(r"[\s，。！？,.!?；;]+")


class Goods(Skill):
    name = "goods"
    says = ("商品顾问", "About the goods")
    tools: ClassVar[tuple[str, ...]] = ("find_products", "compare_products")
    at_most = 0.87

    def claims(self, work: Work, request: Request) -> float:
        read = _read_once(work, request)
        return min(read.claim, self.at_most) if read is not None else 0.0

    async def serve(self, work: Work, request: Request) -> Served:
        read = _read_once(work, request)
        if read is None:
            return Served(None)
        if read.kind == "facts":
            return await self._tell(work, request, read)
        if read.kind == "sheet":
            return self._tell_all(work, request, read)
        if read.kind == "ask":
            # Asked once; whoever still says nothing that helps is better off with the honest answer of the knowledge.
            return Served(None if work.talk.skill == self.name else work.say("advise_ask"))
        if read.kind == "none":
            said = next(one.said for one in read.need.concepts if one.token.startswith("t:"))
            named = [] if work.is_chinese else things_in(work.text, work.tag)
            return Served(work.say("none_of_kind", kind=named[0] if named else said))
        if read.kind == "compare":
            return await self._compare(work, request, read)
        if read.kind == "advice":
            return await self._advise(work, request, read)
        said = " ".join(good.title for good in read.goods) if read.kind == "variants" else request.text
        found = await _look_at(work, said, [good.id for good in read.goods], shows=read.kind == "describe")
        speak_of(work, [one["id"] for one in found])
        work.talk.about = STOCK if read.kind != "describe" else ""
        if len(found) == 1 and len(found[0]["variants"]) == 1:
            work.talk.variant = found[0]["variants"][0]["title"]
        return Served(described(work, found, with_stock=read.kind != "describe") if found else None)

    async def _tell(self, work: Work, request: Request, read: Read) -> Served:
        ids = list(dict.fromkeys(fact.good.id for fact in read.facts))
        speak_of(work, [str(one) for one in ids])
        work.belt.facts += [f"{fact.good.title} {fact.line.whole}" for fact in read.facts]
        needs_look = not work.is_chinese or PRICES.search(request.text) is not None
        found = await _look_at(work, request.text, ids) if needs_look else []
        names = {int(one["id"]): str(one["title"]) for one in found}
        said = told(work, read.facts, read.aspects, names)
        if PRICES.search(request.text):
            said = "\n".join(part for part in (said, *(price_line(one, work) for one in found)) if part)
        return Served(said or None)

    def _tell_all(self, work: Work, request: Request, read: Read) -> Served:
        """Of what was asked nothing is written by name: all that is, and that this is all."""
        speak_of(work, [str(good.id) for good in read.goods])
        said = told(work, read.facts, read.aspects, {}) if work.is_chinese else None
        if said is None:
            return Served(None)
        work.belt.facts += [f"{fact.good.title} {fact.line.whole}" for fact in read.facts]
        is_near = bool(read.facts) and read.facts[0].score >= NEAR_LINE
        return Served(said if is_near else work.say("sheet", asked=_in_short(request.text), facts=said))

    async def _compare(self, work: Work, request: Request, read: Read) -> Served:
        speak_of(work, [str(good.id) for good in read.goods])
        facts = _facts_of_each(work, request, read)
        if not facts and read.aspects and not PRICES.search(request.text):
            # What was asked is written of none of them: a table of everything else is no answer.
            return Served(None)
        if facts and not PRICES.search(request.text):
            speak_of(work, [str(fact.good.id) for fact in facts])
            work.belt.facts.extend(f"{fact.good.title} {fact.line.whole}" for fact in facts)
            names = (
                {}
                if work.is_chinese
                else {
                    int(one["id"]): str(one["title"])
                    for one in await _look_at(work, request.text, [fact.good.id for fact in facts])
                }
            )
            if said := told(work, facts, read.aspects, names, fold(request.text)):
                if (best := winner_of(facts, read.aspects, fold(request.text))) is not None:
                    speak_of(work, [str(best.id)])
                return Served(said)
        found = await work.belt.run("compare_products", {"names": [good.title for good in read.goods]})
        if found.problem is not None or len(found.data["products"]) < 2:
            return Served(None)
        speak_of(work, [one["id"] for one in found.data["products"]])
        work.belt.facts += [" ".join(one["presale"].values()) for one in found.data["products"] if one.get("presale")]
        return Served(compared(work, found.data, only_price=bool(PRICES.search(request.text))))

    async def _advise(self, work: Work, request: Request, read: Read) -> Served:
        found = await _look_at(work, request.text, [good.id for good in read.goods], shows=True)
        if not found or work.shelf is None:
            return Served(None)
        for one in found:
            # What is told of each is what is nearest to the need, not what happens to stand first.
            about = work.shelf.facts(work.shelf.get([one["id"]])[0], request.vector, read.aspects, request.text)
            one["points"] = [fact.line.whole for fact in about[:2]] if work.is_chinese else []
            work.belt.facts += one["points"]
        ids = [one["id"] for one in found]
        work.talk.need, work.talk.first_minor = request.text[:80], found[0]["low_minor"]
        work.talk.seen = list(dict.fromkeys([*work.talk.seen, *ids]))[-20:]
        speak_of(work, ids)
        return Served(advised(work, found))


async def _look_at(work: Work, need: str, ids: list[int], *, shows: bool = False) -> list[dict[str, Any]]:
    """Live, in the order of `ids`; what is too dear is left out where something else is not."""
    found = await work.belt.run(
        "find_products",
        {
            "need": need,
            "product_ids": [str(one) for one in ids],
            "limit": len(ids),
            "show": shows,
            "live": True,
        },
    )
    products: list[dict[str, Any]] = [] if found.problem is not None else found.data["products"]
    return products


def _read_once(work: Work, request: Request) -> Read | None:
    """Read anew only where another skill has spoken of other goods in between."""
    key = (request, tuple(work.talk.product_ids[: work.talk.in_focus]))
    if key not in work.read:
        work.read[key] = read_asked(work, request)
    found: Read | None = work.read[key]
    return found


def _facts_of_each(work: Work, request: Request, read: Read) -> tuple[Fact, ...]:
    """One line of each good about the first aspect of which anything is written; who is silent is left out."""
    assert work.shelf is not None
    for aspect in [*meant_of(read.aspects), *read.aspects, *instead_of(read.aspects)]:
        lines = [about_it(work.shelf.facts(good, request.vector, (aspect,))) for good in read.goods]
        told = tuple(one[0] for one in lines if one)
        if told:
            return told
    return ()


def _in_short(text: str) -> str:
    """What was asked last, where somebody writes more than that: whole messages are not said back."""
    plain = text.strip()
    return plain if len(plain) <= MOST_ASKED else [*filter(None, _CLAUSES.split(plain))][-1][:MOST_ASKED]
